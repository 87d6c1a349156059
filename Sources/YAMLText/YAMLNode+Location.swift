package import JobModel

extension YAMLNode {
    /// The place of a part of a scalar's content, for problems inside of it such as those of templates.
    ///
    /// Exact for text on one line without escapes and for literal blocks (`|`); else, and wherever a variable was
    /// filled in, the place of the whole scalar.
    ///
    /// - Parameters:
    ///   - offset: in UTF-8 bytes of the scalar's text.
    ///   - length: in UTF-8 bytes.
    package func location(ofOffset offset: Int, length: Int, in source: SourceText) -> SourceLocation {
        guard let scalar, !scalar.isSubstituted else { return location }
        let bytes = scalar.text.utf8
        guard offset >= 0, offset <= bytes.count else { return location }
        let start = bytes.index(bytes.startIndex, offsetBy: offset)
        let end = bytes.index(start, offsetBy: max(length, 0), limitedBy: bytes.endIndex) ?? bytes.endIndex
        let text = scalar.text
        if scalar.isVerbatim {
            let before = text.unicodeScalars.distance(from: text.startIndex, to: start)
            return SourceLocation(
                line: location.line, column: location.column + (scalar.style == .plain ? 0 : 1) + before,
                length: max(1, text.unicodeScalars.distance(from: start, to: end)))
        }
        guard scalar.style == .literal else { return location }
        let lineStart = text[..<start].lastIndex(of: "\n").map { text.index(after: $0) } ?? text.startIndex
        let line = location.line + 1 + text[..<lineStart].count { $0 == "\n" }
        let content = text[lineStart...].prefix { $0 != "\n" }
        let written = source.lineBytes(line)
        guard written.reversed().starts(with: content.utf8.reversed()) else { return location }
        let indentation = written.count - content.utf8.count
        let stop = min(end, content.endIndex)
        return SourceLocation(
            line: line,
            column: indentation + 1 + text.unicodeScalars.distance(from: lineStart, to: start),
            length: max(1, text.unicodeScalars.distance(from: start, to: max(start, stop))))
    }
}
