/// Rows in aligned columns, cut to a width.
package struct TextTable {
    package struct Column {
        package var title: String
        package var isNumeric: Bool
        /// May be cut, with an ellipsis, where the table is too wide; the last such column first.
        package var isFlexible: Bool

        package init(title: String, isNumeric: Bool = false, isFlexible: Bool = false) {
            self.title = title
            self.isNumeric = isNumeric
            self.isFlexible = isFlexible
        }
    }

    private static let gap = 2
    private static let narrowest = 8

    package var columns: [Column]
    package var rows: [[String]]

    package init(columns: [Column], rows: [[String]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// The lines of the table, without trailing blanks.
    package func lines(width: Int) -> [String] {
        let widths = columnWidths(within: width)
        return ([columns.map(\.title)] + rows).map { cells in
            var line = ""
            for (position, cell) in cells.enumerated() {
                if position > 0 { line += String(repeating: " ", count: Self.gap) }
                let text = TextFit.cut(cell, to: widths[position])
                let padding = String(repeating: " ", count: widths[position] - TextFit.width(of: text))
                line += columns[position].isNumeric ? padding + text : text + padding
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    private func columnWidths(within width: Int) -> [Int] {
        var widths = columns.indices.map { column in
            rows.reduce(TextFit.width(of: columns[column].title)) { max($0, TextFit.width(of: $1[column])) }
        }
        var excess = widths.reduce(0, +) + Self.gap * (widths.count - 1) - width
        for column in columns.indices.reversed() where columns[column].isFlexible && excess > 0 {
            let cut = min(excess, max(0, widths[column] - Self.narrowest))
            widths[column] -= cut
            excess -= cut
        }
        return widths
    }
}

/// Text and the columns that it takes on a terminal, counted in characters.
package enum TextFit {
    static func width(of text: String) -> Int {
        text.count
    }

    /// The text itself, or its beginning and an ellipsis. Control characters become blanks: what comes from answers
    /// must not steer a terminal.
    static func cut(_ text: String, to width: Int) -> String {
        let plain = printable(text)
        guard plain.count > width else { return plain }
        return width < 1 ? "" : plain.prefix(width - 1) + "…"
    }

    package static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var plain = String.UnicodeScalarView()
        plain.append(contentsOf: text.unicodeScalars.map { isControl($0) ? " " : $0 })
        return String(plain)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
