import JobModel
import TestSupport
import Testing

@testable import LivePerson

@Suite struct HostMachineTests {
    private var machine = HostMachine(service: .gateway, fixed: nil)
    private var random = SeededGenerator(seed: 3)
    private let here = Endpoint(baseURL: "https://va.faasgw.liveperson.net")
    private let there = Endpoint(baseURL: "https://va.fninvocations.liveperson.net")

    @discardableResult
    private mutating func look(_ answer: HostAnswer, at seconds: Double) -> AccountNote? {
        guard machine.poll(at: .at(seconds)) else { return nil }
        return machine.answered(answer, at: .at(seconds), using: &random)
    }

    @Test mutating func oneLookupIsInFlight() {
        #expect(machine.poll(at: .at(0)) == true)
        #expect(machine.poll(at: .at(100)) == false)
        #expect(machine.nextAlarm == .distantFuture)
    }

    @Test mutating func hostIsKeptFor600Seconds() {
        #expect(look(.found(here), at: 0) == .lookedUp(.gateway, here, previous: nil))
        #expect(machine.current == here)
        #expect(machine.nextAlarm == .at(600))
        #expect(machine.poll(at: .at(599)) == false)
        #expect(look(.found(there), at: 600) == .lookedUp(.gateway, there, previous: here))
        #expect(machine.current == there)
    }

    @Test(arguments: [HostAnswer.failed("down", retryAfter: nil), .refused("no such account")])
    func staleHostIsServedWhenARefreshFails(_ answer: HostAnswer) {
        var suite = self
        suite.look(.found(here), at: 0)
        #expect(suite.machine.poll(at: .at(600)) == true)
        #expect(suite.machine.current == here)
        _ = suite.machine.answered(answer, at: .at(601), using: &suite.random)
        #expect(suite.machine.current == here)
        #expect(suite.machine.refusal == nil)
        #expect(suite.machine.nextAlarm == .at(661))
    }

    @Test mutating func failedFirstLookupIsRetriedWithBackoff() {
        look(.failed("down", retryAfter: nil), at: 0)
        #expect(machine.current == nil)
        #expect(machine.failure == "down")
        #expect((MonotonicInstant.at(0.25)...MonotonicInstant.at(0.5)).contains(machine.nextAlarm))
        look(.failed("down", retryAfter: .seconds(30)), at: 1)
        #expect(machine.nextAlarm == .at(31))
    }

    @Test mutating func refusalEndsLookups() {
        #expect(look(.refused("no such account"), at: 0) == .refused("no such account"))
        #expect(machine.refusal == "no such account")
        #expect(machine.nextAlarm == .distantFuture)
        #expect(machine.poll(at: .distantFuture) == false)
    }

    @Test mutating func refusalIsTriedAgainIfTold() {
        machine = HostMachine(service: .sentinel, fixed: nil, policy: .init(retryRefusedEvery: .seconds(60)))
        look(.refused("no such account"), at: 0)
        #expect(machine.nextAlarm == .at(60))
        look(.found(here), at: 60)
        #expect(machine.refusal == nil)
        #expect(machine.current == here)
    }

    @Test mutating func silentHostIsLookedUpAgain() {
        look(.found(here), at: 0)
        machine.wentSilent(at: .at(5))
        #expect(machine.nextAlarm == .at(10))
        machine.wentSilent(at: .at(100))
        #expect(machine.nextAlarm == .at(10))
        look(.found(here), at: 100)
        machine.wentSilent(at: .at(300))
        #expect(machine.poll(at: .at(300)) == true)
        #expect(machine.current == here)
    }

    @Test mutating func idleTimeMakesTheNextUseLookAgainFirst() {
        look(.found(here), at: 0)
        machine.wake(at: .at(599))
        #expect(machine.current == here)
        machine.wake(at: .at(5000))
        #expect(machine.current == nil)
        look(.failed("down", retryAfter: nil), at: 5000)
        #expect(machine.current == here)
    }

    @Test func givenHostIsNeverLookedUp() {
        var machine = HostMachine(service: .gateway, fixed: here)
        #expect(machine.current == here)
        machine.wentSilent(at: .at(1))
        machine.wake(at: .at(100_000))
        #expect(machine.poll(at: .at(100_000)) == false)
        #expect(machine.current == here)
        #expect(machine.nextAlarm == .distantFuture)
    }
}
