import JobModel

/// Rows in aligned columns, cut to a width.
package struct TextTable {
    package struct Column {
        package var title: String
        package var isNumeric: Bool
        /// May be cut, with an ellipsis, where the table is too wide; the last such column first.
        package var isFlexible: Bool
        /// What is left of it is the end: that of a path tells more than its beginning.
        package var keepsEnd: Bool
        /// Not shown at all where it would have to be narrower than this.
        package var leastUseful: Int?
        /// Room that it has in any case, so that values of other lengths do not move the columns beside it.
        package var room: Int

        package init(
            title: String, isNumeric: Bool = false, isFlexible: Bool = false, keepsEnd: Bool = false,
            leastUseful: Int? = nil, room: Int = 0
        ) {
            self.title = title
            self.isNumeric = isNumeric
            self.isFlexible = isFlexible
            self.keepsEnd = keepsEnd
            self.leastUseful = leastUseful
            self.room = room
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

    /// The cells that the whole table takes.
    var naturalWidth: Int { Self.total(naturalWidths(of: Array(columns.indices))) }

    /// The lines of the table, without trailing blanks.
    ///
    /// - Parameter paint: colours the text of a cell of a row and a column; nil leaves it as it is.
    package func lines(
        width: Int, paint: (_ row: Int, _ column: Int) -> TextColor? = { _, _ in nil }
    ) -> [String] {
        let layout = layout(within: width)
        let titles = line(columns.map(\.title), layout) { _ in nil }
        return [titles] + rows.enumerated().map { row, cells in line(cells, layout) { paint(row, $0) } }
    }

    private func line(
        _ cells: [String], _ layout: [(column: Int, width: Int)], paint: (Int) -> TextColor?
    ) -> String {
        var line = ""
        // Blanks are written when something follows.
        var blanks = 0
        for (column, width) in layout {
            let text = TextFit.cut(cells[column], to: width, keepsEnd: columns[column].keepsEnd)
            let padding = width - TextFit.width(of: text)
            if columns[column].isNumeric { blanks += padding }
            if !text.isEmpty {
                line += String(repeating: " ", count: blanks) + (paint(column)?.paint(text) ?? text)
                blanks = 0
            }
            blanks += Self.gap + (columns[column].isNumeric ? 0 : padding)
        }
        return line
    }

    private func naturalWidths(of shown: [Int]) -> [Int] {
        shown.map { column in
            rows.reduce(max(TextFit.width(of: columns[column].title), columns[column].room)) {
                max($0, TextFit.width(of: $1[column]))
            }
        }
    }

    private static func total(_ widths: [Int]) -> Int {
        widths.reduce(0, +) + gap * (widths.count - 1)
    }

    /// The columns that are shown, each with its width.
    private func layout(within width: Int) -> [(column: Int, width: Int)] {
        var shown = Array(columns.indices)
        while true {
            let widths = self.widths(of: shown, within: width)
            let natural = naturalWidths(of: shown)
            let useless = shown.indices.last { position in
                columns[shown[position]].leastUseful.map { widths[position] < min($0, natural[position]) } ?? false
            }
            guard let useless else { return Array(zip(shown, widths)) }
            shown.remove(at: useless)
        }
    }

    private func widths(of shown: [Int], within width: Int) -> [Int] {
        var widths = naturalWidths(of: shown)
        var excess = Self.total(widths) - width
        for position in shown.indices.reversed() where columns[shown[position]].isFlexible && excess > 0 {
            let cut = min(excess, max(0, widths[position] - Self.narrowest))
            widths[position] -= cut
            excess -= cut
        }
        return widths
    }
}

/// Text and the cells that it takes on a terminal.
package enum TextFit {
    static func width(of text: String) -> Int {
        text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : DisplayWidth.cells(of: text)
    }

    /// The text itself, or its beginning and an ellipsis. Control characters become blanks: what comes from answers
    /// must not steer a terminal.
    ///
    /// - Parameter keepsEnd: an ellipsis and the end instead.
    package static func cut(_ text: String, to width: Int, keepsEnd: Bool = false) -> String {
        let plain = printable(text)
        guard self.width(of: plain) > width else { return plain }
        guard width > 0 else { return "" }
        var rest = width - 1
        func fits(_ character: Character) -> Bool {
            rest -= DisplayWidth.cells(of: character)
            return rest >= 0
        }
        return keepsEnd
            ? "…" + String(plain.reversed().prefix(while: fits).reversed()) : plain.prefix(while: fits) + "…"
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
