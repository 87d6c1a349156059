import JobModel
import Scheduling
import Testing

/// Steps of the clock, stops, ticks and what the machine says of itself.
@Suite struct ClockTests {
    @Test(arguments: [1, 60, 7200, 86_400] as [Int64]) func nothingFiresTwiceAfterAStepBack(_ step: Int64) {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .allowAll }])
        scenario.run(until: 605)
        scenario.setClock(to: 605 - step)
        scenario.run(until: 665)
        #expect(scenario.log == (1...11).map { "\($0 * 60) start a@\($0 * 60)" })
        #expect(scenario.ledger.violations.isEmpty)
        let ahead = scenario.notes.filter { if case .ledgerAhead = $0 { true } else { false } }
        #expect(ahead.count == (step > 100 ? 1 : 0))
        #expect(scenario.notes.contains(.clockStepped(by: .seconds(-step))))
    }

    /// What comes due for the first time at hours that the clock has shown before is in time.
    @Test func hoursThatComeAgainAreLookedAt() {
        let scenario = Scenario([], at: 1000)
        scenario.setClock(to: 500)
        scenario.load([Scenario.job("a") { $0.catchUp = .none }])
        scenario.run(until: 545)
        #expect(scenario.log == ["540 start a@540"])
    }

    @Test func aLedgerFromTheFutureIsToldOfOnce() {
        let scenario = Scenario([Scenario.job("a"), Scenario.job("b")], known: 60)
        #expect(scenario.notes.isEmpty)
        let second = Scenario([Scenario.job("a"), Scenario.job("b")], known: 61)
        #expect(
            second.notes == [
                .ledgerAhead(job: "a", by: .seconds(61)), .ledgerAhead(job: "b", by: .seconds(61)),
            ])
        second.run(until: 130)
        #expect(second.notes.count == 2)
        #expect(second.log == ["120 start a@120", "120 start b@120"])
    }

    @Test func itLooksEverySecondAndAtEachFireTime() {
        let scenario = Scenario([
            ScheduledJob(
                name: "a", calendar: PeriodicCalendar(period: 60_000_000, phase: 250_000), fingerprint: "1")
        ])
        #expect(scenario.machine.nextWake == scenario.time(0) + .milliseconds(250))
        scenario.nudge(250_000)
        #expect(scenario.machine.nextWake == scenario.time(1) + .milliseconds(250))
        let empty = Scenario([])
        #expect(empty.machine.nextWake == empty.time(1))
        #expect(empty.machine.nextFireTime == nil)
        let unused = SchedulerMachine(mode: .daemon, random: SystemRandomNumberGenerator())
        #expect(unused.nextWake == Timestamp(microseconds: .max))
    }

    @Test func stopLeavesWhatWaits() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .bufferAll }], known: -10, at: 5)
        scenario.run(until: 125)
        #expect(scenario.log == ["5 start a@0 +5 catch-up", "60 wait a@60 (a@0)", "120 wait a@120 (a@0)"])
        scenario.machine.stop()
        scenario.run(until: 400)
        #expect(!scenario.machine.isIdle)
        scenario.finish("a@0")
        #expect(scenario.machine.isIdle)
        #expect(scenario.machine.status.isStopping)
        scenario.run(until: 500)
        #expect(scenario.log.count == 3)
        // What waits stays claimed.
        #expect(scenario.ledger.row(scenario.id("a@60"))?.state == .claimed)
        #expect(scenario.ledger.row(scenario.id("a@0"))?.state == .ran(.succeeded))
        #expect(scenario.machine.oldestUnhandled == nil)
    }

    /// The ledger has it as begun: it begins, and is drained with the others.
    @Test func stopWhileTheLedgerIsAsked() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.isLedgerSlow = true
        scenario.run(until: 60)
        scenario.machine.stop()
        #expect(!scenario.machine.isIdle)
        scenario.isLedgerSlow = false
        scenario.answer()
        #expect(scenario.log == ["60 start a@60"])
        #expect(!scenario.machine.isIdle)
        scenario.finish("a@60", .failed)
        #expect(scenario.machine.isIdle)
    }

    @Test func tickRunsWhatIsDueAndNothingLater() {
        let jobs = [
            Scenario.job("a") {
                $0.catchUp = .all
                $0.catchUpWindow = .seconds(200)
            }, Scenario.job("b", every: 600), Scenario.job("c", every: 3600),
        ]
        let scenario = Scenario(jobs, mode: .tick, known: 0, at: 130)
        #expect(scenario.log == ["130 start a@60 +70 catch-up", "130 wait a@120 (a@60)"])
        #expect(scenario.starts.first?.trigger == .tick)
        scenario.run(until: 1000)
        #expect(!scenario.machine.isIdle)
        scenario.finish("a@60")
        scenario.run(until: 1010)
        scenario.finish("a@120", .failed)
        #expect(scenario.machine.isIdle)
        #expect(scenario.log.count == 3)
        #expect(scenario.ledger.jobs["a"]?.accountedUpTo == scenario.time(120))
        #expect(scenario.ledger.jobs["b"]?.accountedUpTo == scenario.time(0))
    }

    @Test func tickWithNothingDueIsIdle() {
        let scenario = Scenario([Scenario.job("a")], mode: .tick, known: 0, at: 30)
        #expect(scenario.machine.isIdle)
        #expect(scenario.requests.isEmpty)
        let daemon = Scenario([Scenario.job("a")], at: 30)
        #expect(!daemon.machine.isIdle)
    }

    /// A run of an earlier tick is still going: the overlap policy decides, late or not.
    @Test(arguments: OverlapPolicy.allCases, [CatchUpPolicy.latest, .all])
    func ticksAndForeignRuns(_ overlap: OverlapPolicy, _ catchUp: CatchUpPolicy) {
        let job = Scenario.job("a") {
            $0.overlap = overlap
            $0.catchUp = catchUp
            $0.catchUpWindow = .seconds(300)
        }
        // Nothing is due yet when the other run is put there.
        let scenario = Scenario([], mode: .tick, at: 130)
        _ = scenario.ledger.register([job.registration(from: scenario.time(0))], at: scenario.time(0))
        scenario.ledger.plant("a", scenario.time(-60), owner: "other")
        scenario.load([job])
        scenario.run(until: 135)
        let isForeign = "overlap (foreign a@-60)"
        switch overlap {
        case .skip:
            #expect(scenario.starts.isEmpty)
            #expect(scenario.log.last == "130 skip a@120 \(isForeign)")
            #expect(scenario.log.contains("130 skip a@60 \(isForeign)") == (catchUp == .all))
            #expect(scenario.machine.isIdle)
        case .allowAll:
            #expect(scenario.starts.count == 1)
        case .bufferOne, .bufferAll, .cancelOther:
            #expect(scenario.starts.isEmpty)
            #expect(!scenario.machine.isIdle)
            scenario.finishForeign("a@-60")
            scenario.run(until: 137)
            #expect(scenario.starts.count == 1)
        }
        #expect(scenario.ledger.violations.isEmpty)
    }

    /// Two ticks: what one has claimed the other leaves.
    @Test func ticksShareALedger() {
        let first = Scenario([Scenario.job("a")], mode: .tick, known: 0, at: 90)
        var machine = SchedulerMachine(mode: .tick, random: SystemRandomNumberGenerator())
        let job = Scenario.job("a")
        let moment = first.moment
        machine.load(
            [job], standings: [ScheduleStanding(job: "a", accountedUpTo: first.time(0))], at: moment)
        var starts = 0
        var requests = machine.advance(to: moment)
        while !requests.isEmpty {
            var next: [SchedulerAction] = []
            for action in requests {
                if case .apply(let asked) = action {
                    machine.answered(first.ledger.apply(asked, by: "second", at: 0), at: moment)
                    next += machine.advance(to: moment)
                } else if case .start = action {
                    starts += 1
                }
            }
            requests = next
        }
        #expect(first.starts.count == 1)
        #expect(starts == 0)
        #expect(machine.isIdle)
    }

    @Test func statusTellsAll() {
        let scenario = Scenario([
            Scenario.job("a", account: "x") { $0.overlap = .bufferOne }, Scenario.job("b", every: 3600),
        ])
        scenario.run(until: 125)
        let status = scenario.machine.status
        #expect(status.jobs.map(\.name) == ["a", "b"])
        #expect(status.jobs[0].accountedUpTo == scenario.time(120))
        #expect(status.jobs[0].next?.fireTime == scenario.time(180))
        #expect(status.jobs[0].account == "x")
        #expect(status.jobs[0].file == "jobs.yaml")
        #expect(status.jobs[0].going.map(\.occurrence) == [scenario.id("a@60")])
        #expect(status.jobs[0].going.first?.startedAt == scenario.time(60))
        #expect(status.jobs[0].waiting.map(\.occurrence) == [scenario.id("a@120")])
        #expect(status.jobs[0].waiting.first?.blocker?.occurrence == scenario.id("a@60"))
        #expect(status.goingRuns == 1)
        #expect(status.waitingClaims == 1)
        #expect(status.counts.started == 1)
        #expect(status.oldestUnhandled == nil)
        #expect(!status.isStopping)
        #expect(status.jobs[1].next?.nominalTime == scenario.time(3600))
    }

    @Test func lateStartsAreTold() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .bufferOne }])
        scenario.run(until: 125)
        scenario.finish("a@60")
        let late = scenario.notes.compactMap { note -> Duration? in
            if case .late(_, _, let lateness) = note { lateness } else { nil }
        }
        #expect(late == [.seconds(5)])
    }

    @Test func unknownEndsAreIgnored() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.run(until: 61)
        let handle = scenario.starts[0].handle
        scenario.finish("a@60")
        scenario.run(until: 121)
        // The same again, now that its place belongs to another run.
        scenario.machine.runFinished(handle, .failed, at: scenario.now)
        scenario.look()
        #expect(scenario.machine.status.goingRuns == 1)
        #expect(scenario.machine.status.counts.failed == 0)
    }
}
