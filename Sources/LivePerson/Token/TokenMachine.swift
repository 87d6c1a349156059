import JobModel

/// The life of an account's access token: one request in flight, renewal ahead of time, what a 401 means.
///
/// Pure: told what happened and when, it says whether to request a token, which one may be sent, and until when it may
/// sleep. Instants are of a clock that runs through suspend, so that no skew of wall clocks matters.
///
/// A 401 of the gateway ends in a higher generation, in ``refusal``, or in no usable token:
/// - of a token that the gateway had accepted: it is held back and renewed at once. Such renewals are spaced by 1 s,
///   then 2 s, so that a lambda that always answers 401 cannot cause a storm of them.
/// - of one that it had never accepted: it is held back and renewed after 1 s. Two such in a row are refused.
/// - of an older one: nothing, a newer is at hand.
///
/// A token that is held back may still be good: the 401 may be one lambda's own doing. An attempt that left before and
/// is accepted afterwards does not prove it, since the gateway may have looked at its token long ago. It allows one
/// attempt, the probe, to leave; if that is accepted, all others may go on at once.
struct TokenMachine: Sendable {
    struct Policy: Sendable {
        /// Of a token that does not say how long it lives: what LivePerson's live. If it is less, the gateway's 401
        /// tells.
        var assumedLifetime: Duration = .seconds(3600)
        /// The longest lifetime that is believed.
        var maximumLifetime: Duration = .seconds(30 * 86_400)
        /// A token is not sent in the last part of its life: this, or a tenth of its lifetime if that is less.
        var margin: Duration = .seconds(30)
        /// The part of a token's lifetime, counted from its request's start, after which it is renewed.
        static let renewalFraction = 0.8
        /// Before a token that was rejected unaccepted is renewed.
        var unacceptedWait: Duration = .seconds(1)
        /// Between renewals that rejections of accepted tokens cause: the first such wait, and the longest.
        var rejectionSpacing: Duration = .seconds(1)
        var maximumRejectionSpacing: Duration = .seconds(2)
        /// How long attempts wait for a renewal before they are repeated with a token that others still use.
        var patience: Duration = .seconds(60)
        /// After renewals that were refused while the token lives.
        var refusedRenewalRetry: Duration = .seconds(60)
        /// When refused credentials are tried again; nil is never.
        var retryRefusedEvery: Duration?
        var pace = RetryPace()
    }

    struct Token: Sendable {
        fileprivate(set) var generation: UInt64
        let secret: Secret
        /// The first instant at which it is not sent any more.
        let usableUntil: MonotonicInstant
        /// The gateway has taken it at least once.
        fileprivate(set) var isAccepted = false
        fileprivate(set) var trust = TokenTrust.whole
        /// Set by a rejection: until then a renewal should have come.
        fileprivate(set) var renewalExpectedBy: MonotonicInstant?
    }

    private let policy: Policy
    /// The token last granted; nil after its end.
    private(set) var token: Token?
    /// Why there is none and will be none.
    private(set) var refusal: String?
    /// Why the last request failed; nil after one that did not.
    private(set) var failure: String?
    /// Of the last token; 0 before the first.
    private(set) var generation: UInt64 = 0

    private var sentAt: MonotonicInstant?
    private var dueAt = MonotonicInstant(nanoseconds: .min)
    private var failures = 0
    /// Tokens in a row that were rejected before they were accepted, and the first one's generation.
    private var unacceptedRejections = 0
    private var unacceptedSince: UInt64 = 0
    private var spacing: Duration = .zero
    private var lastRejectionRenewal: MonotonicInstant?

    init(policy: Policy = Policy()) {
        self.policy = policy
    }

    // MARK: What it says

    /// The token that may be sent now.
    func usable(at now: MonotonicInstant) -> Token? {
        guard let token, token.trust.lets, now < token.usableUntil else { return nil }
        return token
    }

    /// The generation of which an acceptance would be news.
    var awaitedAcceptance: UInt64? {
        guard let token else { return nil }
        let isNews = !token.isAccepted || token.trust == .withdrawn || unacceptedRejections > 0
        return isNews ? token.generation : nil
    }

    /// Whether to send a token request now; ``began(at:)`` must follow.
    func isDue(at now: MonotonicInstant) -> Bool {
        sentAt == nil && now >= dueAt && dueAt != .distantFuture
    }

    /// When the next request is due; `distantFuture` while one is in flight.
    var requestAlarm: MonotonicInstant {
        sentAt == nil ? dueAt : .distantFuture
    }

    /// When ``settle(at:)`` has something to do.
    var settleAlarm: MonotonicInstant {
        guard let token else { return .distantFuture }
        let reissue = token.trust.lets ? token.renewalExpectedBy : nil
        return min(token.usableUntil, reissue ?? .distantFuture)
    }

    // MARK: What happens to it

    /// A token request leaves: its lifetime counts from now.
    mutating func began(at now: MonotonicInstant) {
        sentAt = now
    }

