import JobModel
import Scheduling
import Testing

/// Runs of different jobs that exclude each other.
@Suite struct MutexTests {
    private static func job(_ name: String, every period: Int64 = 60, _ overlap: OverlapPolicy = .skip) -> ScheduledJob
    {
        Scenario.job(name, every: period) {
            $0.mutexes = ["m"]
            $0.overlap = overlap
        }
    }

    /// A mutex is waited for whatever the policy; what waits counts for the policy.
    @Test(arguments: [
        PolicyCase(.skip, ["120 skip b@120 overlap (b@60)", "180 skip b@180 overlap (b@60)", "190 start b@60 +130"]),
        PolicyCase(
            .bufferOne, ["120 skip b@120 overlap (b@60)", "180 skip b@180 overlap (b@60)", "190 start b@60 +130"]),
        PolicyCase(
            .bufferAll, ["120 wait b@120 (b@60)", "180 wait b@180 (b@60)", "190 start b@60 +130"]),
        PolicyCase(
            .cancelOther,
            [
                "120 skip b@60 overlap (a@60 m)", "120 wait b@120", "180 skip b@120 overlap", "180 wait b@180",
                "190 start b@180 +10",
            ]),
        PolicyCase(.allowAll, ["120 wait b@120 (b@60)", "180 wait b@180 (b@60)", "190 start b@60 +130"]),
    ])
    func ownRun(_ policy: PolicyCase) {
        let once = ListCalendar(times: [Timestamp(seconds: Scenario.zero + 60)])
        var first = SchedulePolicy()
        first.mutexes = ["m"]
        let scenario = Scenario([
            ScheduledJob(name: "a", calendar: once, fingerprint: "1", policy: first),
            Scenario.job("b") {
                policy.adjust(&$0)
                $0.mutexes = ["x", "m"]
            },
        ])
        scenario.run(until: 190)
        scenario.finish("a@60")
        scenario.run(until: 200)
        #expect(scenario.log == ["60 start a@60", "60 wait b@60 (a@60 m)"] + policy.expected)
        #expect(scenario.ledger.violations.isEmpty)
    }

    @Test(arguments: OverlapPolicy.allCases) func foreignRun(_ overlap: OverlapPolicy) {
        let scenario = Scenario([Self.job("a", overlap), Scenario.job("other", every: 86_400)])
        scenario.ledger.plant("other", scenario.time(-30), owner: "other", mutexes: ["m"])
        scenario.run(until: 70)
        scenario.nudge(300_000)
        scenario.finishForeign("other@-30")
        scenario.run(until: 80)
        #expect(scenario.log == ["60 wait a@60 (foreign other@-30 m)", "71 start a@60 +11"])
        #expect(scenario.ledger.row(scenario.id("other@-30"))?.isStopRequested == false)
    }

    @Test func lateOnesWaitToo() {
        let scenario = Scenario([Self.job("a"), Self.job("b")], known: 0, at: 70)
        #expect(scenario.log == ["70 start a@60 +10 catch-up", "70 wait b@60 (a@60 m)"])
        scenario.run(until: 75)
        scenario.finish("a@60")
        #expect(scenario.log.last == "75 start b@60 +15 catch-up")
    }

    /// A busy job does not keep the others out.
    @Test func turnsAreFair() {
        let scenario = Scenario([Self.job("a", every: 1, .bufferAll), Self.job("b", every: 4), Self.job("c", every: 8)])
        var runs: [String] = []
        for second in 1...60 {
            scenario.run(until: Int64(second))
            if let start = scenario.starts.last, second % 2 == 0 {
                runs.append(start.occurrence.job)
                scenario.finish("\(start.occurrence.job)@\(start.occurrence.nominalTime.seconds - Scenario.zero)")
            }
        }
        #expect(runs.count == 30)
        #expect(runs.count { $0 == "b" } >= 6)
        #expect(runs.count { $0 == "c" } >= 6)
        #expect(runs.count { $0 == "a" } >= 8)
    }

    /// Many that wait for one: each end begins one, with few requests.
    @Test func manyWaiters() {
        let scenario = Scenario((0..<200).map { Self.job("j\($0)", every: 3600) })
        scenario.run(until: 3601)
        #expect(scenario.starts.count == 1)
        for round in 0..<199 {
            let start = scenario.starts[round]
            scenario.finish("\(start.occurrence.job)@3600")
            #expect(scenario.starts.count == round + 2)
        }
        #expect(scenario.starts.map(\.occurrence.job) == (0..<200).map { "j\($0)" })
        // A claim, an end, and for those that waited a beginning.
        #expect(scenario.requests.count == 200 + 199 + 199)
    }

    /// While another process has the mutex, one of the waiters asks for it each second, not all.
    @Test func foreignMutexIsAskedForOnce() {
        let jobs = (0..<50).map { Self.job("j\($0)", every: 3600) } + [Scenario.job("other", every: 86_400)]
        let scenario = Scenario(jobs)
        scenario.ledger.plant("other", scenario.time(-30), owner: "other", mutexes: ["m"])
        scenario.run(until: 3600)
        let before = scenario.requests.count
        scenario.run(until: 3700)
        #expect(scenario.requests.count - before <= 101)
        scenario.finishForeign("other@-30")
        scenario.run(until: 3702)
        #expect(scenario.starts.count == 1)
    }

    /// A waiting occurrence beside a job that may overlap with itself is bounded as well.
    @Test func allowAllHoldsAHundred() {
        let scenario = Scenario([Self.job("a", every: 1, .allowAll)])
        scenario.run(until: 200)
        #expect(scenario.starts.count == 1)
        #expect(scenario.machine.status.waitingClaims == 100)
    }
}
