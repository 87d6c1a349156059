/// The end of one invocation: what its result record says.
package struct InvocationResult: Sendable {
    package var row: PreparedRow
    package var outcome: Outcome
    /// Of the last attempt's answer; nil if it had none.
    package var status: Int?
    /// HTTP requests made, 429 and repeated 401 included.
    package var attempts: Int
    /// The first attempt's start; of an invocation that was never sent, the time of its end.
    package var startedAt: Timestamp
    /// From the first attempt's start to the end, waits included.
    package var duration: Duration
    /// Of the last attempt; nil if nothing was sent.
    package var latency: Duration?
    /// The last attempt's answer, whatever its status; nil if it had none.
    package var answer: Answer?
    /// Nil if it succeeded.
    package var error: InvocationError?

    package init(
        row: PreparedRow, outcome: Outcome, status: Int? = nil, attempts: Int = 0, startedAt: Timestamp,
        duration: Duration = .zero, latency: Duration? = nil, answer: Answer? = nil, error: InvocationError? = nil
    ) {
        self.row = row
        self.outcome = outcome
        self.status = status
        self.attempts = attempts
        self.startedAt = startedAt
        self.duration = duration
        self.latency = latency
        self.answer = answer
        self.error = error
    }
}
