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

    /// For so long a probe is left to receivers whose attempts the gateway takes: the 401 may be another lambda's own
    /// doing, and a probe of that one would prove nothing.
    private static let proberPrecedence: Duration = .milliseconds(100)

    /// Requests of one relay that are ready to leave.
    typealias Departure = (relay: AttemptRelay, requests: [HTTPRequest])

    /// What becomes of attempts that want to leave.
    struct Boarding {
        var departures: [Departure] = []
        /// What may not leave now.
        var held: ArraySlice<Attempt>
        /// The token generation that the one attempt which leaves is to probe.
        var probed: UInt64?
    }

    /// What a batch of ends means to the account.
    struct News: Sendable {
        var events: [AccountMachine.Event] = []
        /// Nothing leaves until these events have been handled: ``unblock()`` must be called then.
        var isBlocking = false
    }

    private let account: Account
    private var pass: AccountPass?
    private var passSerial: UInt64 = 0
    private var authorization = ""
    private var requests: InvocationRequests?
    private var relays: [AttemptRelay.Key: Relay] = [:]
    private var unanswered = 0
    private var awaitedAcceptance: UInt64?
    private var mask = SecretMask()
    /// The pass is for a probe, which has left.
    private var isProbed = false
    /// Receivers of which an attempt was accepted after the token was rejected.
    private var probers: Set<ObjectIdentifier> = []
    /// From then on any receiver may send the probe.
    private var probeOpensAt = MonotonicInstant.distantFuture
    /// Batches with a 401 of the pass's token that the account has not heard of: until then nothing leaves under it.
    private var blocks = 0

    init(account: Account) {
        self.account = account
    }

    var inFlight: Int { relays.values.reduce(0) { $0 + $1.inFlight } }

    mutating func update(pass new: AccountPass?, awaitedAcceptance: UInt64?, at now: MonotonicInstant) {
        self.awaitedAcceptance = awaitedAcceptance
        let isSame =
            pass?.tokenGeneration == new?.tokenGeneration && pass?.gateway == new?.gateway
            && pass?.usableUntil == new?.usableUntil && pass?.isProbe == new?.isProbe
        guard !isSame else { return }
        pass = new
        isProbed = false
        guard let new else { return }
        passSerial += 1
        unanswered = 0
        if new.isProbe { probeOpensAt = now.advanced(by: Self.proberPrecedence) } else { probers = [] }
        authorization = "Bearer \(new.token.reveal())"
        mask = SecretMask(echoed: account.clientSecret, new.token)
        requests = InvocationRequests(
            accountID: account.id, gateway: new.gateway,
            platform: new.gateway.platform(setting: account.platform))
    }

    /// A batch of ends that was blocking has been handled.
    mutating func unblock() {
        blocks -= 1
    }

    /// Makes the requests of attempts that may leave now.
    ///
    /// - Parameter makeRelay: called for what has no relay yet.
    mutating func depart(
        _ attempts: [Attempt], receiver: ObjectIdentifier, at now: MonotonicInstant,
        makeRelay: (AttemptRelay.Key, AccountPass, SecretMask) -> AttemptRelay
    ) -> Boarding {
        guard let pass, now < pass.usableUntil, blocks == 0, mayLeave(under: pass, receiver, at: now),
            var requests = self.requests
        else { return Boarding(held: attempts[...]) }
        let leaving = pass.isProbe ? attempts.prefix(1) : attempts[...]
        isProbed = pass.isProbe
        // Taken out while it is changed, so that its routes are not copied.
        self.requests = nil
        defer { self.requests = requests }
        var departures: [Departure] = []
        for attempt in leaving {
            let request = requests.request(for: attempt, authorization: authorization)
            let isEvent = if case .event = attempt.target.address { true } else { false }
            if let last = departures.last?.relay.key, last.isEvent == isEvent, last.keepsHeaders == attempt.wantsHeaders
            {
                departures[departures.count - 1].requests.append(request)
                continue
            }
            let key = AttemptRelay.Key(
                receiver: receiver, passSerial: passSerial, isEvent: isEvent, keepsHeaders: attempt.wantsHeaders,
                isProbe: pass.isProbe)
            let relay = relays[key]?.relay ?? makeRelay(key, pass, mask)
            if relays[key] == nil { relays[key] = Relay(relay: relay, receiver: receiver, inFlight: 0) }
            var batch: [HTTPRequest] = []
            batch.reserveCapacity(leaving.count)
            batch.append(request)
            departures.append((relay, batch))
        }
        for departure in departures { relays[departure.relay.key]?.inFlight += departure.requests.count }
        return Boarding(
            departures: departures, held: attempts[leaving.endIndex...],
            probed: pass.isProbe ? pass.tokenGeneration : nil)
    }

    private func mayLeave(under pass: AccountPass, _ receiver: ObjectIdentifier, at now: MonotonicInstant) -> Bool {
        !pass.isProbe || !isProbed && (probers.contains(receiver) || now >= probeOpensAt)
    }

    /// The relays through which a receiver waits.
    func relays(of receiver: ObjectIdentifier) -> [AttemptRelay] {
        relays.values.lazy.filter { $0.receiver == receiver }.map(\.relay)
    }

    /// Takes note of a batch of ends; says what the account has to be told.
    mutating func arrived(_ relay: AttemptRelay, _ findings: AttemptRelay.Findings) -> News {
        if let left = relays[relay.key].map({ $0.inFlight - findings.ends }) {
            if left > 0 { relays[relay.key]?.inFlight = left } else { relays[relay.key] = nil }
        }
        var news = News()
        let generation = relay.reader.tokenGeneration
        let isCurrent = pass?.tokenGeneration == generation
        if relay.key.isProbe, !findings.rejected {
            news.events.append(.probe(findings.accepted ? .accepted : .unanswered, generation))
        } else if findings.accepted, awaitedAcceptance == generation || blocks > 0 && isCurrent {
            news.events.append(.accepted(generation))
            probers.insert(relay.key.receiver)
        }
        if findings.rejected {
            news.events.append(.rejected(generation))
            probers.remove(relay.key.receiver)
            news.isBlocking = isCurrent
            if isCurrent { blocks += 1 }
        }
        guard relay.key.passSerial == passSerial else { return news }
        unanswered = findings.answered ? 0 : unanswered + findings.unanswered
        if unanswered >= Self.silenceThreshold {
            unanswered = 0
            news.events.append(.gatewaySilent)
        }
        return news
    }
}
