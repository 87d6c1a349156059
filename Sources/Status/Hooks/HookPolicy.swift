import JobModel

/// How hooks are delivered.
package struct HookPolicy: Sendable {
    /// The first included.
    package var maxAttempts = 5
    package var initialInterval = Duration.seconds(1)
    /// Also the longest that a `Retry-After` is heeded.
    package var maximumInterval = Duration.seconds(30)
    /// Of one attempt, connecting included.
    package var timeout = Duration.seconds(10)
    package var connectTimeout = Duration.seconds(5)
    /// Attempts in flight to one host.
    package var concurrency = 4
    /// Hooks for one host that wait; the oldest give way to newer ones.
    package var capacity = 256

    package init() {}

    var retry: RetryPolicy {
        var policy = RetryPolicy()
        policy.maxAttempts = maxAttempts
        policy.initialInterval = initialInterval
        policy.backoffCoefficient = 3
        policy.maximumInterval = maximumInterval
        policy.jitter = .equal
        return policy
    }
}
