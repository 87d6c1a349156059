import JobModel
import Scheduling
import Testing

/// Changes of the plan.
@Suite struct ReloadTests {
    @Test func whatIsDueIsDecidedUnderTheOldPlan() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.run(until: 59)
        scenario.isLedgerSlow = true
        scenario.sleep(until: 60)
        scenario.machine.prepareReload(at: scenario.now)
        scenario.look()
        #expect(scenario.readyToReload == 0)
        scenario.answer()
        #expect(scenario.readyToReload == 1)
        #expect(scenario.log == ["60 start a@60"])
        // Nothing further is decided until the plan is there.
        scenario.sleep(until: 65)
        #expect(scenario.machine.nextWake > scenario.now)
        scenario.isLedgerSlow = false
        scenario.load([Scenario.job("a", every: 90, fingerprint: "2")])
        scenario.run(until: 100)
        #expect(scenario.log == ["60 start a@60", "90 skip a@90 overlap (a@60)"])
        #expect(scenario.readyToReload == 1)
    }

    @Test func aBrokenLedgerHoldsAReloadUp() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.isLedgerBroken = true
        scenario.run(until: 60)
        scenario.machine.prepareReload(at: scenario.now)
        scenario.look()
        #expect(scenario.readyToReload == 0)
        scenario.isLedgerBroken = false
        scenario.run(until: 62)
        #expect(scenario.readyToReload == 1)
        #expect(scenario.log == ["61 start a@60 +1"])
    }

    /// What comes due between the old plan and the new is in time.
    @Test func nothingIsLostInBetween() {
        let scenario = Scenario([Scenario.job("a", every: 2) { $0.catchUp = .none }])
        scenario.run(until: 3)
        scenario.finish("a@2")
        scenario.machine.prepareReload(at: scenario.now)
        scenario.look()
        scenario.run(until: 7)
        #expect(scenario.log == ["2 start a@2"])
        scenario.load([
            Scenario.job("a", every: 2) {
                $0.catchUp = .none
                $0.overlap = .allowAll
            }
        ])
        #expect(scenario.log == ["2 start a@2", "7 start a@4 +3", "7 start a@6 +1"])
    }

    @Test func abandonedReloadGoesOn() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.run(until: 50)
        scenario.machine.prepareReload(at: scenario.now)
        scenario.run(until: 62)
        #expect(scenario.log.isEmpty)
        scenario.machine.abandonReload()
        scenario.look()
        #expect(scenario.log == ["62 start a@60 +2"])
    }

    @Test func changedSchedulesBeginAnew() {
        let scenario = Scenario([Scenario.job("a", every: 3600)])
        scenario.run(until: 100)
        // The new schedule would have had occurrences before.
        scenario.load([Scenario.job("a", every: 60, fingerprint: "2")])
        scenario.run(until: 121)
        #expect(scenario.log == ["120 start a@120"])
    }

    @Test func changedPoliciesHoldFromTheNextDecision() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.run(until: 130)
        scenario.load([Scenario.job("a") { $0.overlap = .bufferOne }])
        scenario.run(until: 190)
        scenario.load([Scenario.job("a") { $0.isSuspended = true }])
        scenario.finish("a@60")
        scenario.run(until: 241)
        scenario.load([Scenario.job("a")])
        scenario.run(until: 301)
        #expect(
            scenario.log == [
                "60 start a@60", "120 skip a@120 overlap (a@60)", "180 wait a@180 (a@60)", "190 skip a@180 suspended",
                "240 skip a@240 suspended", "300 start a@300",
            ])
    }

    @Test func removedJobsFireNoMoreAndTheirRunsGoOn() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .bufferAll }, Scenario.job("b")])
        scenario.run(until: 125)
        scenario.load([Scenario.job("b")])
        scenario.run(until: 185)
        #expect(
            scenario.log == [
                "60 start a@60", "60 start b@60", "120 wait a@120 (a@60)", "120 skip b@120 overlap (b@60)",
                "125 skip a@120 overlap (a@60)", "180 skip b@180 overlap (b@60)",
            ])
        #expect(scenario.machine.status.jobs.map(\.name) == ["a", "b"])
        #expect(scenario.machine.status.jobs[0].isRemoved)
        scenario.finish("a@60")
        #expect(scenario.machine.status.jobs.map(\.name) == ["b"])
        #expect(scenario.machine.status.counts.succeeded == 1)
        #expect(scenario.ledger.row(scenario.id("a@60"))?.state == .ran(.succeeded))
    }

    @Test func jobsThatComeBackAreAccountedFor() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.run(until: 61)
        scenario.load([])
        scenario.run(until: 200)
        scenario.load([Scenario.job("a")])
        scenario.run(until: 241)
        #expect(
            scenario.log == [
                "60 start a@60", "200 miss a@120 catchup", "200 wait a@180 (a@60)", "240 skip a@240 overlap (a@60)",
            ])
        #expect(scenario.ledger.violations.isEmpty)
    }

    @Test func resumedSuspensionIsNotCaughtUp() {
        let scenario = Scenario([Scenario.job("a") { $0.isSuspended = true }])
        scenario.run(until: 70)
        scenario.load([])
        scenario.run(until: 190)
        scenario.load([Scenario.job("a")])
        scenario.run(until: 241)
        #expect(
            scenario.log == ["60 skip a@60 suspended", "190 skip a@120..180#2 suspended", "240 start a@240"])
    }

    @Test func mutexesMayChange() {
        let before = ["a", "b"].map { name in Scenario.job(name, every: 3600) { $0.mutexes = ["m"] } }
        let scenario = Scenario(before)
        scenario.run(until: 3601)
        #expect(scenario.log == ["3600 start a@3600", "3600 wait b@3600 (a@3600 m)"])
        scenario.load([before[0], Scenario.job("b", every: 3600) { $0.mutexes = ["n"] }])
        #expect(scenario.log.last == "3601 start b@3600 +1")
    }

    @Test func tenThousandJobsAreReplaced() {
        let jobs = (0..<10_000).map { Scenario.job("j\($0)", every: 3600) }
        let scenario = Scenario(jobs)
        scenario.load(jobs)
        scenario.load(Array(jobs.prefix(10)))
        scenario.run(until: 3600)
        #expect(scenario.starts.count == 10)
    }
}
