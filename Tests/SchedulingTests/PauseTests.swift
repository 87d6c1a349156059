import JobModel
import Scheduling
import Testing

/// Suspended jobs and paused accounts.
@Suite struct PauseTests {
    @Test(arguments: OverlapPolicy.allCases) func suspendedJobsAreSkipped(_ overlap: OverlapPolicy) {
        let scenario = Scenario([
            Scenario.job("a") {
                $0.isSuspended = true
                $0.overlap = overlap
            }
        ])
        scenario.run(until: 130)
        scenario.sleep(until: 310)
        #expect(
            scenario.log == ["60 skip a@60 suspended", "120 skip a@120 suspended", "310 skip a@180..300#3 suspended"])
        #expect(scenario.machine.status.jobs[0].isSuspended)
    }

    @Test func pausedAccountsAreSkipped() {
        let scenario = Scenario([Scenario.job("a", account: "x"), Scenario.job("b", account: "y")])
        scenario.machine.accountPaused("x")
        scenario.run(until: 70)
        #expect(scenario.log == ["60 skip a@60 credentialsRejected", "60 start b@60"])
        #expect(scenario.machine.status.jobs.map(\.isPaused) == [true, false])
        scenario.sleep(until: 200)
        scenario.machine.accountResumed("x")
        scenario.run(until: 245)
        #expect(
            scenario.log.dropFirst(2) == [
                "200 skip a@120..180#2 credentialsRejected", "200 miss b@120 catchup", "200 wait b@180 (b@60)",
                "240 start a@240", "240 skip b@240 overlap (b@60)",
            ])
        #expect(scenario.machine.status.counts.skippedForCredentials == 3)
    }

    /// What waits for its turn is decided when that comes.
    @Test func waitingClaimsOfAPausedAccount() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .bufferAll }])
        scenario.run(until: 185)
        scenario.machine.accountPaused("account")
        scenario.finish("a@60", .failed)
        #expect(
            scenario.log.suffix(2) == ["185 skip a@120 credentialsRejected", "185 skip a@180 credentialsRejected"])
        #expect(scenario.machine.status.waitingClaims == 0)
    }

    @Test func unknownAccountsMayBePaused() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.machine.accountPaused("new")
        scenario.load([Scenario.job("a"), Scenario.job("b", account: "new")])
        scenario.run(until: 61)
        #expect(scenario.log == ["60 start a@60", "60 skip b@60 credentialsRejected"])
    }
}
