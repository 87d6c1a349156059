import JobModel

/// Measures how many rows are sent in 100 ms, and from that how far a window reaches.
struct SendMeter {
    private static let span: Int64 = 100_000_000

    private var begin: Int64 = .min
    private var count = 0
    private var measured = 0

    /// Notes the first start of a row.
    mutating func sent(at now: MonotonicInstant) {
        if now.nanoseconds >= begin, begin > .min, now.nanoseconds - begin < Self.span {
            count += 1
        } else {
            close(at: now)
            count = 1
        }
    }

    /// Rows sent in 100 ms lately.
    mutating func perSpan(at now: MonotonicInstant) -> Int {
        if begin > .min, now.nanoseconds - begin >= Self.span {
            close(at: now)
        }
        return Swift.max(measured, count)
    }

    private mutating func close(at now: MonotonicInstant) {
        if begin > .min {
            let elapsed = Swift.max(Self.span, now.nanoseconds - begin)
            measured = Int(Double(count) * Double(Self.span) / Double(elapsed))
        }
        begin = now.nanoseconds
        count = 0
    }

    /// How many rows a window has.
    ///
    /// As many as the open-invocation bound leaves room for, beside those in flight and half a window not yet used up;
    /// of a job that is not idempotent no more than what is sent in 100 ms, at least 64 and twice the concurrency.
    mutating func windowSize(_ policy: RunPolicy, at now: MonotonicInstant) -> Int {
        let most = (policy.maximumOpen - policy.concurrency) * 2 / 3
        let least = Swift.max(64, 2 * policy.concurrency)
        return Swift.min(most, Swift.max(least, policy.idempotent ? 1000 : perSpan(at: now)))
    }
}
