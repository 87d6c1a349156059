import JobModel
import Timing

/// The waits between repeated lookups and token requests: 500 ms, doubled up to 10 s, the latter half random.
///
/// The random half keeps many processes from coming back in step, the other half a failing service from being asked
/// without pause.
struct RetryPace: Sendable {
    /// What a service may ask for by `Retry-After`; more is cut to this, so that a wrong header cannot stop an account.
    static let maximumRetryAfter: Duration = .seconds(600)

    private let backoff: Backoff

    init(initial: Duration = .milliseconds(500), maximum: Duration = .seconds(10)) {
        var policy = RetryPolicy()
        policy.initialInterval = initial
        policy.maximumInterval = maximum
        policy.jitter = .equal
        backoff = Backoff(policy)
    }

    /// - Parameters:
    ///   - failures: in a row, at least 1.
    ///   - retryAfter: what the service asked for; it wins over a shorter wait.
    func wait(failures: Int, retryAfter: Duration?, using random: inout some RandomNumberGenerator) -> Duration {
        let wait = backoff.wait(retry: failures - 1, using: &random)
        return max(wait, min(retryAfter ?? .zero, Self.maximumRetryAfter))
    }
}
