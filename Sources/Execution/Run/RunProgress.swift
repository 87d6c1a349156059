package import JobModel

/// How far a run has come; for progress lines, metrics and status snapshots.
package struct RunProgress: Sendable, Hashable {
    /// Of what has ended so far; `rows` are the rows read so far.
    package var counts = RunCounts()
    /// Attempts that have started and not ended.
    package var inFlight = 0
    /// Invocations that wait for another attempt.
    package var waiting = 0
    /// Those of them whose next attempt the retry budget holds back.
    package var overBudget = 0
    /// Rows read and not yet started.
    package var ready = 0
    /// Attempts started as a retry after a failure.
    package var retries = 0
    /// The input's bytes up to the last row that was read.
    package var inputBytes: Int64 = 0
    /// Whether the input was read to its end, so that the number of rows is final.
    package var inputEnded = false
    /// Nothing new is started any more.
    package var isStopping = false

    package init() {}
}
