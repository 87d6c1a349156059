import JobModel
import Logging
import Reactor
import Synchronization
import TestSupport
import Testing

@testable import LivePerson

/// A gateway under a clock that is moved by hand, with a transport that a test answers.
private struct Rig {
    let transport = ScriptedTransport()
    let time = ManualTimeSource()
    let observer = RecordingObserver()
    let receiver = RecordingReceiver()
    let lines = LogLines()
    let gateway: LivePersonGateway

    init(_ account: Account = Sample.account(Sample.fixedEndpoints), retryRefusedEvery: Duration? = nil) {
        var options = GatewayOptions()
        options.retryRefusedEvery = retryRefusedEvery
        let lines = lines
        gateway = LivePersonGateway(
            account: account, transport: transport, options: options, time: time, random: SeededGenerator(seed: 1),
            logger: Logger(label: "test") { _ in RecordingLogHandler(lines: lines) })
    }

    func observe() {
        gateway.observe(observer)
        gateway.settle()
    }

    func advance(_ duration: Duration) {
        time.advance(by: duration)
        gateway.alarmFired()
        gateway.settle()
    }

    func start(_ attempts: [Attempt]) {
        gateway.start(attempts, receiver: receiver)
        gateway.settle()
    }

    /// Answers what is in flight of a kind; returns how many there were.
    @discardableResult
    func answer(
        _ kind: RequestKind, _ status: Int, _ body: String = "", headers: [(name: String, value: String)] = []
    ) -> Int {
        let pending = transport.take(kind)
        for one in pending { one.answer(status, body, headers: headers) }
        gateway.settle()
        return pending.count
    }

    /// Observes and obtains the first token.
    func prepare(expiresIn: String = "3600") {
        observe()
        answer(.token, 200, Sample.token("token-1", expiresIn: expiresIn))
    }
}

/// Log lines with their metadata.
private final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])
    var text: String { lines.withLock { $0.joined(separator: "\n") } }
    func append(_ line: String) { lines.withLock { $0.append(line) } }
}

private struct RecordingLogHandler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        lines.append("\(event.level) \(event.message) \(all.sorted { $0.key < $1.key })")
    }
}

@Suite struct LivePersonGatewayTests {
    private func authorization(_ request: HTTPRequest) -> String? {
        request.headers.first { $0.name == "Authorization" }?.value
    }

    @Test func hostsThenTokenThenInvocation() {
        let rig = Rig(Sample.account())
        #expect(rig.transport.seen(.lookUpGateway).isEmpty)
        rig.observe()
        #expect(rig.observer.states == [.preparing])
        #expect(rig.transport.seen(.token).isEmpty)
        rig.answer(.lookUpSentinel, 200, Sample.baseURI("sentinel", "lo.sentinel.liveperson.net"))
        rig.answer(.lookUpGateway, 200, Sample.baseURI("faasGW", "lo.fninvocations.liveperson.net"))
        rig.answer(.token, 200, Sample.token("token-1"))
        #expect(rig.observer.states == [.preparing, .ready(tokenGeneration: 1)])
        rig.start([Sample.attempt(7)])
        let sent = rig.transport.seen(.invocation)
        #expect(
            sent.map(\.url) == [
                "https://lo.fninvocations.liveperson.net/api/account/12345678/lambdas/\(Sample.uuid)"
                    + "/invoke?userId=fnrun"
            ])
        #expect(sent.first.flatMap(authorization) == "Bearer token-1")
        rig.answer(.invocation, 200, #"{"ok":true}"#)
        #expect(rig.receiver.ends.map(\.id) == [7])
        #expect(rig.receiver.ends.first?.answer?.body == Array(#"{"ok":true}"#.utf8))
        #expect(rig.receiver.ends.first?.tokenGeneration == 1)
        let status = rig.gateway.status()
        #expect(status.gateway == "https://lo.fninvocations.liveperson.net")
        #expect(status.sentinel == "https://lo.sentinel.liveperson.net")
        #expect(status.platform == .v2)
        #expect(status.state == .ready(tokenGeneration: 1))
        #expect(status.counts.lookups == 2)
        #expect(status.counts.tokenRequests == 1)
        #expect(status.tokenLeft == .seconds(3570))
        #expect(status.inFlight == 0)
    }

