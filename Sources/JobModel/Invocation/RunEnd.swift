/// Numbers of a run; rows = succeeded + failed + unknown + cancelled at its end.
package struct RunCounts: Sendable, Hashable {
    package var rows = 0
    package var succeeded = 0
    package var failed = 0
    package var unknown = 0
    package var cancelled = 0
    /// HTTP requests made.
    package var attempts = 0
    /// Attempts that ended `notSent`.
    package var notSent = 0

    package init() {}

    package var finished: Int { succeeded + failed + unknown + cancelled }

    /// The number of rows that ended so.
    package subscript(outcome: Outcome) -> Int {
        get {
            switch outcome {
            case .succeeded: succeeded
            case .failed: failed
            case .unknown: unknown
            case .cancelled: cancelled
            }
        }
        set {
            switch outcome {
            case .succeeded: succeeded = newValue
            case .failed: failed = newValue
            case .unknown: unknown = newValue
            case .cancelled: cancelled = newValue
            }
        }
    }

    /// Number by number.
    package static func + (one: RunCounts, other: RunCounts) -> RunCounts {
        var sum = one
        sum.rows += other.rows
        sum.succeeded += other.succeeded
        sum.failed += other.failed
        sum.unknown += other.unknown
        sum.cancelled += other.cancelled
        sum.attempts += other.attempts
        sum.notSent += other.notSent
        return sum
    }
}

/// How a run ended. A run's end is a value: nothing is thrown once it has started.
package struct RunEnd: Sendable {
    package enum Reason: Sendable, Hashable {
        /// The input was read to its end and every row has its record.
        case completed
        /// Failures went past `tolerate`.
        case intolerable
        case deadline
        /// The gateway refused the account or its credentials.
        case refused(String)
        /// Hosts or a token could not be had in time.
        case unreachable(String)
        /// Told to stop (a signal).
        case stopped
        /// The input could not be read to its end.
        case input(String)
        /// Records could not be written.
        case output(String)
    }

    package var reason: Reason
    /// Of the result file as a whole: what earlier runs recorded and this one left as it is counts too.
    package var counts: RunCounts
    /// Of this run alone: the rows that it ended, and its attempts.
    package var own: RunCounts
    /// The input was read to its end.
    package var inputEnded: Bool
    package var finishedAt: Timestamp
    package var duration: Duration

    /// - Parameter own: nil of a run that goes on with nothing: the same as `counts`.
    package init(
        reason: Reason, counts: RunCounts, own: RunCounts? = nil, inputEnded: Bool, finishedAt: Timestamp,
        duration: Duration
    ) {
        self.reason = reason
        self.counts = counts
        self.own = own ?? counts
        self.inputEnded = inputEnded
        self.finishedAt = finishedAt
        self.duration = duration
    }
}
