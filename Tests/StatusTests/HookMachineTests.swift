import JobModel
import TestSupport
import Testing

@testable import Status

/// A machine under virtual time, with the requests that it has in flight.
private struct Rig {
    var machine: HookMachine
    var now = MonotonicInstant(nanoseconds: 0)
    var random = SeededGenerator(seed: 1)
    var inFlight: [(id: UInt64, delivery: HookMachine.Delivery)] = []
    var notes: [HookNote] = []
    var sent = 0

    init(_ edit: (inout HookPolicy) -> Void = { _ in }) {
        var policy = HookPolicy()
        edit(&policy)
        machine = HookMachine(policy: policy)
    }

    mutating func handle(_ event: HookMachine.Event) {
        for action in machine.handle(event, at: now, using: &random) {
            switch action {
            case .send(let id, let delivery):
                inFlight.append((id, delivery))
                sent += 1
            case .note(let note): notes.append(note)
            }
        }
    }

    mutating func submit(_ run: String, url: String = "https://hooks.example/x") {
        handle(.submitted([.init(kind: .onFailure, job: "job", runID: run, url: url, body: [])]))
    }

    /// Ends the oldest request.
    mutating func end(_ result: HTTPEnd.Result) {
        let (id, _) = inFlight.removeFirst()
        handle(.ended(id: id, result))
    }

    /// Lets the time come at which the machine wants to be woken.
    mutating func wake() {
        now = machine.nextAlarm
        handle(.alarm)
    }

    static func answered(_ status: Int, retryAfter: String? = nil) -> HTTPEnd.Result {
        .response(status: status, headers: retryAfter.map { [("retry-after", $0)] } ?? [], body: [])
    }

    static let refused = HTTPEnd.Result.notSent(TransportFailure(.connect, message: "connection refused"))
}