    @Test func answersThatEchoSecretsDoNotCarryThemOn() {
        let rig = Rig()
        rig.prepare()
        rig.start([Sample.attempt(7)])
        rig.answer(.invocation, 200, #"["token-1","\#(Sample.secret)"]"#)
        #expect(rig.receiver.ends.first?.answer?.body == Array(#"["***","***"]"#.utf8))
    }

    @Test func oneTokenServesEverybody() {
        let rig = Rig()
        let others = (0..<50).map { _ in RecordingObserver() }
        rig.observe()
        for other in others { rig.gateway.observe(other) }
        rig.gateway.settle()
        #expect(rig.answer(.token, 200, Sample.token("t")) == 1)
        #expect(others.allSatisfy { $0.states == [.preparing, .ready(tokenGeneration: 1)] })
        #expect(rig.transport.seen(.token).count == 1)
    }

    @Test func attemptsBeforeTheTokenAreHeld() {
        let rig = Rig()
        rig.observe()
        rig.start([Sample.attempt(1), Sample.attempt(2)])
        #expect(rig.receiver.ends.map(\.id) == [1, 2])
        #expect(rig.receiver.ends.allSatisfy { $0.isHeld && $0.tokenGeneration == 0 })
        #expect(rig.transport.seen(.invocation).isEmpty)
    }

    @Test func thousandRejectedAttemptsCauseOneRenewal() {
        let rig = Rig()
        rig.prepare()
        rig.start([Sample.attempt(0)])
        rig.answer(.invocation, 200)
        rig.start((1...1000).map { Sample.attempt($0) })
        #expect(rig.answer(.invocation, 401) == 1000)
        #expect(rig.transport.seen(.token).count == 2)
        #expect(rig.observer.states.last == .preparing)
        #expect(rig.receiver.ends.dropFirst().allSatisfy { $0.answer?.status == 401 && $0.tokenGeneration == 1 })
        rig.answer(.token, 200, Sample.token("token-2"))
        #expect(rig.observer.states.last == .ready(tokenGeneration: 2))
        rig.start((1...1000).map { Sample.attempt($0) })
        #expect(rig.transport.take(.invocation).allSatisfy { authorization($0.request) == "Bearer token-2" })
        #expect(rig.transport.seen(.token).count == 2)
    }

    @Test func twoNewTokensRejectedInARowAreRefused() {
        let rig = Rig()
        rig.prepare()
        rig.start([Sample.attempt(1)])
        rig.answer(.invocation, 401)
        #expect(rig.transport.seen(.token).count == 1)
        rig.advance(.milliseconds(999))
        #expect(rig.transport.seen(.token).count == 1)
        rig.advance(.milliseconds(1))
        rig.answer(.token, 200, Sample.token("token-2"))
        rig.start([Sample.attempt(1)])
        rig.answer(.invocation, 401)
        guard case .refused = rig.observer.states.last else {
            Issue.record("not refused: \(rig.observer.states)")
            return
        }
        rig.advance(.seconds(7200))
        #expect(rig.transport.seen(.token).count == 2)
        rig.start([Sample.attempt(2)])
        #expect(rig.receiver.ends.last?.isHeld == true)
    }

    @Test func rejectedCredentialsAreRefusedAfterOneRequest() {
        let rig = Rig()
        rig.observe()
        rig.answer(.token, 401, #"{"error":"invalid_client"}"#)
        guard case .refused(let reason) = rig.observer.states.last else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("invalid_client"))
        rig.advance(.seconds(7200))
        #expect(rig.transport.seen(.token).count == 1)
        #expect(rig.gateway.status().lastError == reason)
    }

    @Test func refusedCredentialsAreTriedAgainIfTold() {
        let rig = Rig(retryRefusedEvery: .seconds(60))
        rig.observe()
        rig.answer(.token, 400)
        rig.advance(.seconds(59))
        #expect(rig.transport.seen(.token).count == 1)
        rig.advance(.seconds(1))
        rig.answer(.token, 200, Sample.token("t"))
        #expect(rig.observer.states.last == .ready(tokenGeneration: 1))
    }

    @Test(arguments: [RequestKind.lookUpGateway, .lookUpSentinel])
    func unknownAccountIsRefused(kind: RequestKind) {
        let rig = Rig(Sample.account())
        rig.observe()
        rig.answer(kind, 400)
        guard case .refused(let reason) = rig.observer.states.last else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("12345678"))
        #expect(rig.transport.seen(.token).isEmpty)
    }

