import JobModel
import Scheduling
import Testing

/// Occurrences whose time passed while nobody looked.
@Suite struct CatchUpTests {
    /// Down from 0 to 630, every minute.
    static let down: [PolicyCase] = [
        PolicyCase("latest", { _ in }, ["miss a@60..540#9 catchup", "start a@600 +30 catch-up"]),
        PolicyCase(
            "latest, window shorter than the lateness", { $0.catchUpWindow = .seconds(20) },
            ["miss a@60..540#9 catchup", "miss a@600 window"]),
        PolicyCase(
            "latest, window equal to the lateness", { $0.catchUpWindow = .seconds(30) },
            ["miss a@60..540#9 catchup", "miss a@600 window"]),
        PolicyCase(
            "latest, window a little longer", { $0.catchUpWindow = .seconds(30) + .microseconds(1) },
            ["miss a@60..540#9 catchup", "start a@600 +30 catch-up"]),
        PolicyCase("none", { $0.catchUp = .none }, ["miss a@60..600#10 catchup"]),
        PolicyCase(
            "all, to the next nominal time", { $0.catchUp = .all },
            ["miss a@60..540#9 window", "start a@600 +30 catch-up"]),
        PolicyCase(
            "all, with a window",
            {
                $0.catchUp = .all
                $0.catchUpWindow = .seconds(200)
            },
            [
                "miss a@60..420#7 window", "start a@480 +150 catch-up", "wait a@540 (a@480)", "wait a@600 (a@480)",
            ]),
        PolicyCase(
            "all, with a window that ends at one",
            {
                $0.catchUp = .all
                $0.catchUpWindow = .seconds(150)
            }, ["miss a@60..480#8 window", "start a@540 +90 catch-up", "wait a@600 (a@540)"]),
        PolicyCase(
            "all, with a maximum",
            {
                $0.catchUp = .all
                $0.catchUpWindow = .seconds(3600)
                $0.catchUpMaximum = 2
            }, ["miss a@60..480#8 catchup", "start a@540 +90 catch-up", "wait a@600 (a@540)"]),
        PolicyCase(
            "all, with a window and a maximum",
            {
                $0.catchUp = .all
                $0.catchUpWindow = .seconds(200)
                $0.catchUpMaximum = 1
            }, ["miss a@60..420#7 window", "miss a@480..540#2 catchup", "start a@600 +30 catch-up"]),
        PolicyCase(
            "all, at most none",
            {
                $0.catchUp = .all
                $0.catchUpWindow = .seconds(3600)
                $0.catchUpMaximum = 0
            }, ["miss a@60..600#10 catchup"]),
        PolicyCase(
            "all, too late",
            {
                $0.catchUp = .all
                $0.catchUpWindow = .seconds(1)
            }, ["miss a@60..600#10 window"]),
        PolicyCase("suspended", { $0.isSuspended = true }, ["skip a@60..600#10 suspended"]),
    ]

    @Test(arguments: down, [SchedulerMachine.Mode.daemon, .tick])
    func afterDowntime(_ policy: PolicyCase, _ mode: SchedulerMachine.Mode) {
        let scenario = Scenario([Scenario.job("a", policy.adjust)], mode: mode, known: 0, at: 630)
        #expect(scenario.log == policy.expected.map { "630 \($0)" })
        #expect(scenario.ledger.violations.isEmpty)
    }

    @Test(arguments: down) func afterSleep(_ policy: PolicyCase) {
        let scenario = Scenario([Scenario.job("a", policy.adjust)])
        scenario.run(until: 5)
        scenario.sleep(until: 630)
        #expect(scenario.log == policy.expected.map { "630 \($0)" })
        #expect(scenario.notes.contains(.unattended(.seconds(625))))
    }

    /// The wall clock alone jumps.
    @Test(arguments: down) func afterAStepForward(_ policy: PolicyCase) {
        let scenario = Scenario([Scenario.job("a", policy.adjust)])
        scenario.run(until: 5)
        scenario.setClock(to: 630)
        #expect(scenario.log == policy.expected.map { "630 \($0)" })
        #expect(scenario.notes.contains(.clockStepped(by: .seconds(625))))
    }