@Suite struct HookMachineTests {
    @Test func deliversAtOnce() {
        var rig = Rig()
        #expect(rig.machine.isIdle)
        rig.submit("run")
        #expect(rig.inFlight.count == 1)
        #expect(!rig.machine.isIdle)
        #expect(rig.machine.nextAlarm == .distantFuture)
        rig.end(Rig.answered(204))
        #expect(rig.machine.isIdle)
        #expect(
            rig.notes == [
                HookNote(
                    kind: .onFailure, job: "job", runID: "run", host: "hooks.example", result: .delivered, attempts: 1)
            ])
        #expect(rig.machine.tally.delivered == 1)
    }

    @Test func triesFiveTimesWithGrowingWaits() {
        var rig = Rig()
        rig.submit("run")
        var waits: [Duration] = []
        while rig.machine.tally.failed == 0 {
            rig.end(Rig.answered(500))
            guard rig.machine.nextAlarm != .distantFuture else { break }
            waits.append(rig.now.duration(to: rig.machine.nextAlarm))
            rig.wake()
        }
        #expect(rig.sent == 5)
        #expect(waits.count == 4)
        for (wait, ceiling) in zip(waits, [1, 3, 9, 27]) {
            #expect(wait >= .milliseconds(ceiling * 500) && wait <= .seconds(ceiling))
        }
        #expect(rig.notes.map(\.result) == [.delayed, .delayed, .delayed, .delayed, .failed])
        #expect(rig.notes.last?.reason == "answered 500")
        #expect(rig.notes.last?.attempts == 5)
        #expect(rig.machine.isIdle)
    }

    @Test(arguments: [
        (Rig.answered(200), "delivered"), (Rig.answered(299), "delivered"), (Rig.answered(301), "failed"),
        (Rig.answered(400), "failed"), (Rig.answered(404), "failed"), (Rig.answered(410), "failed"),
        (Rig.answered(408), "delayed"), (Rig.answered(429), "delayed"), (Rig.answered(503), "delayed"),
        (Rig.answered(901), "delayed"), (.tooLarge(status: 200), "delivered"), (.tooLarge(status: 500), "delayed"),
        (.tooLarge(status: 404), "failed"), (.cancelled, "failed"), (Rig.refused, "delayed"),
        (.unknown(TransportFailure(.timeout, message: "timed out")), "delayed"),
    ])
    func judgesEnds(_ end: HTTPEnd.Result, result: String) {
        var rig = Rig()
        rig.submit("run")
        rig.end(end)
        #expect(rig.notes.map(\.result.rawValue) == [result])
        #expect((rig.notes[0].reason == nil) == (result == "delivered"))
    }

    @Test(arguments: [("20", 20.0, 20.0), ("100000", 30, 30), ("0", 0.5, 1), ("-5", 0.5, 1), ("soon", 0.5, 1)])
    func heedsRetryAfter(_ text: String, least: Double, most: Double) {
        var rig = Rig()
        rig.submit("run")
        rig.end(Rig.answered(429, retryAfter: text))
        let wait = rig.now.duration(to: rig.machine.nextAlarm)
        #expect(wait >= .seconds(least) && wait <= .seconds(most))
    }

    @Test func aDeadHostDelaysNoOther() {
        var rig = Rig()
        for number in 0..<100 { rig.submit("dead\(number)", url: "https://dead.example/\(number)") }
        #expect(rig.inFlight.count == 4)
        rig.submit("ping", url: "https://alive.example/")
        #expect(rig.inFlight.count == 5)
        #expect(rig.inFlight.last?.delivery.runID == "ping")
        // Room comes with an end; no alarm is wanted for it.
        #expect(rig.machine.nextAlarm == .distantFuture)
        rig.end(Rig.refused)
        #expect(rig.inFlight.count == 5)
        #expect(rig.inFlight.last?.delivery.runID == "dead4")
    }

    @Test func whatWaitsForARetryTakesNoRoom() {
        var rig = Rig { $0.concurrency = 1 }
        rig.submit("a")
        rig.submit("b")
        rig.end(Rig.refused)
        #expect(rig.inFlight.map(\.delivery.runID) == ["b"])
        rig.end(Rig.answered(200))
        #expect(rig.inFlight.isEmpty)
        rig.wake()
        #expect(rig.inFlight.map(\.delivery.runID) == ["a"])
    }

    @Test func theOldestGiveWayToNewerOnes() {
        var rig = Rig {
            $0.concurrency = 1
            $0.capacity = 3
        }
        for number in 0..<6 { rig.submit("\(number)") }
        #expect(rig.notes.map(\.runID) == ["1", "2"])
        #expect(rig.notes.allSatisfy { $0.result == .dropped && $0.attempts == 0 })
        #expect(rig.machine.tally.dropped == 2)
        var order: [String] = []
        while let next = rig.inFlight.first {
            order.append(next.delivery.runID)
            rig.end(Rig.answered(200))
        }
        #expect(order == ["0", "3", "4", "5"])
    }

    @Test func whatIsAbandonedIsToldAndNothingIsBegun() {
        var rig = Rig { $0.concurrency = 1 }
        rig.submit("flying")
        rig.submit("waiting")
        rig.handle(.abandoned)
        #expect(rig.notes.map(\.runID) == ["waiting"])
        #expect(rig.notes.first?.result == .dropped)
        #expect(!rig.machine.isIdle)
        rig.end(.unknown(TransportFailure(.aborted, message: "called off")))
        #expect(rig.notes.last?.result == .failed)
        #expect(rig.machine.isIdle)
        rig.submit("late")
        #expect(rig.notes.last?.result == .dropped)
        #expect(rig.inFlight.isEmpty)
        #expect(rig.machine.isIdle)
    }

    @Test func anEndOfNothingChangesNothing() {
        var rig = Rig()
        rig.handle(.ended(id: 77, Rig.answered(200)))
        rig.handle(.alarm)
        #expect(rig.machine.isIdle)
        #expect(rig.notes.isEmpty)
    }

    /// Whatever the hosts do, each hook ends in exactly one way, and within its attempts.
    @Test(arguments: 0..<20)
    func everyHookEndsOnce(seed: UInt64) {
        var rig = Rig {
            $0.concurrency = 2
            $0.capacity = 8
        }
        rig.random = SeededGenerator(seed: seed)
        var dice = SeededGenerator(seed: seed &+ 1000)
        let ends = [Rig.answered(200), Rig.answered(500), Rig.answered(404), Rig.refused, .tooLarge(status: 200)]
        var submitted = 0
        while submitted < 300 || !rig.machine.isIdle {
            switch Int.random(in: 0..<3, using: &dice) {
            case 0 where submitted < 300:
                rig.submit("\(submitted)", url: "https://h\(Int.random(in: 0..<3, using: &dice)).example")
                submitted += 1
            case 1 where !rig.inFlight.isEmpty:
                rig.end(ends[Int.random(in: 0..<ends.count, using: &dice)])
            default:
                if rig.machine.nextAlarm != .distantFuture {
                    rig.now = max(rig.now, rig.machine.nextAlarm)
                    rig.handle(.alarm)
                }
            }
            #expect(rig.inFlight.count <= 6)
        }
        let final = rig.notes.filter { $0.result != .delayed }
        #expect(final.count == 300)
        #expect(Set(final.map(\.runID)).count == 300)
        #expect(rig.notes.allSatisfy { $0.attempts <= 5 })
        let tally = rig.machine.tally
        #expect(tally.delivered + tally.failed + tally.dropped == 300)
    }
}

@Suite struct HookHostTests {
    @Test(arguments: [
        ("https://hooks.example/services/T0/secret?token=1", "hooks.example"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"), ("https://user:password@host.example:8443/x", "host.example:8443"),
        ("https://a@b@host/", "host"), ("https://host?secret", "host"), ("https://host#secret", "host"),
        ("https://[::1]:80/secret", "[::1]:80"), ("https://host\\secret", "host"), ("secret", ""), ("", ""),
    ])
    func isAllThatIsTold(_ url: String, host: String) {
        #expect(HookHost.name(in: url) == host)
    }
}
