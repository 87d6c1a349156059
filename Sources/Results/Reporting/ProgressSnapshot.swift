/// How far a run has come, at one moment.
package struct ProgressSnapshot: Sendable, Hashable {
    package var job: String
    /// Rows that have their record.
    package var done = 0
    /// Rows in all; nil if the input does not tell before its end.
    package var total: Int?
    /// No more rows are read than that; nil reads to the end.
    package var limit: Int?
    /// Bytes of the input read so far, and in all; nil if unknown (a pipe).
    package var inputBytes: Int64 = 0
    package var totalInputBytes: Int64?
    /// Rows read so far: those beyond ``done`` are open.
    package var read = 0
    package var inFlight = 0
    package var retries = 0
    /// `unknown` ones included.
    package var failed = 0
    /// Rows finished per second of late.
    package var perSecond = 0.0

    package init(job: String) {
        self.job = job
    }

    /// 0 to 1; nil if nobody knows. Of the bytes read only the share of the rows that are done counts.
    package var share: Double? {
        if let total { return total > 0 ? min(1, Double(done) / Double(total)) : 1 }
        let ofLimit = limit.map { $0 > 0 ? min(1, Double(done) / Double($0)) : 1 }
        guard let totalInputBytes, totalInputBytes > 0, read > 0 else { return ofLimit }
        let bytes = min(1, Double(inputBytes) / Double(totalInputBytes))
        // The input ends at whichever comes first.
        return max(ofLimit ?? 0, bytes * min(1, Double(done) / Double(read)))
    }

    /// The time left at the present rate; nil if nobody knows.
    package var remaining: Duration? {
        guard let share, share > 0, perSecond > 0, done > 0 else { return nil }
        let rows = Double(done) / share - Double(done)
        let seconds = rows / perSecond
        return seconds < 1e9 ? .milliseconds(Int64(seconds * 1000)) : nil
    }
}
