import JobModel
import Scheduling
import Testing

/// What a policy makes of a script.
struct PolicyCase: Sendable, CustomTestStringConvertible {
    var name: String
    var adjust: @Sendable (inout SchedulePolicy) -> Void
    var expected: [String]

    init(_ overlap: OverlapPolicy, _ expected: [String]) {
        name = overlap.rawValue
        adjust = { $0.overlap = overlap }
        self.expected = expected
    }

    init(_ name: String, _ adjust: @escaping @Sendable (inout SchedulePolicy) -> Void, _ expected: [String]) {
        self.name = name
        self.adjust = adjust
        self.expected = expected
    }

    var testDescription: String { name }
}

/// Occurrences that are due while a run of their job is going.
@Suite struct OverlapTests {
    @Test(arguments: [
        PolicyCase(
            .skip,
            ["60 start a@60", "120 skip a@120 overlap (a@60)", "180 skip a@180 overlap (a@60)", "240 start a@240"]),
        PolicyCase(
            .bufferOne,
            [
                "60 start a@60", "120 wait a@120 (a@60)", "180 skip a@180 overlap (a@60)", "190 start a@120 +70",
                "240 start a@240",
            ]),
        PolicyCase(
            .bufferAll,
            [
                "60 start a@60", "120 wait a@120 (a@60)", "180 wait a@180 (a@60)", "190 start a@120 +70",
                "200 start a@180 +20", "240 start a@240",
            ]),
        PolicyCase(
            .cancelOther,
            [
                "60 start a@60", "120 wait a@120 (a@60)", "120 cancel a@60 replaced",
                "180 skip a@120 overlap (a@60)", "180 wait a@180 (a@60)", "190 start a@180 +10", "240 start a@240",
            ]),
        PolicyCase(.allowAll, ["60 start a@60", "120 start a@120", "180 start a@180", "240 start a@240"]),
    ])
    func ownRun(_ policy: PolicyCase) {
        let scenario = Scenario([Scenario.job("a", policy.adjust)])
        scenario.run(until: 190)
        scenario.finish("a@60")
        scenario.run(until: 200)
        if policy.name == "bufferOne" || policy.name == "bufferAll" { scenario.finish("a@120") }
        scenario.run(until: 210)
        if policy.name == "bufferAll" || policy.name == "cancelOther" { scenario.finish("a@180") }
        scenario.run(until: 250)
        #expect(scenario.log == policy.expected)
        #expect(scenario.ledger.violations.isEmpty)
    }

    @Test(arguments: [
        PolicyCase(
            .skip,
            [
                "60 skip a@60 overlap (foreign a@30)", "120 skip a@120 overlap (foreign a@30)", "180 start a@180",
            ]),
        PolicyCase(
            .bufferOne,
            [
                "60 wait a@60 (foreign a@30)", "120 skip a@120 overlap (a@60)", "131 start a@60 +71",
                "180 wait a@180 (a@60)",
            ]),
        PolicyCase(
            .bufferAll,
            [
                "60 wait a@60 (foreign a@30)", "120 wait a@120 (a@60)", "131 start a@60 +71",
                "180 wait a@180 (a@60)",
            ]),
        PolicyCase(
            .cancelOther,
            [
                "60 wait a@60 (foreign a@30)", "60 ask to stop", "120 skip a@60 overlap (foreign a@30)",
                "120 wait a@120", "121 ask to stop", "131 start a@120 +11", "180 wait a@180 (a@120)",
                "180 cancel a@120 replaced",
            ]),
        PolicyCase(.allowAll, ["60 start a@60", "120 start a@120", "180 start a@180"]),
    ])
    func foreignRun(_ policy: PolicyCase) {
        let scenario = Scenario([Scenario.job("a", policy.adjust)])
        scenario.ledger.plant("a", scenario.time(30), owner: "other")
        scenario.run(until: 130)
        scenario.nudge(500_000)
        scenario.finishForeign("a@30")
        scenario.run(until: 190)
        #expect(scenario.log == policy.expected)
        #expect(scenario.ledger.row(scenario.id("a@30"))?.isStopRequested == (policy.name == "cancelOther"))
    }