    mutating func answered(
        _ answer: TokenAnswer, at now: MonotonicInstant, using random: inout some RandomNumberGenerator
    ) -> AccountNote {
        let start = sentAt ?? now
        sentAt = nil
        switch answer {
        case .granted(let secret, let lifetime):
            let life = min(lifetime ?? policy.assumedLifetime, policy.maximumLifetime)
            let usableUntil = start.advanced(by: life - min(policy.margin, life / 10))
            guard now < usableUntil else {
                let reason = "the token had expired before it arrived (lifetime \(life))"
                return failed(reason, retryAfter: nil, at: now, using: &random)
            }
            generation += 1
            token = Token(generation: generation, secret: secret, usableUntil: usableUntil)
            // A slow answer must not be followed by a request without a pause.
            let renewal = start.advanced(by: life * Policy.renewalFraction)
            dueAt = max(renewal, now.advanced(by: life / 20))
            failures = 0
            failure = nil
            refusal = nil
            return .tokenGranted(generation: generation, lifetime: life)
        case .refused(let reason):
            return refusedRequest(reason, at: now)
        case .failed(let reason, let retryAfter, _):
            return failed(reason, retryAfter: retryAfter, at: now, using: &random)
        }
    }

    /// The gateway took a token, which may have left long ago.
    mutating func accepted(_ generation: UInt64) {
        // Late answers to tokens from before a streak of rejections say nothing about it.
        if generation >= unacceptedSince { unacceptedRejections = 0 }
        guard token?.generation == generation else { return }
        token?.isAccepted = true
        if token?.trust == .withdrawn { token?.trust = .doubtful }
    }

    /// A step of the one attempt that may leave in doubt; its 401 is told by ``rejected(_:at:)``.
    mutating func probed(_ generation: UInt64, _ probe: TokenProbe) {
        if probe == .accepted { accepted(generation) }
        guard let current = token, current.generation == generation else { return }
        switch (probe, current.trust) {
        case (.left, .doubtful): token?.trust = .probed
        // It left after the last rejection that was known.
        case (.accepted, _): token?.trust = .whole
        case (.unanswered, .probed): token?.trust = .doubtful
        case (.left, _), (.unanswered, _): break
        }
    }

    /// The gateway answered 401 to a token.
    mutating func rejected(_ generation: UInt64, at now: MonotonicInstant) -> AccountNote? {
        guard let current = token, current.generation == generation else { return nil }
        token?.trust = .withdrawn
        guard current.renewalExpectedBy == nil else { return nil }
        let renewal: MonotonicInstant
        if current.isAccepted {
            renewal = nextRejectionRenewal(at: now)
        } else {
            if unacceptedRejections == 0 { unacceptedSince = generation }
            unacceptedRejections += 1
            guard unacceptedRejections < 2 else {
                return refuse("the gateway rejected two new tokens in a row (status 401)", at: now)
            }
            renewal = now.advanced(by: policy.unacceptedWait)
        }
        token?.renewalExpectedBy = renewal.advanced(by: policy.patience)
        dueAt = min(dueAt, renewal)
        return .tokenRejected(
            generation: generation, wasAccepted: current.isAccepted, renewIn: now.duration(to: max(renewal, now)))
    }

    /// Does what has come due: an ended token goes; one that is still in use, and whose renewal does not come, is given
    /// out as a new generation, so that attempts waiting for one are not held for ever.
    mutating func settle(at now: MonotonicInstant) -> AccountNote? {
        guard let current = token else { return nil }
        if now >= current.usableUntil {
            token = nil
            return .tokenEnded(generation: current.generation)
        }
        if current.trust.lets, let expected = current.renewalExpectedBy, now >= expected {
            generation += 1
            token?.generation = generation
            token?.renewalExpectedBy = nil
            return .tokenReissued(generation: generation)
        }
        return nil
    }

    // MARK: Failures

    /// When an accepted token that was rejected is renewed.
    private mutating func nextRejectionRenewal(at now: MonotonicInstant) -> MonotonicInstant {
        var renewal = now
        if let last = lastRejectionRenewal {
            // A minute without such a rejection: whatever it was is over.
            if last.duration(to: now) >= spacing + .seconds(60) { spacing = .zero }
            renewal = max(now, last.advanced(by: spacing))
        }
        lastRejectionRenewal = renewal
        spacing = spacing == .zero ? policy.rejectionSpacing : min(spacing * 2, policy.maximumRejectionSpacing)
        return renewal
    }

    private mutating func refusedRequest(_ reason: String, at now: MonotonicInstant) -> AccountNote {
        // While the gateway takes the token there is no reason to stop.
        guard let token = usable(at: now) else { return refuse(reason, at: now) }
        failures += 1
        failure = reason
        dueAt = min(now.advanced(by: policy.refusedRenewalRetry), token.usableUntil)
        return .tokenFailed(reason: reason, retryIn: now.duration(to: dueAt), hasToken: true)
    }

    private mutating func refuse(_ reason: String, at now: MonotonicInstant) -> AccountNote {
        refusal = reason
        token = nil
        failures = 0
        dueAt = policy.retryRefusedEvery.map { now.advanced(by: $0) } ?? .distantFuture
        return .refused(reason)
    }

    private mutating func failed(
        _ reason: String, retryAfter: Duration?, at now: MonotonicInstant,
        using random: inout some RandomNumberGenerator
    ) -> AccountNote {
        failures += 1
        failure = reason
        var wait = policy.pace.wait(failures: failures, retryAfter: retryAfter, using: &random)
        // A refusal stands until a token is granted.
        if refusal != nil, let every = policy.retryRefusedEvery { wait = max(wait, every) }
        dueAt = now.advanced(by: wait)
        return .tokenFailed(reason: reason, retryIn: wait, hasToken: usable(at: now) != nil)
    }
}
