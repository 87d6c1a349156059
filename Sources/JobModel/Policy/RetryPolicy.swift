/// When a failed attempt is followed by another.
package struct RetryPolicy: Sendable, Hashable {
    /// How a backoff is randomised: `full` takes 0…d, `equal` d/2…d, `none` d.
    package enum Jitter: String, Sendable, Hashable, CaseIterable {
        case full, equal, none
    }

    /// Attempts of one invocation, the first included; at least 1. Answers of status 429 do not count.
    package var maxAttempts = 4
    /// The backoff after the first attempt.
    package var initialInterval: Duration = .milliseconds(500)
    /// What each further backoff is multiplied by; at least 1.
    package var backoffCoefficient = 2.0
    /// No backoff is longer.
    package var maximumInterval: Duration = .seconds(30)
    /// From the first attempt's start on; no attempt starts later.
    package var maxElapsed: Duration = .seconds(600)
    package var jitter = Jitter.full
    /// Error codes of the platform that are retried besides the default statuses.
    package var codes: Set<String> = []
    /// Statuses that are retried besides the default ones.
    package var statuses: Set<Int> = []
    /// Statuses that are not retried whatever else says so.
    package var never: Set<Int> = []
    /// Retry attempts of which nobody knows whether they ran, as if the job were idempotent.
    package var unknown = false

    package init() {}
}
