import JobModel
import Scheduling
import TestSupport
import Testing

/// A ledger that others write as well, that is slow, or fails.
@Suite struct LedgerFaultTests {
    @Test func othersMayAccountForAJob() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.run(until: 59)
        scenario.ledger.setAccounted("a", upTo: scenario.time(120))
        scenario.run(until: 181)
        #expect(scenario.log == ["180 start a@180"])
        #expect(scenario.notes.contains(.outdated(ScheduleStanding(job: "a", accountedUpTo: scenario.time(120)))))
    }

    @Test(arguments: CatchUpPolicy.allCases) func othersMayAccountForPartOfALateRange(_ catchUp: CatchUpPolicy) {
        let job = Scenario.job("a") {
            $0.catchUp = catchUp
            $0.catchUpWindow = .seconds(100)
        }
        let scenario = Scenario([job])
        scenario.run(until: 10)
        scenario.ledger.setAccounted("a", upTo: scenario.time(300))
        scenario.sleep(until: 610)
        let rest: [String] =
            switch catchUp {
            case .latest: ["610 miss a@360..540#4 catchup", "610 start a@600 +10 catch-up"]
            case .all:
                ["610 miss a@360..480#3 window", "610 start a@540 +70 catch-up", "610 wait a@600 (a@540)"]
            case .none: ["610 miss a@360..600#5 catchup"]
            }
        #expect(scenario.log == rest)
    }

    @Test func dueOnesMeanwhileGoTogether() {
        let jobs = (0..<5).map { Scenario.job("j\($0)", every: $0 == 0 ? 10 : 12) }
        let scenario = Scenario(jobs)
        scenario.isLedgerSlow = true
        scenario.run(until: 13)
        #expect(scenario.requests.count == 1)
        #expect(scenario.machine.oldestUnhandled?.occurrence == scenario.id("j0@10"))
        #expect(scenario.machine.nextWake > scenario.now)
        scenario.answer()
        #expect(scenario.requests.count == 5)
        #expect(scenario.machine.oldestUnhandled?.occurrence == scenario.id("j1@12"))
        scenario.answer()
        #expect(scenario.starts.count == 5)
        #expect(scenario.machine.oldestUnhandled == nil)
    }

    /// Stuck for longer than looks may be apart: what came due meanwhile is late.
    @Test func aStuckLedgerMakesLate() {
        let scenario = Scenario([Scenario.job("a", every: 5) { $0.overlap = .allowAll }])
        scenario.isLedgerSlow = true
        scenario.run(until: 32)
        scenario.isLedgerSlow = false
        scenario.answer()
        // The one of 20 is the latest of the late ones, but its window has passed.
        #expect(
            scenario.log == [
                "32 start a@5 +27", "32 miss a@10..15#2 catchup", "32 miss a@20 window", "32 start a@25 +7",
                "32 start a@30 +2",
            ])
        #expect(scenario.ledger.violations.isEmpty)
    }

    @Test func failuresAreTriedAgainEverySecond() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.isLedgerBroken = true
        scenario.run(until: 65)
        #expect(scenario.requests.count == 6)
        #expect(scenario.log.isEmpty)
        #expect(scenario.machine.oldestUnhandled?.fireTime == scenario.time(60))
        scenario.isLedgerBroken = false
        scenario.run(until: 67)
        #expect(scenario.log == ["66 start a@60 +6"])
        #expect(scenario.machine.oldestUnhandled == nil)
        // Ends of runs are kept as well.
        scenario.isLedgerBroken = true
        scenario.finish("a@60")
        scenario.run(until: 70)
        #expect(scenario.ledger.row(scenario.id("a@60"))?.state == .claimed)
        scenario.isLedgerBroken = false
        scenario.run(until: 72)
        #expect(scenario.ledger.row(scenario.id("a@60"))?.state == .ran(.succeeded))
        #expect(scenario.machine.status.counts.succeeded == 1)
    }

    @Test func failuresWhileClaimsWait() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .cancelOther }])
        scenario.run(until: 119)
        scenario.isLedgerBroken = true
        scenario.run(until: 122)
        scenario.isLedgerBroken = false
        scenario.run(until: 179)
        scenario.isLedgerBroken = true
        scenario.run(until: 182)
        scenario.isLedgerBroken = false
        scenario.run(until: 185)
        scenario.isLedgerBroken = true
        scenario.finish("a@60")
        scenario.isLedgerBroken = false
        scenario.run(until: 190)
        #expect(
            scenario.log == [
                "60 start a@60", "123 wait a@120 (a@60)", "123 cancel a@60 replaced",
                "183 skip a@120 overlap (a@60)", "183 wait a@180 (a@60)", "186 start a@180 +6",
            ])
        #expect(scenario.ledger.violations.isEmpty)
    }

    /// A failure after all was on disk: asked once more, the ledger knows the run.
    @Test func failuresThatWereNone() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .bufferAll }])
        scenario.isLedgerDeceiving = true
        scenario.run(until: 60)
        scenario.isLedgerDeceiving = false
        scenario.run(until: 119)
        #expect(scenario.log == ["61 start a@60 +1"])
        scenario.isLedgerDeceiving = true
        scenario.run(until: 120)
        scenario.isLedgerDeceiving = false
        scenario.run(until: 130)
        scenario.isLedgerDeceiving = true
        scenario.finish("a@60")
        scenario.isLedgerDeceiving = false
        scenario.run(until: 133)
        #expect(scenario.log == ["61 start a@60 +1", "121 wait a@120 (a@60)", "131 start a@120 +11"])
        #expect(scenario.machine.status.counts.started == 2)
        #expect(scenario.machine.status.counts.lost == 0)
    }

    /// By the time the ledger works again the occurrence is late and would be missed; but the ledger has it as begun.
    @Test func aClaimThatTheLedgerHasIsNotForgotten() {
        let scenario = Scenario([Scenario.job("a") { $0.catchUp = .none }])
        scenario.isLedgerDeceiving = true
        scenario.run(until: 60)
        scenario.isLedgerDeceiving = false
        scenario.isLedgerBroken = true
        scenario.run(until: 100)
        scenario.isLedgerBroken = false
        scenario.run(until: 102)
        #expect(scenario.log == ["101 start a@60 +41"])
        scenario.finish("a@60")
        #expect(scenario.ledger.row(scenario.id("a@60"))?.state == .ran(.succeeded))
        scenario.run(until: 121)
        #expect(scenario.log.last == "120 start a@120")
    }

    /// It is due no more, since the clock was set back.
    @Test func aClaimThatTheLedgerHasBeginsWhateverTheClock() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.isLedgerDeceiving = true
        scenario.run(until: 60)
        scenario.isLedgerDeceiving = false
        scenario.setClock(to: 10)
        scenario.run(until: 12)
        #expect(scenario.log == ["11 start a@60"])
        scenario.finish("a@60")
        scenario.run(until: 121)
        #expect(scenario.log == ["11 start a@60", "120 start a@120"])
    }

    @Test func aClaimThatTheLedgerHasOfARemovedJobIsClosed() {
        for overlap in [OverlapPolicy.skip, .bufferOne] {
            let scenario = Scenario([Scenario.job("a") { $0.overlap = overlap }])
            if overlap == .bufferOne { scenario.run(until: 61) }
            scenario.isLedgerDeceiving = true
            scenario.run(until: 120)
            scenario.isLedgerDeceiving = false
            scenario.load([])
            scenario.run(until: 125)
            let row = scenario.ledger.row(scenario.id(overlap == .skip ? "a@60" : "a@120"))
            #expect(row?.state == (overlap == .skip ? .ran(.failed) : .skipped(.overlap)))
        }
    }

    @Test func aClaimThatSomebodyElseTookMeanwhileIsDropped() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.isLedgerBroken = true
        scenario.run(until: 60)
        scenario.ledger.setAccounted("a", upTo: scenario.time(60))
        scenario.isLedgerBroken = false
        scenario.run(until: 63)
        #expect(scenario.log.isEmpty)
        #expect(scenario.machine.status.counts.lost == 0)
        #expect(scenario.machine.status.waitingClaims == 0)
        scenario.run(until: 120)
        #expect(scenario.log == ["120 start a@120"])
    }

    /// The ledger has let it begin; that the job is suspended by now comes too late.
    @Test func aBeginningThatTheLedgerHasIsNotForgotten() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .bufferAll }])
        scenario.run(until: 125)
        scenario.isLedgerDeceiving = true
        scenario.finish("a@60")
        scenario.isLedgerDeceiving = false
        scenario.load([
            Scenario.job("a") {
                $0.overlap = .bufferAll
                $0.isSuspended = true
            }
        ])
        scenario.run(until: 127)
        #expect(scenario.log == ["60 start a@60", "120 wait a@120 (a@60)", "126 start a@120 +6"])
    }

    @Test func aReplacedClaimMayBeLost() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .cancelOther }])
        scenario.run(until: 125)
        _ = scenario.ledger.reap(for: ["a": .report], by: "other", at: 1_000_000_000_000)
        scenario.run(until: 180)
        #expect(scenario.log.suffix(2) == ["180 lost a@120", "180 wait a@180 (a@60)"])
        #expect(scenario.machine.status.counts.skippedForOverlap == 0)
    }

    @Test func lostClaims() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .bufferAll }])
        scenario.run(until: 121)
        // Somebody thought that we were dead.
        let reaped = scenario.ledger.reap(for: ["a": .report], by: "other", at: 1_000_000_000_000)
        #expect(reaped.count == 2)
        scenario.finish("a@60")
        #expect(scenario.log.suffix(2) == ["121 lost a@60", "121 lost a@120"])
        #expect(scenario.machine.status.counts.lost == 2)
        #expect(scenario.machine.status.waitingClaims == 0)
        scenario.run(until: 181)
        #expect(scenario.log.last == "180 start a@180")
    }

    /// Whoever reads the history wants to know when a run began, not when that was decided.
    @Test func aRunBeginsWhenTheLedgerHasAnswered() throws {
        let scenario = Scenario([Scenario.job("a")])
        scenario.isLedgerSlow = true
        scenario.run(until: 64)
        scenario.isLedgerSlow = false
        scenario.answer()
        let start = try #require(scenario.starts.first)
        #expect(start.startedAt == scenario.time(64) && start.lateness == .seconds(4))
        #expect(scenario.log.contains("64 start a@60 +4"))
        scenario.finish("a@60")
        let now = scenario.time(64)
        #expect(
            scenario.requests.last
                == .finish(start.occurrence, runID: start.runID, .succeeded, at: now, startedAt: start.startedAt))
    }

    @Test func answersThatDoNotMatchAreFailures() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.isLedgerSlow = true
        scenario.run(until: 60)
        scenario.machine.answered([], at: scenario.moment)
        scenario.isLedgerSlow = false
        scenario.run(until: 62)
        #expect(scenario.log == ["61 start a@60 +1"])
        // Nobody waits for these.
        scenario.machine.answered([.started], at: scenario.moment)
        scenario.machine.ledgerFailed()
        #expect(scenario.starts.count == 1)
    }
}
