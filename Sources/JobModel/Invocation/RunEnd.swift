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
    package var counts: RunCounts
    package var finishedAt: Timestamp
    package var duration: Duration

    package init(reason: Reason, counts: RunCounts, finishedAt: Timestamp, duration: Duration) {
        self.reason = reason
        self.counts = counts
        self.finishedAt = finishedAt
        self.duration = duration
    }
}
