import JobModel

/// One service's host: looked up, kept, refreshed, and served stale when the Domain API is out.
///
/// Pure: told what happened and when, it says whether to look up and until when it may sleep.
struct HostMachine: Sendable {
    struct Policy: Sendable {
        /// How long a looked-up host is taken as true; official clients use 600 s too.
        var lifetime: Duration = .seconds(600)
        /// Between the start of a lookup and the next one that a silent host causes.
        var silenceSpacing: Duration = .seconds(10)
        /// Between refreshes that fail while a host is known.
        var staleRetry: Duration = .seconds(60)
        /// When a refused lookup is tried again; nil is never.
        var retryRefusedEvery: Duration?
        var pace = RetryPace()
    }

    let service: Service
    private let policy: Policy
    /// Given by the job file: never looked up.
    private let isFixed: Bool

    /// The host last found.
    private(set) var endpoint: Endpoint?
    /// Why there is none and will be none.
    private(set) var refusal: String?
    /// Why the last lookup failed; nil after one that did not.
    private(set) var failure: String?

    private var isInFlight = false
    private var startedAt = MonotonicInstant(nanoseconds: .min)
    private var dueAt = MonotonicInstant(nanoseconds: .min)
    private var freshUntil = MonotonicInstant(nanoseconds: .min)
    private var mustRevalidate = false
    private var failures = 0

    /// - Parameter fixed: where the job file says the service is; nil is looked up.
    init(service: Service, fixed: Endpoint?, policy: Policy = Policy()) {
        self.service = service
        self.policy = policy
        isFixed = fixed != nil
        endpoint = fixed
    }

    /// The host to speak to now.
    var current: Endpoint? {
        mustRevalidate ? nil : endpoint
    }

    /// When ``poll(at:)`` wants to be asked next.
    var nextAlarm: MonotonicInstant {
        isFixed || isInFlight ? .distantFuture : dueAt
    }

    /// Somebody wants the host after a time in which nobody did: one that has gone stale meanwhile is looked up again
    /// before it is used.
    mutating func wake(at now: MonotonicInstant) {
        guard !isFixed, endpoint != nil, now >= freshUntil else { return }
        mustRevalidate = true
        if !isInFlight { dueAt = now }
    }

    /// Whether to look the host up now. True means that the lookup has begun.
    mutating func poll(at now: MonotonicInstant) -> Bool {
        guard !isFixed, !isInFlight, now >= dueAt, dueAt != .distantFuture else { return false }
        isInFlight = true
        startedAt = now
        return true
    }

    /// The host stopped answering: an account may have moved.
    mutating func wentSilent(at now: MonotonicInstant) {
        guard !isFixed, !isInFlight, refusal == nil else { return }
        dueAt = min(dueAt, max(now, startedAt.advanced(by: policy.silenceSpacing)))
    }

    mutating func answered(
        _ answer: HostAnswer, at now: MonotonicInstant, using random: inout some RandomNumberGenerator
    ) -> AccountNote {
        isInFlight = false
        mustRevalidate = false
        switch answer {
        case .found(let found):
            let previous = endpoint
            endpoint = found
            refusal = nil
            failure = nil
            failures = 0
            freshUntil = now.advanced(by: policy.lifetime)
            dueAt = freshUntil
            return .lookedUp(service, found, previous: previous)
        case .refused(let reason) where endpoint == nil:
            refusal = reason
            failure = nil
            dueAt = policy.retryRefusedEvery.map { now.advanced(by: $0) } ?? .distantFuture
            return .refused(reason)
        case .refused(let reason):
            return failed(reason, retryAfter: nil, at: now, using: &random)
        case .failed(let reason, let retryAfter):
            return failed(reason, retryAfter: retryAfter, at: now, using: &random)
        }
    }

    private mutating func failed(
        _ reason: String, retryAfter: Duration?, at now: MonotonicInstant,
        using random: inout some RandomNumberGenerator
    ) -> AccountNote {
        failures += 1
        failure = reason
        var wait = policy.pace.wait(failures: failures, retryAfter: retryAfter, using: &random)
        if endpoint != nil { wait = max(wait, policy.staleRetry) }
        // A refusal stands until a lookup succeeds.
        if refusal != nil, let every = policy.retryRefusedEvery { wait = max(wait, every) }
        dueAt = now.advanced(by: wait)
        return .lookupFailed(service, reason: reason, retryIn: wait, hasStale: endpoint != nil)
    }
}
