import JobModel

/// The rows that runs announced: those below a limit, of all rows or of a shard.
struct AnnouncedRows: Sendable, Equatable {
    private struct Span: Sendable, Equatable {
        var shard: Shard?
        var upTo: Int
    }

    /// One for each different shard.
    private var spans: [Span] = []

    mutating func add(upTo: Int, of shard: Shard?) {
        if let known = spans.firstIndex(where: { $0.shard == shard }) {
            spans[known].upTo = max(spans[known].upTo, upTo)
        } else {
            spans.append(Span(shard: shard, upTo: upTo))
        }
    }

    func contains(_ index: Int) -> Bool {
        spans.contains { index < $0.upTo && $0.shard?.contains(index) != false }
    }

    /// The number of rows; of shards that overlap in an intricate way, at least that.
    var count: Int {
        var period = 1
        for span in spans {
            let (product, overflows) = period.multipliedReportingOverflow(by: span.shard?.total ?? 1)
            let isSame = period % (span.shard?.total ?? 1) == 0
            if !isSame { period = overflows ? .max : product }
        }
        guard spans.count > 1, period <= Self.longestPeriod else {
            return spans.reduce(0) { $0 + Self.rows(below: $1.upTo, of: $1.shard) }
        }
        return (0..<period).reduce(0) { total, remainder in
            let upTo = spans.filter { $0.shard?.contains(remainder) != false }.map(\.upTo).max() ?? 0
            return total + Self.rows(below: upTo, of: Shard(number: remainder + 1, total: period))
        }
    }

    private static let longestPeriod = 10_000

    /// The number of a shard's rows below a limit.
    static func rows(below limit: Int, of shard: Shard?) -> Int {
        guard let shard else { return limit }
        let first = shard.number - 1
        return limit > first ? (limit - first - 1) / shard.total + 1 : 0
    }
}