    @Test func catchUpRunsGoOneAfterAnother() {
        for overlap in OverlapPolicy.allCases {
            let job = Scenario.job("a") {
                $0.overlap = overlap
                $0.catchUp = .all
                $0.catchUpWindow = .seconds(3600)
                $0.catchUpMaximum = 3
            }
            let scenario = Scenario([job], known: 0, at: 601)
            for (second, run) in zip([610, 620, 630], ["a@480", "a@540", "a@600"]) {
                scenario.run(until: Int64(second))
                scenario.finish(run)
            }
            #expect(
                scenario.log == [
                    "601 miss a@60..420#7 catchup", "601 start a@480 +121 catch-up", "601 wait a@540 (a@480)",
                    "601 wait a@600 (a@480)", "610 start a@540 +70 catch-up", "620 start a@600 +20 catch-up",
                ], "\(overlap)")
        }
    }

    @Test(arguments: [(0, false), (-1, true)] as [(Int64, Bool)])
    func windowIsADayAtMost(_ microseconds: Int64, _ runs: Bool) {
        let year: Int64 = 365 * 86_400
        let job = Scenario.job("a", every: year)
        let next = PeriodicCalendar.seconds(year).next(after: Timestamp(seconds: Scenario.zero))
        let nominal = (next?.nominalTime.seconds ?? 0) - Scenario.zero
        let scenario = Scenario([job])
        scenario.run(until: 1)
        scenario.sleep(until: nominal - 1000)
        // Just before the end of the window, then a step of less than a second.
        scenario.nudge((86_400 + 1000) * 1_000_000 + microseconds)
        #expect(scenario.log.last?.contains("start") == runs)
        #expect(scenario.log.last?.contains("window") == !runs)
    }

    /// On time is what became due between looks at most three seconds apart.
    @Test(arguments: [(3, false), (4, true)] as [(Int64, Bool)])
    func threeSecondsWithoutALookAreInTime(_ pause: Int64, _ isLate: Bool) {
        let scenario = Scenario([Scenario.job("a") { $0.catchUp = .none }])
        scenario.run(until: 58)
        scenario.sleep(until: 58 + pause)
        #expect(scenario.log == [isLate ? "62 miss a@60 catchup" : "61 start a@60 +1"])
    }

    /// A stop of the process that the wall clock hides.
    @Test func aGapOfTheMonotonicClockCounts() {
        let scenario = Scenario([Scenario.job("a") { $0.catchUp = .none }])
        scenario.run(until: 58)
        scenario.jump(to: 62, monotonicSeconds: 300)
        #expect(scenario.log == ["62 miss a@60 catchup"])
        #expect(scenario.notes.prefix(2) == [.unattended(.seconds(300)), .clockStepped(by: .seconds(-296))])
    }

    @Test func newJobsOweNothing() {
        let scenario = Scenario([Scenario.job("a")], at: 630)
        #expect(scenario.log.isEmpty)
        scenario.run(until: 661)
        #expect(scenario.log == ["660 start a@660"])
    }

    @Test func jitterMovesFireTimesOnly() {
        let calendar = PeriodicCalendar.seconds(60, jitter: 50)
        let scenario = Scenario([
            ScheduledJob(name: "a", calendar: calendar, fingerprint: "1", account: "", file: "")
        ])
        scenario.run(until: 600)
        for start in scenario.starts {
            let planned = calendar.latest(through: start.occurrence.nominalTime)
            #expect(planned?.nominalTime == start.occurrence.nominalTime)
            #expect(planned?.fireTime == start.startedAt)
            #expect(start.lateness == .zero)
            scenario.finish("a@\(start.occurrence.nominalTime.seconds - Scenario.zero)")
        }
        #expect(scenario.log.contains { $0.contains("start a@60") })
    }

    /// The last nominal time is past, but waits for its fire time: it is not late, and not part of the late range.
    @Test func jitterOfTheLastKeepsItInTime() throws {
        let calendar = PeriodicCalendar.seconds(60, jitter: 50)
        let base = Scenario.zero / 60
        let index = try #require((2..<100).first { jitter(calendar, base + $0) >= 20_000_000 })
        let nominal = index * 60
        let wait = jitter(calendar, base + index)
        let job = ScheduledJob(name: "a", calendar: calendar, fingerprint: "1", account: "", file: "")
        let scenario = Scenario([job], known: 0, at: nominal + 5)
        #expect(scenario.ledger.jobs["a"]?.accountedUpTo == scenario.time(nominal - 60))
        scenario.finish("a@\(nominal - 60)")
        scenario.run(until: nominal + 60)
        let start = try #require(scenario.starts.first { $0.occurrence.nominalTime == scenario.time(nominal) })
        #expect(start.startedAt == scenario.time(nominal) + .microseconds(wait))
        #expect(!start.isCatchUp)
    }

    /// Without a window of its own, an occurrence may begin until the next one fires: its jitter leaves no hole.
    @Test(arguments: [-1, 0, 1_000_000] as [Int64])
    func theLatestMayBeginUntilTheNextFires(_ microseconds: Int64) throws {
        let calendar = PeriodicCalendar.seconds(60, jitter: 50)
        let base = Scenario.zero / 60
        let index = try #require((3..<100).first { jitter(calendar, base + $0) >= 20_000_000 })
        let scenario = Scenario([ScheduledJob(name: "a", calendar: calendar, fingerprint: "1")])
        scenario.nudge(index * 60_000_000 + microseconds)
        #expect(scenario.starts.map(\.occurrence) == [scenario.id("a@\((index - 1) * 60)")])
        #expect(scenario.machine.status.counts.missedForWindow == 0)
    }

    private func jitter(_ calendar: PeriodicCalendar, _ number: Int64) -> Int64 {
        let occurrence = calendar.occurrence(number)
        return (occurrence.fireTime - occurrence.nominalTime).wholeMicroseconds
    }

    /// A weekend of a job every second, and a century.
    @Test(arguments: [172_800, 3_155_760_000] as [Int64], CatchUpPolicy.allCases)
    func longRangesCostFewSteps(_ seconds: Int64, _ catchUp: CatchUpPolicy) {
        for suspended in [false, true] {
            let calls = CallCount()
            let job = Scenario.job("a", every: 1, calls: calls) {
                $0.catchUp = catchUp
                $0.catchUpWindow = .seconds(7200)
                $0.isSuspended = suspended
            }
            let scenario = Scenario([job])
            scenario.run(until: 3)
            scenario.finish("a@1")
            let before = calls.value
            scenario.sleep(until: seconds)
            #expect(calls.value - before < 40)
            #expect(scenario.requests.count < 30)
            let rows = scenario.ledger.jobs["a"]?.rows ?? []
            #expect(rows.map(\.span.count).reduce(0, +) == Int(seconds))
            #expect(scenario.ledger.violations.isEmpty)
        }
    }

    /// Every sleep over a run that hangs adds a late one: the ones before give way.
    @Test func repeatedSleepsDoNotPileUp() {
        let scenario = Scenario([Scenario.job("a")])
        scenario.run(until: 61)
        for round in 1...20 { scenario.sleep(until: 61 + Int64(round) * 300) }
        #expect(scenario.machine.status.waitingClaims == 1)
        #expect(scenario.log.filter { $0.contains("wait") }.count == 20)
        #expect(scenario.machine.status.counts.missedForCatchUp == 20 * 5 - 1)
        scenario.finish("a@60")
        #expect(scenario.log.last == "6061 start a@6060 +1 catch-up")
    }

    @Test func onceOnlySchedules() {
        let at = ListCalendar(times: [Timestamp(seconds: Scenario.zero + 100)])
        let job = ScheduledJob(name: "once", calendar: at, fingerprint: "1")
        let inTime = Scenario([job])
        inTime.run(until: 200)
        #expect(inTime.log == ["100 start once@100"])
        #expect(inTime.machine.nextFireTime == nil)
        let late = Scenario([job], known: 0, at: 86_400)
        #expect(late.log == ["86400 start once@100 +86300 catch-up"])
        let tooLate = Scenario([job], known: 0, at: 86_500)
        #expect(tooLate.log == ["86500 miss once@100 window"])
    }

    @Test func finishedSuspensionIsNotCaughtUp() {
        let scenario = Scenario([Scenario.job("a") { $0.isSuspended = true }], known: 0, at: 90)
        #expect(scenario.log == ["90 skip a@60 suspended"])
        // The process was away from 90 to 630; by then the job is suspended no more.
        scenario.sleep(until: 95)
        let ledger = scenario.ledger
        var machine = SchedulerMachine(mode: .daemon, random: SystemRandomNumberGenerator())
        let job = Scenario.job("a")
        let standings = ledger.register([job.registration(from: scenario.time(630))], at: scenario.time(630))
        #expect(standings[0].wasSuspended)
        let moment = SchedulerMoment(monotonic: MonotonicInstant(nanoseconds: 0), wall: scenario.time(630))
        machine.load([job], standings: standings, at: moment)
        guard case .apply(let requests)? = machine.advance(to: moment).first else {
            Issue.record("nothing was asked")
            return
        }
        #expect(
            requests == [
                .passOver(
                    job: "a", OccurrenceSpan(first: scenario.time(120), last: scenario.time(600), count: 9),
                    as: .skipped(.suspended), after: scenario.time(60))
            ])
    }
}
