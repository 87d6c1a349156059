import JobModel

/// What the hot path shares: the pass under which attempts leave, and who waits for their ends.
///
/// Confined to a lock; it starts nothing itself.
struct DepartureHall {
    /// Attempts in a row that were not answered until the gateway's host counts as silent.
    private static let silenceThreshold = 3

    private struct Relay {
        let relay: AttemptRelay
        let receiver: ObjectIdentifier
        var inFlight: Int
    }

    /// Requests of one relay that are ready to leave.
    typealias Departure = (relay: AttemptRelay, requests: [HTTPRequest])

    private let account: Account
    private var pass: AccountPass?
    private var passSerial: UInt64 = 0
    private var authorization = ""
    private var requests: InvocationRequests?
    private var relays: [AttemptRelay.Key: Relay] = [:]
    private var unanswered = 0
    private var awaitedAcceptance: UInt64?

    init(account: Account) {
        self.account = account
    }

    var inFlight: Int { relays.values.reduce(0) { $0 + $1.inFlight } }

    mutating func update(pass new: AccountPass?, awaitedAcceptance: UInt64?) {
        self.awaitedAcceptance = awaitedAcceptance
        let isSame =
            pass?.tokenGeneration == new?.tokenGeneration && pass?.gateway == new?.gateway
            && pass?.usableUntil == new?.usableUntil
        guard !isSame else { return }
        pass = new
        guard let new else { return }
        passSerial += 1
        unanswered = 0
        authorization = new.authorization.reveal()
        requests = InvocationRequests(
            accountID: account.id, gateway: new.gateway,
            platform: new.gateway.platform(setting: account.platform))
    }

    /// Makes the requests of attempts; nil if nothing may leave now.
    ///
    /// - Parameter makeRelay: called for what has no relay yet, with the key and the token's generation.
    mutating func depart(
        _ attempts: [Attempt], receiver: ObjectIdentifier, at now: MonotonicInstant,
        makeRelay: (AttemptRelay.Key, UInt64) -> AttemptRelay
    ) -> [Departure]? {
        guard let pass, now < pass.usableUntil, var requests = self.requests else { return nil }
        // Taken out while it is changed, so that its routes are not copied.
        self.requests = nil
        defer { self.requests = requests }
        var departures: [Departure] = []
        for attempt in attempts {
            let request = requests.request(for: attempt, authorization: authorization)
            let isEvent = if case .event = attempt.target.address { true } else { false }
            if let last = departures.last?.relay.key, last.isEvent == isEvent, last.keepsHeaders == attempt.wantsHeaders
            {
                departures[departures.count - 1].requests.append(request)
                continue
            }
            let key = AttemptRelay.Key(
                receiver: receiver, passSerial: passSerial, isEvent: isEvent, keepsHeaders: attempt.wantsHeaders)
            let relay = relays[key]?.relay ?? makeRelay(key, pass.tokenGeneration)
            if relays[key] == nil { relays[key] = Relay(relay: relay, receiver: receiver, inFlight: 0) }
            var batch: [HTTPRequest] = []
            batch.reserveCapacity(attempts.count)
            batch.append(request)
            departures.append((relay, batch))
        }
        for departure in departures { relays[departure.relay.key]?.inFlight += departure.requests.count }
        return departures
    }

    /// The relays through which a receiver waits.
    func relays(of receiver: ObjectIdentifier) -> [AttemptRelay] {
        relays.values.lazy.filter { $0.receiver == receiver }.map(\.relay)
    }

    /// Takes note of a batch of ends; says what the account has to be told.
    mutating func arrived(_ relay: AttemptRelay, _ findings: AttemptRelay.Findings) -> [AccountMachine.Event] {
        if let left = relays[relay.key].map({ $0.inFlight - findings.ends }) {
            if left > 0 { relays[relay.key]?.inFlight = left } else { relays[relay.key] = nil }
        }
        var events: [AccountMachine.Event] = []
        let generation = relay.reader.tokenGeneration
        if findings.accepted, awaitedAcceptance == generation { events.append(.accepted(generation)) }
        if findings.rejected { events.append(.rejected(generation)) }
        guard relay.key.passSerial == passSerial else { return events }
        unanswered = findings.answered ? 0 : unanswered + findings.unanswered
        if unanswered >= Self.silenceThreshold {
            unanswered = 0
            events.append(.gatewaySilent)
        }
        return events
    }
}
