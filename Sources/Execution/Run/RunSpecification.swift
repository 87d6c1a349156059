package import JobModel

/// What the engine needs to know of a run.
package struct RunSpecification: Sendable {
    /// What every attempt invokes.
    package var target: LambdaTarget
    /// Runs with equal keys share a lambda's limits. Names the account and the lambda, such as `12345678/syncCustomer`.
    package var lambdaKey: String
    /// When attempts start, repeat and stop.
    package var policy: RunPolicy
    /// Of runs that wait for a shared limit the one with the higher priority starts first; equals take turns.
    package var priority: Int
    /// Keep the answers' headers (smoke tests look at them).
    package var wantsHeaders: Bool
    /// What earlier runs of the same result file recorded.
    package var carried: CarriedCounts

    package init(
        target: LambdaTarget, lambdaKey: String, policy: RunPolicy, priority: Int = 0, wantsHeaders: Bool = false,
        carried: CarriedCounts = CarriedCounts()
    ) {
        self.target = target
        self.lambdaKey = lambdaKey
        self.policy = policy
        self.priority = priority
        self.wantsHeaders = wantsHeaders
        self.carried = carried
    }
}
