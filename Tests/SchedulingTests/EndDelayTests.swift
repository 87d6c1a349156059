import JobModel
import Scheduling
import Testing

/// Ends of runs wait a little, to go to the ledger in one transaction with a claim.
@Suite struct EndDelayTests {
    private static let delay = Duration.milliseconds(10)

    /// The requests since there were so many, in a word each.
    private static func words(_ scenario: Scenario, since count: Int) -> [String] {
        scenario.requests.dropFirst(count).map { request in
            switch request {
            case .finish(let occurrence, _, _, _, _, _): "finish \(occurrence.job)"
            case .claim(let claim, _): "claim \(claim.occurrence.job)"
            default: "\(request)"
            }
        }
    }

    @Test func anEndWithoutAClaimGoesWhenItsTimeIsUp() {
        let scenario = Scenario([Scenario.job("a")], endDelay: Self.delay)
        scenario.run(until: 61)
        let count = scenario.requests.count
        scenario.finish("a@60")
        #expect(Self.words(scenario, since: count) == [])
        #expect(scenario.machine.nextWake == scenario.now + Self.delay)
        scenario.nudge(9_999)
        #expect(Self.words(scenario, since: count) == [])
        scenario.nudge(1)
        #expect(Self.words(scenario, since: count) == ["finish a"])
        #expect(scenario.ledger.violations.isEmpty)
    }

    @Test func aClaimTakesEndsWithItAndComesAfterThem() {
        let scenario = Scenario([Scenario.job("a"), Scenario.job("b", every: 1)], endDelay: .seconds(1))
        scenario.run(until: 60)
        scenario.finish("a@60")
        scenario.finish("b@1")
        let count = scenario.requests.count
        scenario.run(until: 61)
        #expect(Self.words(scenario, since: count) == ["finish a", "finish b", "claim b"])
        #expect(scenario.log.last == "61 start b@61", "its own run before is no obstacle")
        #expect(scenario.ledger.violations.isEmpty)
    }

    @Test func whoStopsTellsAtOnce() {
        let scenario = Scenario([Scenario.job("a")], endDelay: Self.delay)
        scenario.run(until: 61)
        scenario.machine.stop()
        scenario.look()
        scenario.finish("a@60")
        #expect(scenario.machine.isIdle)
        #expect(scenario.ledger.violations.isEmpty)
    }

    @Test func aTickTellsAtOnce() {
        let scenario = Scenario([Scenario.job("a")], mode: .tick, known: 0, at: 61, endDelay: Self.delay)
        scenario.finish("a@60")
        #expect(scenario.machine.isIdle)
    }

    @Test func aReloadWaitsForNoDelay() {
        let scenario = Scenario([Scenario.job("a")], endDelay: Self.delay)
        scenario.run(until: 61)
        scenario.finish("a@60")
        let count = scenario.requests.count
        scenario.machine.prepareReload(at: scenario.now)
        scenario.look()
        #expect(Self.words(scenario, since: count) == ["finish a"] && scenario.readyToReload > 0)
    }
}
