package import JobModel

/// The limits of one lambda, shared by all runs of the process that invoke it.
package final class LambdaLimits {
    /// Whether an attempt may start.
    package enum Admission: Sendable, Hashable {
        case open
        /// Look again then; `distantFuture` is when an attempt has ended.
        case closed(until: MonotonicInstant)
    }

    /// A `Retry-After` beyond this holds a lambda up no longer than this: one absurd answer must not stop a daemon.
    package static let maximumPause: Duration = .seconds(3600)
    /// After so long without a run, what was learned of the platform's capacity is stale.
    private static let memory: Duration = .seconds(60)

    /// How many attempts may be in flight after the platform has asked to slow down.
    package private(set) var window = AdaptiveWindow()
    /// How many retries may start.
    package private(set) var budget = RetryBudget()
    /// Nothing starts before.
    package private(set) var pausedUntil = MonotonicInstant(nanoseconds: .min)
    /// Attempts in flight, those included whose records are not yet written.
    package private(set) var inFlight = 0
    private var concurrency: Int?
    private var pacer: Pacer?
    private var runs = 0
    /// The sum of the concurrencies of the runs.
    private var demand = 0
    private var lastUsed = MonotonicInstant(nanoseconds: .min)

    package init() {}

    /// A run begins. The settings of the newest run hold: they come from the newest job file.
    func attach(_ policy: RunPolicy, at now: MonotonicInstant) {
        if runs == 0, now >= lastUsed.advanced(by: Self.memory) { window.reset() }
        runs += 1
        demand += policy.concurrency
        concurrency = policy.lambdaConcurrency
        if pacer?.rate != policy.lambdaRate { pacer = policy.lambdaRate.map(Pacer.init) }
    }

    /// A run has ended.
    func detach(_ policy: RunPolicy, at now: MonotonicInstant) {
        runs -= 1
        demand -= policy.concurrency
        lastUsed = now
    }

    /// Whether an attempt may start; the retry budget is asked apart.
    package func admission(at now: MonotonicInstant, adaptive: Bool) -> Admission {
        if now < pausedUntil { return .closed(until: pausedUntil) }
        if let concurrency, inFlight >= concurrency { return .closed(until: .distantFuture) }
        if adaptive, let limit = window.limit, inFlight >= limit { return .closed(until: .distantFuture) }
        if let pacer, !pacer.isReady(at: now) { return .closed(until: pacer.wake(at: now)) }
        return .open
    }

    /// Whether the budget bears one more retry.
    func allowsRetry(at now: MonotonicInstant) -> Bool {
        budget.allowsRetry(at: now)
    }

    /// Notes the start of an attempt and numbers it.
    func started(isRetry: Bool, at now: MonotonicInstant) -> UInt64 {
        inFlight += 1
        pacer?.started(at: now)
        budget.started(isRetry: isRetry, at: now)
        return window.started()
    }

    /// Gives permits back.
    func release(_ permits: Int) {
        inFlight -= permits
    }

    /// The platform asked to slow down (429, 503).
    func rejected(start: UInt64) {
        window.rejected(start: start, inFlight: inFlight)
    }

    /// The platform took an attempt.
    func succeeded(start: UInt64) {
        window.succeeded(start: start, ceiling: Swift.min(demand, concurrency ?? .max))
    }

    /// Nothing starts for a while (`Retry-After`, RFC 9110 section 10.2.3).
    func pause(for wait: Duration, at now: MonotonicInstant) {
        pausedUntil = Swift.max(pausedUntil, now.advanced(by: Swift.min(wait, Self.maximumPause)))
    }
}