    @Test func deadSentinelWithAShortLivedToken() {
        let rig = Rig()
        rig.prepare(expiresIn: "10")
        rig.start([Sample.attempt(1)])
        #expect(rig.answer(.invocation, 200) == 1)
        // From 80 % on it is renewed; the old one goes on being sent.
        rig.advance(.seconds(8))
        for one in rig.transport.take(.token) { one.fail(.connect) }
        rig.gateway.settle()
        #expect(rig.observer.states.last == .ready(tokenGeneration: 1))
        rig.start([Sample.attempt(2)])
        #expect(rig.answer(.invocation, 200) == 1)
        // Its end comes, told by the clock alone: nothing is sent any more, and whoever tries learns why first.
        rig.time.advance(by: .seconds(1))
        rig.start([Sample.attempt(3)])
        #expect(rig.receiver.ends.last?.isHeld == true)
        #expect(rig.observer.states.last == .preparing)
        for _ in 0..<58 {
            for one in rig.transport.take(.token) { one.answer(503) }
            rig.advance(.seconds(1))
            rig.start([Sample.attempt(4)])
            #expect(rig.receiver.ends.last?.isHeld == true)
        }
        #expect(rig.observer.states.last == .preparing)
        rig.advance(.seconds(2))
        guard case .unreachable(let reason) = rig.observer.states.last else {
            Issue.record("not unreachable")
            return
        }
        #expect(reason.contains("503"))
        #expect(rig.transport.seen(.invocation).count == 2)
        #expect((8...40).contains(rig.transport.seen(.token).count))
        // Whoever waits does so anew, and people see what is wrong until it is not.
        rig.observe()
        #expect(rig.observer.states.last == .preparing)
        #expect(rig.gateway.status().state == .unreachable(reason))
        // It keeps trying.
        rig.advance(.seconds(10))
        rig.answer(.token, 200, Sample.token("token-2"))
        #expect(rig.observer.states.last == .ready(tokenGeneration: 2))
        #expect(rig.gateway.status().state == .ready(tokenGeneration: 2))
        rig.start([Sample.attempt(3)])
        #expect(rig.transport.take(.invocation).compactMap { authorization($0.request) } == ["Bearer token-2"])
    }

    @Test func renewalGoesUnnoticed() {
        let rig = Rig()
        rig.prepare()
        rig.start([Sample.attempt(1)])
        rig.advance(.seconds(2880))
        #expect(rig.observer.states.last == .ready(tokenGeneration: 1))
        rig.answer(.token, 200, Sample.token("token-2"))
        #expect(rig.observer.states.last == .ready(tokenGeneration: 2))
        rig.start([Sample.attempt(2)])
        let sent = rig.transport.take(.invocation)
        #expect(sent.compactMap { authorization($0.request) } == ["Bearer token-1", "Bearer token-2"])
        // The late answer still carries the token that it was sent with.
        for one in sent { one.answer(200) }
        #expect(rig.receiver.ends.map(\.tokenGeneration) == [1, 2])
        #expect(rig.gateway.status().inFlight == 0)
    }

    @Test func silentGatewayIsLookedUpAgainAndFollowed() {
        let rig = Rig(Sample.account())
        rig.observe()
        rig.answer(.lookUpSentinel, 200, Sample.baseURI("sentinel", "va.sentinel.liveperson.net"))
        rig.answer(.lookUpGateway, 200, Sample.baseURI("faasGW", "va.faasgw.liveperson.net"))
        rig.answer(.token, 200, Sample.token("t"))
        rig.advance(.seconds(20))
        rig.start([Sample.attempt(1), Sample.attempt(2)])
        for one in rig.transport.take(.invocation) { one.fail(.dns) }
        rig.gateway.settle()
        #expect(rig.transport.seen(.lookUpGateway).count == 1)
        rig.start([Sample.attempt(3)])
        for one in rig.transport.take(.invocation) { one.fail(.timeout, sent: true) }
        rig.gateway.settle()
        #expect(rig.transport.seen(.lookUpGateway).count == 2)
        // Attempts go on leaving meanwhile.
        #expect(rig.observer.states.last == .ready(tokenGeneration: 1))
        rig.answer(.lookUpGateway, 200, Sample.baseURI("faasGW", "va.functions.liveperson.net"))
        rig.start([Sample.attempt(4)])
        let url = rig.transport.seen(.invocation).last?.url
        #expect(url?.hasPrefix("https://va.functions.liveperson.net/") == true)
        #expect(url?.contains("v=1") == false)
        #expect(rig.lines.text.contains("host has moved"))
    }

