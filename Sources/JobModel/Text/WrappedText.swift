/// Text broken at blanks so that it fits a width; a word that is longer stands on a line of its own.
package enum WrappedText {
    /// Longer lines are hard to read.
    package static let readableWidth = 100

    /// - Parameters:
    ///   - first: before the first line.
    ///   - rest: before the others.
    ///   - width: in cells of a terminal, what stands before included.
    package static func lines(_ text: String, first: String = "", rest: String = "", width: Int) -> [String] {
        var lines: [String] = []
        var line = first
        var cells = DisplayWidth.cells(of: first)
        var isBegun = false
        for word in text.split(separator: " ") {
            let wordCells = DisplayWidth.cells(of: String(word))
            if isBegun, cells + 1 + wordCells > width {
                lines.append(line)
                line = rest
                cells = DisplayWidth.cells(of: rest)
                isBegun = false
            }
            line += (isBegun ? " " : "") + word
            cells += (isBegun ? 1 : 0) + wordCells
            isBegun = true
        }
        return lines + [line]
    }
}
