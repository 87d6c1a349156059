package import JobModel
package import Logging
package import Reactor
import Synchronization

/// Carries attempts to one LivePerson account: finds its hosts, keeps its token, speaks the protocol.
///
/// One object per account serves everything in the process. Decisions are the ``AccountMachine``'s, on a queue of their
/// own; attempts leave on the caller's thread under the pass that it last gave out.
package final class LivePersonGateway: InvocationGateway {
    /// Touched on the queue only.
    private struct Desk {
        var machine: AccountMachine
        var random: any RandomNumberGenerator & Sendable
        var observers = ObserverList()
        var alarm: Alarm?
        var armed = MonotonicInstant.distantFuture
        var lastTold: GatewayState?

        mutating func told(_ state: GatewayState) {
            if case (.preparing, .unreachable) = (state, lastTold) { return }
            lastTold = state
        }

        var lastError: String?
    }

    private let account: Account
    private let transport: any HTTPTransport
    private let time: any TimeSource
    private let log: GatewayLog
    private let queue: SerialQueue
    private let control: ControlRequests
    private let tokenAnswers: TokenAnswerReader
    private let desk: Mutex<Desk>
    private let hall: Mutex<DepartureHall>

    /// - Parameters:
    ///   - random: spreads retries of lookups and token requests.
    ///   - queue: carries out the account's decisions among its own; nil is a thread for themselves.
    ///   - logger: gets what people may want to know of hosts and tokens, never a secret.
    package init(
        account: Account, transport: any HTTPTransport, options: GatewayOptions = GatewayOptions(),
        time: any TimeSource = SystemTimeSource(),
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(), on queue: SerialQueue? = nil,
        logger: Logger
    ) {
        self.account = account
        self.transport = transport
        self.time = time
        log = GatewayLog(logger, accountID: account.id)
        self.queue = SerialQueue(label: "fnrun.account", on: queue)
        control = ControlRequests(
            account: account, timeout: options.requestTimeout, connectTimeout: options.connectTimeout)
        tokenAnswers = TokenAnswerReader(account: account)
        var hostPolicy = HostMachine.Policy()
        hostPolicy.retryRefusedEvery = options.retryRefusedEvery
        var tokenPolicy = TokenMachine.Policy()
        tokenPolicy.retryRefusedEvery = options.retryRefusedEvery
        tokenPolicy.patience = options.authTimeout
        let machine = AccountMachine(
            gateway: account.endpoints.gateway.map(Endpoint.init(baseURL:)),
            sentinel: account.endpoints.sentinel.map(Endpoint.init(baseURL:)),
            authTimeout: options.authTimeout, hostPolicy: hostPolicy, tokenPolicy: tokenPolicy)
        desk = Mutex(Desk(machine: machine, random: random))
        hall = Mutex(DepartureHall(account: account))
        let alarm = Alarm(queue: self.queue, time: time) { @Sendable [weak self] in self?.handle([.alarm]) }
        desk.withLock { $0.alarm = alarm }
    }

    // MARK: InvocationGateway

    package func start(_ attempts: [Attempt], receiver: any AttemptReceiver) {
        guard !attempts.isEmpty else { return }
        let now = time.monotonicNow()
        let boarding = hall.withLock { hall in
            let boarding = hall.depart(attempts, receiver: ObjectIdentifier(receiver), at: now) { key, pass, mask in
                makeRelay(key, generation: pass.tokenGeneration, mask: mask, receiver: receiver)
            }
            // Under the lock: who is held because of the probe shall learn why after observers have.
            if let generation = boarding.probed {
                queue.async { @Sendable [self] in handle([.probe(.left, generation)]) }
            }
            return boarding
        }
        for departure in boarding.departures { transport.start(departure.requests, receiver: departure.relay) }
        if !boarding.held.isEmpty { hold(Array(boarding.held), receiver: receiver) }
    }

    package func cancelAll(of receiver: any AttemptReceiver) {
        let relays = hall.withLock { $0.relays(of: ObjectIdentifier(receiver)) }
        for relay in relays { transport.cancelAll(of: relay) }
    }

    package func observe(_ observer: any GatewayObserver) {
        queue.async { @Sendable [self] in
            handle([.observed(desk.withLock { $0.observers.add(observer) })])
        }
    }

    // MARK: For people

    package func status() -> GatewayStatus {
        let now = time.monotonicNow()
        let inFlight = hall.withLock { $0.inFlight }
        return desk.withLock { desk in
            let gateway = desk.machine.gateway
            return GatewayStatus(
                accountID: account.id, state: desk.lastTold, gateway: gateway?.base,
                sentinel: desk.machine.sentinel?.base,
                platform: gateway?.platform(setting: account.platform),
                tokenLeft: desk.machine.pass(at: now).map { now.duration(to: $0.usableUntil) },
                counts: desk.machine.counts, inFlight: inFlight, lastError: desk.lastError)
        }
    }

    // MARK: Attempts

    private func makeRelay(
        _ key: AttemptRelay.Key, generation: UInt64, mask: SecretMask, receiver: any AttemptReceiver
    ) -> AttemptRelay {
        let reader = AttemptEndReader(
            tokenGeneration: generation, isEvent: key.isEvent, keepsHeaders: key.keepsHeaders, mask: mask, time: time)
        return AttemptRelay(key: key, receiver: receiver, reader: reader) { @Sendable [self] relay, findings, ends in
            hall.withLock { hall in
                let news = hall.arrived(relay, findings)
                guard findings.rejected || !news.events.isEmpty else { return }
                // Under the lock: whoever is held from now on is held after this has been told.
                queue.async { @Sendable [self] in
                    handle(news.events, unblocking: news.isBlocking)
                    if findings.rejected { relay.deliver(ends) }
                }
            }
            // A 401 waits until observers know what it has changed: the caller may have to know before it goes on.
            if !findings.rejected { relay.deliver(ends) }
        }
    }

    /// Gives attempts back. Observers learn first why: a caller that was told `ready` shall not start them again at
    /// once.
    private func hold(_ attempts: [Attempt], receiver: any AttemptReceiver) {
        queue.async { @Sendable [self] in
            handle([.alarm])
            let now = time.wallNow()
            receiver.ended(
                attempts.map { attempt in
                    AttemptEnd(id: attempt.id, result: .held, tokenGeneration: 0, startedAt: now, latency: .zero)
                })
        }
    }

    // MARK: Decisions, on the queue

    /// The alarm fires: internal for tests, which move the clock by hand.
    func alarmFired() {
        queue.async { @Sendable [self] in handle([.alarm]) }
    }

    /// Waits until everything submitted so far has been carried out; for tests.
    func settle() {
        queue.sync {}
    }

    /// - Parameter isUnblocking: the departure hall keeps everything back until these events have been handled.
    private func handle(_ events: [AccountMachine.Event], unblocking isUnblocking: Bool = false) {
        queue.preconditionIsCurrent()
        let now = time.monotonicNow()
        let isOnlyObserved = events.allSatisfy { if case .observed = $0 { true } else { false } }
        let actions = desk.withLock { desk in
            var actions: [AccountMachine.Action] = []
            let vanished =
                isOnlyObserved ? desk.observers.removeSomeVanished() : desk.observers.removeVanished()
            if !vanished.isEmpty {
                actions += desk.machine.handle(.vanished(vanished), at: now, using: &desk.random)
            }
            for event in events { actions += desk.machine.handle(event, at: now, using: &desk.random) }
            // Even if nothing changed: a timer may fire a little early, and fires once. That an observer came is no doing
            // of the timer's.
            let alarm = desk.machine.nextAlarm
            if !isOnlyObserved || alarm != desk.armed { desk.alarm?.arm(at: alarm) }
            desk.armed = alarm
            // Before observers learn that attempts may leave, they may.
            hall.withLock {
                if isUnblocking { $0.unblock() }
                $0.update(
                    pass: desk.machine.pass(at: now), awaitedAcceptance: desk.machine.awaitedAcceptance, at: now)
            }
            return actions
        }
        for action in actions { perform(action) }
    }

    private func perform(_ action: AccountMachine.Action) {
        switch action {
        case .lookUp(let service):
            let id: ControlRelay.Request = service == .gateway ? .lookUpGateway : .lookUpSentinel
            send(control.lookup(service, id: id.rawValue))
        case .requestToken(let sentinel):
            send(control.token(from: sentinel, id: ControlRelay.Request.token.rawValue))
        case .tell(let id, let state):
            let observer = desk.withLock { desk in
                desk.told(state)
                return desk.observers[id]
            }
            observer?.gatewayChanged(to: state)
        case .note(let note):
            if let error = note.errorText { desk.withLock { $0.lastError = error } }
            log.write(note)
        }
    }

    private func send(_ request: HTTPRequest) {
        let relay = ControlRelay { @Sendable [weak self] request, end in
            self?.controlEnded(request, end)
        }
        transport.start([request], receiver: relay)
    }

    private func controlEnded(_ request: ControlRelay.Request, _ end: HTTPEnd) {
        // The engine is being shut down: nobody waits for an answer any more.
        guard !end.isCalledOff else { return }
        let hosts = HostAnswerReader(accountID: account.id, domainAPI: account.endpoints.domainAPI)
        let wallNow = time.wallNow()
        let event: AccountMachine.Event =
            switch request {
            case .lookUpGateway: .lookedUp(.gateway, hosts.read(end, of: .gateway, wallNow: wallNow))
            case .lookUpSentinel: .lookedUp(.sentinel, hosts.read(end, of: .sentinel, wallNow: wallNow))
            case .token: .tokenAnswered(tokenAnswers.read(end, wallNow: wallNow))
            }
        queue.async { @Sendable [self] in handle([event]) }
    }
}
