extension Report {
    /// The rows of an input held against those that have a record.
    package struct InputCheck: Sendable, Equatable {
        private static let longestList = 20

        /// Of the input.
        package var rows: Int
        /// Of these, those with a record.
        package var recorded: Int
        package var missing: Int { rows - recorded }
        /// The first 20 ranges of them.
        package var missingRows: [ClosedRange<Int>] = []
        /// Recorded rows that the input does not have.
        package var surplus: Int
        /// The first 20 ranges of them.
        package var surplusRows: [ClosedRange<Int>] = []

        init(_ found: RowSet, inputRows: Int) {
            rows = max(0, inputRows)
            var (missing, surplus, missingRows, surplusRows) = (0, 0, [ClosedRange<Int>](), [ClosedRange<Int>]())
            found.visitRanges(from: 0, to: rows, inverted: true) { range in
                missing += range.count
                if missingRows.count < Self.longestList { missingRows.append(range) }
            }
            recorded = rows - missing
            surplus = found.count - recorded
            if surplus > 0, let last = found.last {
                found.visitRanges(from: rows, to: last + 1, inverted: false) { range in
                    if surplusRows.count < Self.longestList { surplusRows.append(range) }
                }
            }
            (self.surplus, self.missingRows, self.surplusRows) = (surplus, missingRows, surplusRows)
        }

        /// Such as `input 1000 rows: 998 recorded, 2 missing: 17, 940`.
        var text: String {
            var text = "input \(DisplayText.count(rows, "row", "rows")): \(recorded) recorded, \(missing) missing"
            text += Self.list(missingRows, of: missing)
            if surplus > 0 { text += "; \(surplus) recorded beyond the input" + Self.list(surplusRows, of: surplus) }
            return text
        }

        private static func list(_ ranges: [ClosedRange<Int>], of count: Int) -> String {
            guard !ranges.isEmpty else { return "" }
            let named = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            let rest = count - ranges.reduce(0) { $0 + $1.count }
            return ": " + named.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        }
    }
}
