/// A set of rows, one bit a row.
struct RowSet: Sendable {
    private var words = PagedRows<UInt64>()

    mutating func insert(_ index: Int) {
        words[index / 64] |= 1 << UInt64(index % 64)
    }

    func contains(_ index: Int) -> Bool {
        words[index / 64] & 1 << UInt64(index % 64) != 0
    }

    var count: Int {
        var count = 0
        words.visit { _, word in count += word.nonzeroBitCount }
        return count
    }

    /// The rows from `start` on that are in the set or, inverted, those below `end` that are not, as ranges.
    ///
    /// - Parameter body: gets each range in ascending order.
    func visitRanges(from start: Int, to end: Int, inverted: Bool, _ body: (ClosedRange<Int>) -> Void) {
        var first: Int?
        var index = start
        while index < end {
            let word = inverted ? ~words[index / 64] : words[index / 64]
            let isWhole = index % 64 == 0 && end - index >= 64
            if isWhole, word == 0 || word == .max {
                if word == 0, let begun = first.take() { body(begun...(index - 1)) }
                if word == .max, first == nil { first = index }
                if word == 0, !inverted {
                    // A stray row may be far away.
                    index = words.next(from: index / 64 + 1) { $0 != 0 }.map { $0 * 64 } ?? end
                } else {
                    index += 64
                }
                continue
            }
            if word & 1 << UInt64(index % 64) != 0 {
                if first == nil { first = index }
            } else if let begun = first.take() {
                body(begun...(index - 1))
            }
            index += 1
        }
        if let begun = first { body(begun...(end - 1)) }
    }

    /// The highest row; nil of an empty set.
    var last: Int? {
        var last: Int?
        words.visit { position, word in
            last = max(last ?? 0, position * 64 + 63 - word.leadingZeroBitCount)
        }
        return last
    }
}
