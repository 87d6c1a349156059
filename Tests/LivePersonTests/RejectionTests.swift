import JobModel
import Logging
import Reactor
import Synchronization
import TestSupport
import Testing

@testable import LivePerson

/// What attempts and observers see of a 401, and in which order.
@Suite struct RejectionTests {
    private let transport = ScriptedTransport()
    private let time = ManualTimeSource()
    private let observer = RecordingObserver()
    private let gateway: LivePersonGateway

    init() {
        gateway = LivePersonGateway(
            account: Sample.account(Sample.fixedEndpoints), transport: transport, time: time,
            random: SeededGenerator(seed: 1), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        gateway.observe(observer)
        gateway.settle()
        answer(.token, 200, Sample.token("token-1"))
    }

    /// Remembers what observers had been told when an end came.
    private final class Witness: AttemptReceiver {
        private let observer: RecordingObserver
        private let seen = Mutex<[(end: AttemptEnd, state: GatewayState?)]>([])
        var ends: [(end: AttemptEnd, state: GatewayState?)] { seen.withLock { $0 } }

        init(observer: RecordingObserver) {
            self.observer = observer
        }

        func ended(_ ends: [AttemptEnd]) {
            let state = observer.states.last
            seen.withLock { $0 += ends.map { ($0, state) } }
        }
    }

    private func answer(_ kind: RequestKind, _ status: Int, _ body: String = "") {
        for one in transport.take(kind) { one.answer(status, body) }
        gateway.settle()
    }

    private func start(_ ids: ClosedRange<UInt64>, _ receiver: any AttemptReceiver) {
        gateway.start(ids.map { Sample.attempt($0) }, receiver: receiver)
        gateway.settle()
    }

    @Test func observersLearnBeforeTheReceiverWhatA401Means() {
        let witness = Witness(observer: observer)
        start(1...1, witness)
        answer(.invocation, 401)
        #expect(witness.ends.map(\.state) == [.preparing])
        time.advance(by: .seconds(1))
        gateway.alarmFired()
        gateway.settle()
        answer(.token, 200, Sample.token("token-2"))
        start(2...2, witness)
        answer(.invocation, 401)
        #expect(witness.ends.map(\.end.id) == [1, 2])
        guard case .refused = witness.ends.last?.state else {
            Issue.record("told too late: \(String(describing: witness.ends.last?.state))")
            return
        }
    }

    @Test func otherAnswersTakeNoDetour() {
        let witness = Witness(observer: observer)
        start(1...2, witness)
        let pending = transport.take(.invocation)
        pending.first?.answer(200)
        #expect(witness.ends.map(\.end.id) == [1])
        pending.last?.fail(.reset, sent: true)
        #expect(witness.ends.map(\.end.id) == [1, 2])
    }

    @Test func afterALateAcceptanceOneAttemptLeavesAndItsAnswerDecides() {
        let receiver = RecordingReceiver()
        start(1...3, receiver)
        let pending = transport.take(.invocation)
        pending[0].answer(401)
        gateway.settle()
        #expect(observer.states.last == .preparing)
        pending[1].answer(200)
        gateway.settle()
        #expect(observer.states.last == .ready(tokenGeneration: 1))
        start(11...15, receiver)
        #expect(observer.states.last == .preparing)
        #expect(receiver.ends.filter(\.isHeld).map(\.id) == [12, 13, 14, 15])
        let probe = transport.take(.invocation)
        #expect(probe.map(\.request.id) == [11])
        // Its 401 is not the row's own: it is held, to be started again.
        for one in probe { one.answer(401) }
        gateway.settle()
        #expect(receiver.ends.last.map { $0.id == 11 && $0.isHeld } == true)
        #expect(observer.states.last == .preparing)
        #expect(gateway.status().inFlight == 1)
        pending[2].answer(200)
        gateway.settle()
        start(11...11, receiver)
        answer(.invocation, 200)
        #expect(receiver.ends.last?.answer?.status == 200)
        #expect(observer.states.last == .ready(tokenGeneration: 1))
        start(12...15, receiver)
        #expect(transport.take(.invocation).count == 4)
        #expect(transport.seen(.token).count == 1)
    }

    @Test(arguments: [500, 429, 0])
    func aProbeThatSaysNothingIsFollowedByAnother(status: Int) {
        let receiver = RecordingReceiver()
        start(1...2, receiver)
        let pending = transport.take(.invocation)
        pending[0].answer(401)
        pending[1].answer(200)
        gateway.settle()
        start(3...3, receiver)
        for one in transport.take(.invocation) {
            if status > 0 { one.answer(status) } else { one.fail(.connect) }
        }
        gateway.settle()
        #expect(receiver.ends.last?.isHeld == false)
        start(4...5, receiver)
        #expect(transport.take(.invocation).map(\.request.id) == [4])
    }

    @Test func aProbeIsLeftToReceiversThatAreAcceptedForAWhile() {
        let (bad, good) = (RecordingReceiver(), RecordingReceiver())
        start(1...1, bad)
        start(2...2, good)
        for one in transport.take(.invocation) {
            one.answer(one.request.id == 1 ? 401 : 200)
            gateway.settle()
        }
        #expect(observer.states.last == .ready(tokenGeneration: 1))
        time.advance(by: .milliseconds(99))
        start(3...3, bad)
        #expect(bad.ends.last.map { $0.id == 3 && $0.isHeld } == true)
        start(4...4, good)
        #expect(transport.take { RequestKind($0.request) == .invocation && $0.request.id == 4 }.count == 1)
        #expect(observer.states.last == .preparing)
    }

    @Test func aProbeIsOpenToAllAfterAWhile() {
        let (bad, good) = (RecordingReceiver(), RecordingReceiver())
        start(1...1, bad)
        start(2...2, good)
        for one in transport.take(.invocation) {
            one.answer(one.request.id == 1 ? 401 : 200)
            gateway.settle()
        }
        time.advance(by: .milliseconds(100))
        start(3...4, bad)
        #expect(transport.take(.invocation).map(\.request.id) == [3])
    }

    /// Between the arrival of a 401 and its handling on the gateway's queue.
    @Test func nothingLeavesOnceA401HasArrived() {
        var hall = DepartureHall(account: Sample.account(Sample.fixedEndpoints))
        let pass = AccountPass(
            tokenGeneration: 1, token: Secret("token-1"), usableUntil: .distantFuture,
            gateway: Endpoint(baseURL: "https://va.faasgw.liveperson.net"), isProbe: false)
        hall.update(pass: pass, awaitedAcceptance: nil, at: .at(0))
        let receiver = RecordingReceiver()
        func depart() -> DepartureHall.Boarding {
            hall.depart([Sample.attempt(1)], receiver: ObjectIdentifier(receiver), at: .at(0)) { key, pass, mask in
                let reader = AttemptEndReader(
                    tokenGeneration: pass.tokenGeneration, isEvent: false, keepsHeaders: false, mask: mask, time: time)
                return AttemptRelay(key: key, receiver: receiver, reader: reader) { _, _, _ in }
            }
        }
        let first = depart()
        #expect(first.departures.count == 1 && first.held.isEmpty)
        guard let relay = first.departures.first?.relay else { return }
        var findings = AttemptRelay.Findings()
        findings.ends = 1
        findings.rejected = true
        findings.answered = true
        #expect(hall.arrived(relay, findings).isBlocking)
        #expect(depart().held.map(\.id) == [1])
        // News of something else does not open the doors.
        hall.update(pass: pass, awaitedAcceptance: nil, at: .at(0))
        #expect(depart().departures.isEmpty)
        hall.unblock()
        hall.update(pass: nil, awaitedAcceptance: 1, at: .at(0))
        #expect(depart().departures.isEmpty)
        // A late 401 of the first token does not stop the second.
        let next = AccountPass(
            tokenGeneration: 2, token: Secret("token-2"), usableUntil: .distantFuture, gateway: pass.gateway,
            isProbe: false)
        hall.update(pass: next, awaitedAcceptance: nil, at: .at(0))
        #expect(!hall.arrived(relay, findings).isBlocking)
        #expect(depart().departures.count == 1)
    }

    @Test func echoOfTheTokenIsBlottedOut() throws {
        let receiver = RecordingReceiver()
        start(1...1, receiver)
        answer(.invocation, 500, #"{"errorMsg":"Bearer token-1 is bad"}"#)
        let answer = try #require(receiver.ends.last?.answer)
        #expect(answer.error?.message == "Bearer *** is bad")
        #expect(answer.body == Array(#"{"errorMsg":"Bearer *** is bad"}"#.utf8))
    }
}