    @Test func anAnswerBreaksTheSilence() {
        let rig = Rig(Sample.account(Endpoints(sentinel: "https://va.sentinel.liveperson.net")))
        rig.observe()
        rig.answer(.lookUpGateway, 200, Sample.baseURI("faasGW", "va.faasgw.liveperson.net"))
        rig.answer(.token, 200, Sample.token("t"))
        rig.advance(.seconds(20))
        for round in 0..<10 {
            rig.start([Sample.attempt(1), Sample.attempt(2)])
            for one in rig.transport.take(.invocation) { one.fail(.connect) }
            rig.start([Sample.attempt(3)])
            rig.answer(.invocation, round % 2 == 0 ? 500 : 200)
        }
        #expect(rig.transport.seen(.lookUpGateway).count == 1)
    }

    @Test func receiversAreKeptApartAndCancelled() {
        let rig = Rig()
        rig.prepare()
        let other = RecordingReceiver()
        rig.start([Sample.attempt(1), Sample.attempt(2)])
        rig.gateway.start([Sample.attempt(1)], receiver: other)
        #expect(rig.gateway.status().inFlight == 3)
        rig.gateway.cancelAll(of: rig.receiver)
        #expect(rig.receiver.ends.count == 2)
        #expect(
            rig.receiver.ends.allSatisfy { if case .cancelled = $0.result { $0.tokenGeneration == 0 } else { false } })
        #expect(other.ends.isEmpty)
        rig.answer(.invocation, 200)
        #expect(other.ends.map(\.id) == [1])
        #expect(rig.gateway.status().inFlight == 0)
    }

    @Test func eventsAndHeadersGoTheirOwnWays() {
        let rig = Rig()
        rig.prepare()
        let event = LambdaTarget(address: .event("e"))
        rig.start([
            Sample.attempt(1), Sample.attempt(2, target: event), Sample.attempt(3, wantsHeaders: true),
            Sample.attempt(4),
        ])
        rig.answer(.invocation, 200, "[]", headers: [(name: "date", value: "x")])
        let ends = rig.receiver.ends.sorted { $0.id < $1.id }
        #expect(ends.map { $0.answer?.error?.errorClass } == [nil, .notFound, nil, nil])
        #expect(ends.map { $0.answer?.headers.count } == [0, 0, 1, 0])
        #expect(rig.gateway.status().inFlight == 0)
    }

    @Test func observersAreHeldWeakly() {
        let rig = Rig()
        var observer: RecordingObserver? = RecordingObserver()
        weak let trace = observer
        observer.map(rig.gateway.observe)
        rig.gateway.settle()
        rig.answer(.token, 200, Sample.token("t"))
        #expect(trace?.states.count == 2)
        observer = nil
        #expect(trace == nil)
        // With nobody left the token is not renewed; with somebody new it is.
        rig.advance(.seconds(10_000))
        #expect(rig.transport.seen(.token).count == 1)
        rig.observe()
        #expect(rig.transport.seen(.token).count == 2)
        #expect(rig.observer.states == [.preparing])
    }

    @Test func gatewayIsFreedWithRequestsInFlight() {
        let transport = ScriptedTransport()
        var gateway: LivePersonGateway? = LivePersonGateway(
            account: Sample.account(Sample.fixedEndpoints), transport: transport, time: ManualTimeSource(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        weak let trace = gateway
        let observer = RecordingObserver()
        let receiver = RecordingReceiver()
        gateway?.observe(observer)
        gateway?.settle()
        for one in transport.take(.token) { one.answer(200, Sample.token("t")) }
        gateway?.settle()
        gateway?.start([Sample.attempt(1)], receiver: receiver)
        for one in transport.take(.invocation) { one.answer(200) }
        gateway?.settle()
        #expect(receiver.ends.count == 1)
        gateway = nil
        #expect(trace == nil)
    }

    /// Attempts from several threads, answers from several others, tokens that come and go in between.
    @Test(arguments: 0..<4 as Range<UInt64>)
    func everyAttemptEndsExactlyOnce(seed: UInt64) {
        let transport = RestlessTransport(seed: seed)
        let time = ManualTimeSource()
        let gateway = LivePersonGateway(
            account: Sample.account(Sample.fixedEndpoints), transport: transport, time: time,
            random: SeededGenerator(seed: seed), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let observer = RecordingObserver()
        gateway.observe(observer)
        gateway.settle()
        transport.settle()
        gateway.settle()
        let starters = (0..<4).map { SerialQueue(label: "starter-\($0)") }
        let receivers = (0..<2).map { _ in RecordingReceiver() }
        for batch in 0..<100 as Range<UInt64> {
            starters[Int(batch % 4)].async { @Sendable in
                gateway.start((0..<20).map { Sample.attempt(batch * 20 + $0) }, receiver: receivers[Int(batch % 2)])
                time.advance(by: .milliseconds(100))
                gateway.alarmFired()
                if batch % 30 == 29 { gateway.cancelAll(of: receivers[0]) }
            }
        }
        for starter in starters { starter.sync {} }
        transport.settle()
        gateway.settle()
        let ids = receivers.map { $0.ends.map(\.id) }
        #expect(ids[0].count == 1000)
        #expect(ids[1].count == 1000)
        #expect(Set(ids[0] + ids[1]).count == 2000)
        #expect(gateway.status().inFlight == 0)
    }

    /// The engine is being shut down: nobody shall be told of failures that are none.
    @Test(arguments: [
        HTTPEnd.Result.cancelled, .unknown(TransportFailure(.aborted, message: "called off")),
    ])
    func requestsThatAreCalledOffSayNothing(result: HTTPEnd.Result) {
        let rig = Rig(Sample.account())
        rig.observe()
        rig.answer(.lookUpSentinel, 200, Sample.baseURI("sentinel", "va.sentinel.liveperson.net"))
        for one in rig.transport.take(.lookUpGateway) + rig.transport.take(.token) {
            one.receiver.received([one.end(result)])
        }
        rig.gateway.settle()
        rig.advance(.seconds(30))
        #expect(rig.observer.states == [.preparing])
        #expect(!rig.lines.text.contains("failed"))
        #expect(rig.gateway.status().lastError == nil)
        #expect(rig.transport.seen(.lookUpGateway).count == 1)
        #expect(rig.transport.seen(.token).count == 1)
    }

    @Test func noSecretIsInTheLog() {
        let rig = Rig(Sample.account(), retryRefusedEvery: .seconds(60))
        rig.observe()
        rig.answer(.lookUpSentinel, 500)
        rig.answer(.lookUpGateway, 200, Sample.baseURI("faasGW", "va.faasgw.liveperson.net"))
        rig.advance(.seconds(1))
        rig.answer(.lookUpSentinel, 200, Sample.baseURI("sentinel", "va.sentinel.liveperson.net"))
        rig.answer(.token, 500, #"{"error":"\#(Sample.secret)"}"#)
        rig.advance(.seconds(1))
        rig.answer(.token, 200, Sample.token("token-value"))
        rig.start([Sample.attempt(1)])
        rig.answer(.invocation, 401)
        rig.advance(.seconds(1))
        rig.answer(.token, 401, #"{"error":"\#(Sample.secret)"}"#)
        let text = rig.lines.text + "\(rig.gateway.status())" + "\(rig.observer.states)"
        for part in [
            "host looked up", "host lookup failed", "token request failed", "token obtained", "token rejected",
            "account or credentials refused", "account: 12345678",
        ] {
            #expect(rig.lines.text.contains(part) || part.contains(":"), "missing: \(part)")
        }
        #expect(!text.contains(Sample.secret))
        #expect(!text.contains("token-value"))
    }
}
