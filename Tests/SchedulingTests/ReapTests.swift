import JobModel
import Scheduling
import Testing

/// What processes leave behind that die.
@Suite struct ReapTests {
    private func entry(_ scenario: Scenario, _ nominal: Int64, begun: Bool = true) -> LedgerEntry {
        var entry = LedgerEntry(job: "a", nominalTime: scenario.time(nominal), state: .claimed)
        entry.runID = "dead-run"
        entry.trigger = .schedule
        entry.startedAt = begun ? scenario.time(nominal) : nil
        return entry
    }

    @Test func crashedRunsAreToldAndUnblock() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .bufferOne }])
        scenario.ledger.plant("a", scenario.time(30), owner: "other")
        scenario.run(until: 70)
        scenario.nudge(100_000)
        scenario.finishForeign("a@30")
        // Without waiting for the next second.
        scenario.reap([.crashed(entry(scenario, 30))])
        #expect(scenario.log == ["60 wait a@60 (foreign a@30)", "70.1 crashed a@30", "70.1 start a@60 +10"])
        #expect(scenario.machine.status.counts.crashed == 1)
    }

    @Test func resumedRunsAreGoing() {
        let scenario = Scenario([Scenario.job("a") { $0.onCrash = .resume }])
        scenario.ledger.plant("a", scenario.time(30), owner: "me")
        scenario.run(until: 40)
        var dead = entry(scenario, 30)
        dead.runID = "me-run"
        scenario.reap([.resumed(dead)])
        scenario.run(until: 70)
        #expect(scenario.log == ["40 resume a@30", "60 skip a@60 overlap (a@30)"])
        scenario.finish("a@30")
        #expect(scenario.ledger.row(scenario.id("a@30"))?.state == .ran(.succeeded))
        scenario.run(until: 121)
        #expect(scenario.log.last == "120 start a@120")
    }

    @Test func resumedRunsOfUnknownJobsAreClosed() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.ledger.plant("a", scenario.time(30), owner: "me")
        scenario.load([])
        var dead = entry(scenario, 30)
        dead.runID = "me-run"
        scenario.reap([.resumed(dead)])
        #expect(scenario.log == ["0 crashed a@30"])
        #expect(scenario.ledger.row(scenario.id("a@30"))?.state == .ran(.crashed))
    }

    private func inherit(_ scenario: Scenario, _ nominal: Int64) {
        // A claim of a dead process, as the ledger hands it over.
        let claim = LedgerClaim(
            occurrence: OccurrenceID(job: "a", nominalTime: scenario.time(nominal)), runID: "dead-run",
            trigger: .schedule, startedAt: scenario.time(nominal), lateness: .zero, waits: true)
        let after = scenario.ledger.jobs["a"]?.accountedUpTo ?? scenario.time(0)
        _ = scenario.ledger.apply([.claim(claim, after: after)], by: "me", at: 0)
        scenario.reap([.inherited(entry(scenario, nominal, begun: false))])
    }

    @Test(arguments: OverlapPolicy.allCases) func inheritedClaimsBegin(_ overlap: OverlapPolicy) {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = overlap }])
        scenario.run(until: 10)
        scenario.setClock(to: 59)
        inherit(scenario, 60)
        // Inherited before its time even: the clocks of two machines.
        #expect(scenario.log.last == "59 start a@60 catch-up")
        #expect(scenario.starts.last?.runID == "dead-run")
    }

    @Test func inheritedClaimsWaitForTheirTurn() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .bufferOne }])
        scenario.run(until: 119)
        inherit(scenario, 120)
        #expect(scenario.log == ["60 start a@60"])
        scenario.run(until: 130)
        scenario.finish("a@60")
        #expect(scenario.log.last == "130 start a@120 +10 catch-up")
    }

    @Test func inheritedClaimsBeyondTheirWindowAreMissed() {
        let second = Scenario([Scenario.job("a") { $0.catchUpWindow = .seconds(25) }])
        second.machine.accountPaused("account")
        second.run(until: 61)
        second.sleep(until: 85)
        // It fires at 60, and 25 seconds are not less than 25.
        let claim = LedgerClaim(
            occurrence: second.id("a@60"), runID: "dead-run", trigger: .schedule, startedAt: second.time(60),
            lateness: .zero, waits: true)
        second.ledger.setAccounted("a", upTo: second.time(59))
        _ = second.ledger.apply([.claim(claim, after: second.time(59))], by: "me", at: 0)
        second.reap([.inherited(entry(second, 60, begun: false))])
        #expect(second.log.last == "85 miss a@60 window")
        #expect(second.machine.status.waitingClaims == 0)
    }

    @Test func inheritedClaimsOfSuspendedJobsAreSkipped() {
        let scenario = Scenario([Scenario.job("a") { $0.isSuspended = true }])
        scenario.run(until: 59)
        inherit(scenario, 60)
        #expect(scenario.log == ["59 skip a@60 suspended"])
    }

    @Test func whoStopsTakesNothingOver() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.machine.stop()
        scenario.reap([
            .resumed(entry(scenario, 30)), .inherited(entry(scenario, 60, begun: false)), .crashed(entry(scenario, 0)),
        ])
        #expect(scenario.log == ["0 crashed a@0"])
        #expect(scenario.machine.isIdle)
    }

    @Test func whatWasCalledOffIsTheNextSchedulers() {
        let scenario = Scenario([Scenario.job("a") { $0.mutexes = ["m"] }])
        scenario.run(until: 61)
        scenario.machine.stop()
        scenario.look()
        #expect(!scenario.machine.isIdle)
        scenario.release("a@60")
        #expect(scenario.machine.isIdle && scenario.machine.status.goingRuns == 0)
        var counts = OccurrenceCounts()
        counts.started = 1
        #expect(scenario.machine.status.counts == counts)
        let row = scenario.ledger.row(scenario.id("a@60"))
        #expect(row?.state == .claimed && row?.hasBegun == false)
        scenario.finish("a@60")
        #expect(scenario.log.last == "no run a@60")
    }

    @Test func othersMayAskForAStop() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.run(until: 61)
        let asked = [scenario.id("a@60"), scenario.id("a@0"), scenario.id("b@60")]
        scenario.machine.stopRequested(asked)
        scenario.machine.stopRequested(asked)
        scenario.look()
        #expect(scenario.log == ["60 start a@60", "61 cancel a@60 asked"])
        #expect(scenario.machine.status.jobs[0].going.first?.isStopping == true)
    }
}