    /// A run that was going when the machine slept; the late occurrence waits for it whatever the policy.
    @Test(arguments: OverlapPolicy.allCases) func lateBehindOwnRun(_ overlap: OverlapPolicy) {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = overlap }])
        scenario.run(until: 61)
        scenario.sleep(until: 700)
        var expected = ["60 start a@60", "700 miss a@120..600#9 catchup"]
        if overlap == .allowAll {
            expected += ["700 start a@660 +40 catch-up"]
        } else {
            expected += ["700 wait a@660 (a@60)", "710 start a@660 +50 catch-up"]
        }
        scenario.run(until: 710)
        scenario.finish("a@60")
        scenario.run(until: 715)
        #expect(scenario.log == expected)
    }

    @Test(arguments: OverlapPolicy.allCases) func lateBehindForeignRun(_ overlap: OverlapPolicy) {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = overlap }], known: -100, at: 70)
        scenario.ledger.plant("a", scenario.time(-110), owner: "other")
        scenario.load([Scenario.job("a") { $0.overlap = overlap }])
        // The first look came before the other run.
        #expect(scenario.log == ["70 miss a@-60..0#2 catchup", "70 start a@60 +10 catch-up"])

        let second = Scenario([Scenario.job("a") { $0.overlap = overlap }])
        second.run(until: 10)
        second.ledger.plant("a", second.time(-110), owner: "other")
        second.sleep(until: 70)
        second.run(until: 80)
        second.finishForeign("a@-110")
        second.run(until: 90)
        #expect(
            second.log
                == (overlap == .allowAll
                    ? ["70 start a@60 +10 catch-up"]
                    : ["70 wait a@60 (foreign a@-110)", "81 start a@60 +21 catch-up"]))
    }

    @Test func onTimeWhileCatchUpRunsIsJudgedByOverlap() {
        for (overlap, expected) in [
            (OverlapPolicy.skip, "180 skip a@180 overlap (a@60)"), (.bufferOne, "180 skip a@180 overlap (a@60)"),
            (.bufferAll, "180 wait a@180 (a@60)"), (.allowAll, "180 start a@180"),
        ] {
            let job = Scenario.job("a") {
                $0.overlap = overlap
                $0.catchUp = .all
                $0.catchUpWindow = .seconds(600)
            }
            let scenario = Scenario([job], known: 0, at: 130)
            scenario.run(until: 185)
            #expect(
                scenario.log == ["130 start a@60 +70 catch-up", "130 wait a@120 (a@60)", expected], "\(overlap)")
            scenario.finish("a@60")
            #expect(scenario.log.last == "185 start a@120 +65 catch-up")
        }
    }

    @Test func cancelOtherReplacesAWaitingCatchUp() {
        let job = Scenario.job("a") {
            $0.overlap = .cancelOther
            $0.catchUp = .all
            $0.catchUpWindow = .seconds(600)
        }
        let scenario = Scenario([job], known: 0, at: 130)
        scenario.run(until: 185)
        #expect(
            scenario.log == [
                "130 start a@60 +70 catch-up", "130 wait a@120 (a@60)", "180 skip a@120 overlap (a@60)",
                "180 wait a@180 (a@60)", "180 cancel a@60 replaced",
            ])
        scenario.finish("a@60", .failed)
        #expect(scenario.log.last == "185 start a@180 +5")
        #expect(scenario.machine.status.counts.failed == 1)
    }

    private static let atOnce: [PolicyCase] = [
        PolicyCase(.skip, ["start a@1 +3", "skip a@2..4#3 overlap (a@1)"]),
        PolicyCase(.bufferOne, ["start a@1 +3", "wait a@2 (a@1)", "skip a@3..4#2 overlap (a@1)"]),
        PolicyCase(.bufferAll, ["start a@1 +3", "wait a@2 (a@1)", "wait a@3 (a@1)", "wait a@4 (a@1)"]),
        PolicyCase(.allowAll, ["start a@1 +3", "start a@2 +2", "start a@3 +1", "start a@4"]),
        PolicyCase(
            .cancelOther,
            [
                "start a@1 +3", "wait a@2 (a@1)", "cancel a@1 replaced", "skip a@2 overlap (a@1)", "wait a@3 (a@1)",
                "skip a@3 overlap (a@1)", "wait a@4 (a@1)",
            ]),
    ]

    /// Several come due while the ledger is busy: each is judged after the one before.
    @Test(arguments: atOnce) func severalWhileTheLedgerIsBusy(_ policy: PolicyCase) {
        let scenario = Scenario([Scenario.job("a", every: 1, policy.adjust)])
        scenario.isLedgerSlow = true
        scenario.run(until: 4)
        scenario.isLedgerSlow = false
        scenario.answer()
        #expect(scenario.log.map { $0.drop { $0 != " " }.dropFirst() } == policy.expected.map { $0[...] })
    }

    private static let atOneLook: [PolicyCase] = [
        PolicyCase(.skip, ["start a@1 +2", "skip a@2..3#2 overlap (a@1)"]),
        PolicyCase(.bufferOne, ["start a@1 +2", "wait a@2 (a@1)", "skip a@3 overlap (a@1)"]),
        PolicyCase(.bufferAll, ["start a@1 +2", "wait a@2 (a@1)", "wait a@3 (a@1)"]),
        PolicyCase(.allowAll, ["start a@1 +2", "start a@2 +1", "start a@3"]),
        PolicyCase(
            .cancelOther,
            [
                "start a@1 +2", "wait a@2 (a@1)", "cancel a@1 replaced", "skip a@2 overlap (a@1)", "wait a@3 (a@1)",
            ]),
    ]

    /// Several come due between two looks, and nothing is going.
    @Test(arguments: atOneLook) func severalAtOneLook(_ policy: PolicyCase) {
        let scenario = Scenario([Scenario.job("a", every: 1, policy.adjust)])
        scenario.sleep(until: 3)
        #expect(scenario.log == policy.expected.map { "3 \($0)" })
        #expect(scenario.ledger.violations.isEmpty)
    }

    @Test func bufferAllHoldsAHundred() {
        let scenario = Scenario([Scenario.job("a", every: 1) { $0.overlap = .bufferAll }])
        scenario.run(until: 150)
        let status = scenario.machine.status
        #expect(status.waitingClaims == 100)
        #expect(status.counts.skippedForOverlap == 49)
        #expect(scenario.log.last == "150 skip a@150 overlap (a@1)")
    }

    @Test func overrunIsToldOnce() {
        let scenario = Scenario([Scenario.job("a") { $0.overlap = .allowAll }])
        scenario.run(until: 250)
        let overruns = scenario.notes.filter { if case .overran = $0 { true } else { false } }
        // The runs of 60, 120 and 180, each when its successor was due.
        #expect(overruns.count == 3)
    }

    @Test func doneRunsAreNotInTheWay() {
        let scenario = Scenario([Scenario.job("a", every: 1)])
        for second in 1...20 {
            scenario.run(until: Int64(second))
            scenario.finish("a@\(second)", second % 2 == 0 ? .succeeded : .failed)
        }
        #expect(scenario.log.count == 20 && scenario.log.allSatisfy { $0.contains("start") })
        #expect(scenario.machine.status.counts.succeeded == 10)
        #expect(scenario.machine.status.counts.failed == 10)
        #expect(Set(scenario.starts.map(\.runID)).count == 20)
        #expect(scenario.starts.allSatisfy { UUIDText.isValid($0.runID) && $0.trigger == .schedule })
    }
}
