import JobModel

/// One account: its two hosts, its token, and who watches.
///
/// Pure: events in, actions out. After each event ``nextAlarm`` says when `.alarm` is due.
struct AccountMachine: Sendable {
    enum Event: Sendable {
        /// Somebody wants to know, and to invoke.
        case observed(UInt64)
        /// Observers that are no more.
        case vanished(Set<UInt64>)
        case lookedUp(Service, HostAnswer)
        case tokenAnswered(TokenAnswer)
        /// The gateway took a token of this generation.
        case accepted(UInt64)
        /// The gateway answered 401 to a token of this generation.
        case rejected(UInt64)
        /// What became of the one attempt that may leave under a token of this generation while it is in doubt.
        case probe(TokenProbe, UInt64)
        /// Several attempts in a row were not answered.
        case gatewaySilent
        case alarm
    }

    enum Action: Sendable {
        case lookUp(Service)
        case requestToken(from: Endpoint)
        case tell(observer: UInt64, GatewayState)
        case note(AccountNote)
    }

    private var gatewayHost: HostMachine
    private var sentinelHost: HostMachine
    private var tokens: TokenMachine
    private var observers: ObserverTable
    private var standing: Standing?
    private(set) var counts = AccountCounts()

    /// - Parameter authTimeout: how long hosts and token may be out of reach before observers are told.
    init(
        gateway: Endpoint?, sentinel: Endpoint?, authTimeout: Duration, hostPolicy: HostMachine.Policy,
        tokenPolicy: TokenMachine.Policy
    ) {
        gatewayHost = HostMachine(service: .gateway, fixed: gateway, policy: hostPolicy)
        sentinelHost = HostMachine(service: .sentinel, fixed: sentinel, policy: hostPolicy)
        tokens = TokenMachine(policy: tokenPolicy)
        observers = ObserverTable(patience: authTimeout)
    }

    // MARK: What it says

    /// What attempts need to leave now; nil holds them.
    func pass(at now: MonotonicInstant) -> AccountPass? {
        guard refusal == nil, let gateway = gatewayHost.current, let token = tokens.usable(at: now) else { return nil }
        return AccountPass(
            tokenGeneration: token.generation, token: token.secret, usableUntil: token.usableUntil, gateway: gateway,
            isProbe: token.trust == .doubtful)
    }

    /// The token generation of which an acceptance would be news.
    var awaitedAcceptance: UInt64? { tokens.awaitedAcceptance }

    var gateway: Endpoint? { gatewayHost.endpoint }
    var sentinel: Endpoint? { sentinelHost.endpoint }

    /// When `.alarm` is due. While nobody watches, nothing is: no request is made.
    var nextAlarm: MonotonicInstant {
        guard !observers.isEmpty else { return .distantFuture }
        var alarm = min(gatewayHost.nextAlarm, sentinelHost.nextAlarm, tokens.settleAlarm)
        if mayRequestToken { alarm = min(alarm, tokens.requestAlarm) }
        if let standing { alarm = min(alarm, observers.nextAlarm(under: standing)) }
        return alarm
    }

    // MARK: What happens to it

    mutating func handle(
        _ event: Event, at now: MonotonicInstant, using random: inout some RandomNumberGenerator
    ) -> [Action] {
        var actions: [Action] = []
        switch event {
        case .observed(let id):
            if observers.isEmpty {
                gatewayHost.wake(at: now)
                sentinelHost.wake(at: now)
            }
            observers.add(id, at: now)
        case .vanished(let ids):
            observers.remove(ids)
        case .lookedUp(.gateway, let answer):
            actions.append(.note(gatewayHost.answered(answer, at: now, using: &random)))
        case .lookedUp(.sentinel, let answer):
            actions.append(.note(sentinelHost.answered(answer, at: now, using: &random)))
        case .tokenAnswered(let answer):
            if case .failed(_, _, isSilent: true) = answer { sentinelHost.wentSilent(at: now) }
            let note = tokens.answered(answer, at: now, using: &random)
            if case .tokenGranted = note { counts.tokensGranted += 1 }
            actions.append(.note(note))
        case .accepted(let generation):
            tokens.accepted(generation)
        case .rejected(let generation):
            guard let note = tokens.rejected(generation, at: now) else { break }
            counts.tokensRejected += 1
            actions.append(.note(note))
        case .probe(let probe, let generation):
            tokens.probed(generation, probe)
        case .gatewaySilent:
            gatewayHost.wentSilent(at: now)
        case .alarm:
            break
        }
        pump(at: now, into: &actions)
        return actions
    }

    /// Starts what is due, and tells observers what has changed.
    private mutating func pump(at now: MonotonicInstant, into actions: inout [Action]) {
        if let note = tokens.settle(at: now) { actions.append(.note(note)) }
        if !observers.isEmpty {
            if sentinelHost.poll(at: now) { lookUp(.sentinel, into: &actions) }
            if gatewayHost.poll(at: now) { lookUp(.gateway, into: &actions) }
            if mayRequestToken, tokens.isDue(at: now), let sentinel = sentinelHost.current {
                tokens.began(at: now)
                counts.tokenRequests += 1
                actions.append(.requestToken(from: sentinel))
            }
        }
        let standing = nextStanding(at: now)
        self.standing = standing
        var complaint: String?
        for news in observers.update(standing, at: now) {
            if case .unreachable(let reason) = news.state { complaint = reason }
            actions.append(.tell(observer: news.id, news.state))
        }
        if let complaint { actions.append(.note(.unreachable(complaint))) }
    }

    private mutating func lookUp(_ service: Service, into actions: inout [Action]) {
        counts.lookups += 1
        actions.append(.lookUp(service))
    }

    /// Without a gateway a token is of no use.
    private var mayRequestToken: Bool {
        sentinelHost.current != nil && gatewayHost.refusal == nil
    }

    private var refusal: String? {
        sentinelHost.refusal ?? gatewayHost.refusal ?? tokens.refusal
    }

    private func nextStanding(at now: MonotonicInstant) -> Standing {
        if let refusal { return .refused(refusal) }
        if let pass = pass(at: now) { return .ready(tokenGeneration: pass.tokenGeneration) }
        let reason = failure
        if case .preparing(let since, let known) = standing { return .preparing(since: since, reason: reason ?? known) }
        return .preparing(since: now, reason: reason)
    }

    /// Why something that is missing is missing.
    private var failure: String? {
        if sentinelHost.current == nil, let failure = sentinelHost.failure { return failure }
        if gatewayHost.current == nil, let failure = gatewayHost.failure { return failure }
        return tokens.failure
    }
}
