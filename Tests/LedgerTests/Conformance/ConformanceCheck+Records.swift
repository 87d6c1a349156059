import JobModel
import TestSupport
import Testing

extension ConformanceCheck {
    private static func backfill(_ number: Int, earlier: OccurrenceSpan? = nil) -> LedgerRequest {
        var again = claim(number, trigger: .backfill)
        again.runID = "again"
        again.earlier = earlier
        return .backfill(again, previous: minute(number - 1), next: minute(number + 1))
    }

    static let backfilling = [
        ConformanceCheck("an occurrence that has no row gets one") { scene in
            let a = try scene.party()
            #expect(try a.apply(backfill(-5)) == [.started])
            let entry = try #require(try a.entries().first)
            #expect(entry.trigger == .backfill && entry.state == .claimed && entry.nominalTime == minute(-5))
            #expect(try a.finish(-5, runID: "again") == .done)
            #expect(try a.story() == ["-5 ran succeeded"])
            #expect(try a.accounted() == minute(0))
        },
        ConformanceCheck("what became of it before is replaced") { scene in
            let a = try scene.party()
            try a.apply(
                .claim(claim(1), after: minute(0)), .finish(occurrence(1), runID: "run-1", .failed, at: minute(2)),
                .passOver(job: "job", span(2, 2), as: .missed(.window), after: minute(1)))
            #expect(try a.apply(backfill(1), backfill(2)) == [.started, .started])
            #expect(try a.story() == ["1 runs", "2 runs"])
            #expect(try a.entries().allSatisfy { $0.finishedAt == nil && $0.runID == "again" })
        },
        ConformanceCheck("a row of several is split") { scene in
            let cases: [(Int, [String])] = [
                (1, ["1 runs", "2-9 skipped suspended (8)"]),
                (2, ["1 skipped suspended", "2 runs", "3-9 skipped suspended (7)"]),
                (4, ["1-3 skipped suspended (3)", "4 runs", "5-9 skipped suspended (5)"]),
                (8, ["1-7 skipped suspended (7)", "8 runs", "9 skipped suspended"]),
                (9, ["1-8 skipped suspended (8)", "9 runs"]),
            ]
            let a = try scene.party(jobs: [])
            for (number, story) in cases {
                let job = "job \(number)"
                try a.register([job])
                try a.apply(.passOver(job: job, span(1, 9), as: .skipped(.suspended), after: minute(0)))
                #expect(
                    try a.apply(
                        .backfill(
                            claim(number, job), previous: minute(number - 1), next: minute(number + 1)))
                        == [.started])
                #expect(try a.story(job) == story)
                #expect(try a.accounted(job) == minute(9))
            }
        },
        ConformanceCheck("a split row keeps being joined at its end") { scene in
            let a = try scene.party()
            try a.apply(.passOver(job: "job", span(1, 5), as: .missed(.catchup), after: minute(0)))
            try a.apply(
                backfill(3), .finish(occurrence(3), runID: "again", .succeeded, at: minute(9)),
                .passOver(job: "job", span(6, 7), as: .missed(.catchup), after: minute(5)), backfill(5))
            #expect(
                try a.story() == [
                    "1-2 missed catchup (2)", "3 ran succeeded", "4 missed catchup", "5 runs",
                    "6-7 missed catchup (2)",
                ])
        },
        ConformanceCheck("the number before it is taken as it is given") { scene in
            let a = try scene.party()
            let row = OccurrenceSpan(first: minute(1), last: minute(1000), count: 20)
            try a.apply(.passOver(job: "job", row, as: .missed(.catchup), after: minute(0)))
            let earlier = OccurrenceSpan(first: minute(1), last: minute(2), count: 2)
            try a.apply(
                .backfill(
                    {
                        var new = claim(3); new.earlier = earlier; return new
                    }(), previous: minute(2),
                    next: minute(500)))
            #expect(try a.entries().map(\.count) == [17, 1, 2])
        },
        ConformanceCheck("a run of it that is going stays") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1), after: 0)
            try a.take(claim(2, waits: true), after: 1)
            #expect(
                try b.apply(backfill(1), backfill(2)) == [
                    .held(by: blocker(1, isOwn: false)), .held(by: blocker(2, isOwn: false)),
                ])
            #expect(try a.apply(backfill(1)) == [.held(by: blocker(1, isOwn: true))])
            #expect(try a.story() == ["1 runs", "2 waits"])
            #expect(try a.finish(1) == .done)
            for _ in 1...2 { #expect(try b.apply(backfill(1)) == [.started]) }
        },
        ConformanceCheck("a run of it whose process died is replaced") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1, mutexes: ["m"]), after: 0)
            scene.clock.advance(by: .seconds(20))
            #expect(try b.apply(backfill(1)) == [.started])
            #expect(try b.reap().isEmpty)
            #expect(try a.finish(1) == .lost)
            #expect(try b.take(claim(2, exclusive: false, mutexes: ["m"]), after: 1) == .started)
        },
        ConformanceCheck("it stands in the way of others, and others not in its") { scene in
            let a = try scene.party()
            try a.take(claim(1, mutexes: ["m"]), after: 0)
            try a.apply(.passOver(job: "job", span(2, 3), as: .missed(.window), after: minute(1)))
            #expect(try a.apply(.backfill(claim(3, mutexes: ["m"]), previous: minute(2), next: nil)) == [.started])
            #expect(try a.finish(1) == .done)
            #expect(try a.take(claim(4), after: 3) == .skipped(by: blocker(3, isOwn: true)))
            #expect(
                try a.take(claim(5, exclusive: false, mutexes: ["m"]), after: 4)
                    == .held(by: blocker(3, isOwn: true, mutex: "m")))
        },
        ConformanceCheck("what is not accounted for yet is not of the past") { scene in
            let a = try scene.party()
            let standing = ScheduleStanding(job: "job", accountedUpTo: minute(0))
            #expect(try a.apply(backfill(1)) == [.outdated(standing)])
            #expect(try a.entries().isEmpty)
        },
    ]

    static let entries = [
        ConformanceCheck("newest first, of equal times by job") { scene in
            let a = try scene.party(jobs: ["b", "a", "ä", "B"])
            for job in ["b", "ä", "a", "B"] {
                try a.take(claim(1, job), after: 0)
                try a.take(claim(2, job, exclusive: false), after: 1)
            }
            let entries = try a.entries()
            #expect(entries.map(\.job) == ["B", "a", "b", "ä", "B", "a", "b", "ä"])
            #expect(entries.map(\.nominalTime) == [2, 2, 2, 2, 1, 1, 1, 1].map(minute))
            #expect(try a.entries { $0.limit = 3 } == Array(entries[..<3]))
            #expect(try a.entries("a") == entries.filter { $0.job == "a" })
            #expect(try a.entries("a") { $0.limit = 1 }.map(\.nominalTime) == [minute(2)])
            #expect(try a.entries { $0.limit = 0 }.isEmpty && a.entries("a") { $0.limit = 0 }.isEmpty)
            #expect(try a.entries("A").isEmpty && a.entries("").isEmpty)
        },
        ConformanceCheck("of each job the latest that is not open, and its last success") { scene in
            let a = try scene.party(jobs: ["b", "open", "never", "missed", "a"])
            for number in 1...4 { try a.take(claim(number, "b", exclusive: false), after: number - 1) }
            try a.take(claim(1, "open"), after: 0)
            try a.take(claim(1, "a"), after: 0)
            try a.apply(.passOver(job: "missed", span(1, 3), as: .missed(.window), after: minute(0)))
            _ = try a.finish(2, "b")
            _ = try a.finish(1, "b")
            _ = try a.finish(3, "b", as: .failed)
            _ = try a.finish(1, "a", as: .failed)
            let outcomes = try a.ledger.latestOutcomes(at: a.now)
            #expect(outcomes.map(\.entry.job) == ["a", "b", "missed"])
            #expect(outcomes.map(\.entry.state) == [.ran(.failed), .ran(.failed), .missed(.window)])
            #expect(outcomes.map(\.entry.lastNominalTime) == [minute(1), minute(3), minute(3)])
            #expect(outcomes.map(\.lastSuccess) == [nil, minute(2) + .seconds(30), nil])
            #expect(try a.entries("b").contains(outcomes[1].entry))
        },
        ConformanceCheck("ranges include rows that reach into them") { scene in
            let a = try scene.party(jobs: ["job", "other"])
            try a.apply(
                .claim(claim(1), after: minute(0)),
                .passOver(job: "job", span(2, 8), as: .missed(.catchup), after: minute(1)),
                .claim(claim(9, exclusive: false), after: minute(8)),
                .claim(claim(4, "other"), after: minute(0)))
            func found(_ job: String?, _ change: (inout LedgerQuery) -> Void) throws -> [Timestamp] {
                try a.entries(job, change).map(\.nominalTime)
            }
            let times = [minute(9), minute(4), minute(2), minute(1)]
            let cases: [(Int?, Int?, [Timestamp])] = [
                (nil, nil, times), (9, nil, [times[0]]), (10, nil, []), (8, nil, [times[0], times[2]]),
                (5, nil, [times[0], times[2]]), (5, 6, [times[2]]), (nil, 9, [times[1], times[2], times[3]]),
                (nil, 2, [times[3]]), (nil, 1, []), (1, 2, [times[3]]), (3, 5, [times[1], times[2]]), (6, 2, []),
            ]
            for (from, to, expected) in cases {
                let range: (inout LedgerQuery) -> Void = {
                    $0.from = from.map(minute)
                    $0.to = to.map(minute)
                }
                #expect(try found(nil, range) == expected, "\(from ?? 0) to \(to ?? 0)")
                #expect(try found("job", range) == expected.filter { $0 != minute(4) }, "\(from ?? 0) to \(to ?? 0)")
            }
            for (number, expected) in [(1, [1]), (2, [2]), (5, [2]), (8, [2]), (9, [9]), (10, []), (0, [])] {
                #expect(try found("job") { $0.nominalTime = minute(number) } == expected.map(minute))
            }
            #expect(try found(nil) { $0.nominalTime = minute(4) } == [minute(4), minute(2)])
            let between = minute(9) + .microseconds(1)
            #expect(try found("job") { $0.nominalTime = between }.isEmpty)
        },
        ConformanceCheck("times at the ends of what can be represented") { scene in
            let a = try scene.party(jobs: [])
            let (first, last) = (Timestamp(microseconds: .min), Timestamp(microseconds: .max))
            try a.register(["job"], beginning: first)
            let all = OccurrenceSpan(first: Timestamp(microseconds: .min + 1), last: last, count: .max)
            #expect(try a.apply(.passOver(job: "job", all, as: .missed(.window), after: first)) == [.done])
            #expect(try a.entries().map(\.count) == [.max])
            #expect(try a.entries { $0.nominalTime = last }.count == 1)
            #expect(
                try a.entries {
                    $0.from = first
                    $0.to = last
                }.count == 1)
            #expect(try a.entries { $0.to = first }.isEmpty)
        },
    ]

    static let forgetting = [
        ConformanceCheck("what ended before is forgotten, open claims and standings are not") { scene in
            let a = try scene.party(jobs: ["job", "other"])
            try a.apply(
                .claim(claim(1), after: minute(0)), .finish(occurrence(1), runID: "run-1", .succeeded, at: minute(1)),
                .passOver(job: "job", span(2, 4), as: .missed(.catchup), after: minute(1)),
                .claim(claim(5, mutexes: ["m"]), after: minute(4)),
                .claim(claim(6, waits: true), after: minute(5)),
                .passOver(job: "job", span(7, 12), as: .missed(.catchup), after: minute(6)),
                .claim(claim(10, "other"), after: minute(0)),
                .finish(occurrence(10, "other"), runID: "run-10", .failed, at: minute(11)))
            #expect(try a.ledger.forget(before: minute(1), at: a.now) == 0)
            #expect(try a.ledger.forget(before: minute(10), at: a.now) == 2)
            #expect(try a.story() == ["5 runs", "6 waits", "7-12 missed catchup (6)"])
            #expect(try a.story("other") == ["10 ran failed"])
            #expect(try a.ledger.forget(before: minute(1000), at: a.now) == 2)
            #expect(try a.story() == ["5 runs", "6 waits"])
            #expect(try a.accounted() == minute(12))
            #expect(try a.take(claim(11, "other", mutexes: ["m"]), after: 10) != .started)
            #expect(try a.finish(5) == .done)
            #expect(try a.entries().last?.claimant == "host-a:7")
        },
        ConformanceCheck("claims that nobody takes over are closed after a week") { scene in
            let (a, b) = (try scene.party(jobs: ["job"]), try scene.party("b", jobs: ["other"]))
            try a.take(claim(1), after: 0)
            try a.take(claim(2, waits: true), after: 1)
            scene.clock.advance(by: LedgerOwner.abandonment)
            try b.take(claim(1, "other"), after: 0)
            #expect(try b.ledger.forget(before: minute(0), at: b.now) == 0)
            #expect(try b.story() == ["1 ran crashed", "2 waits"])
            scene.clock.advance(by: .seconds(1))
            #expect(try b.ledger.forget(before: minute(0), at: b.now) == 0)
            #expect(try b.story() == ["1 ran crashed", "2 missed window"])
            #expect(try b.story("other") == ["1 runs"])
            #expect(try b.reap().isEmpty)
            #expect(try b.entries("job").last?.finishedAt == minute(0) + LedgerOwner.lease)
        },
        ConformanceCheck("a clock that was set abandons nobody who lives") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1), after: 0)
            scene.clock.stepWall(by: LedgerOwner.abandonment * 2)
            _ = try b.ledger.forget(before: minute(0), at: b.now)
            #expect(try a.finish(1) == .done)
        },
        ConformanceCheck("many rows are forgotten") { scene in
            let a = try scene.party()
            let number = 12_000
            var requests: [LedgerRequest] = []
            for each in 1...number {
                let cause = PassedOver.missed(each.isMultiple(of: 2) ? .window : .catchup)
                requests.append(.passOver(job: "job", span(each, each), as: cause, after: minute(each - 1)))
            }
            let answers = try a.ledger.apply(requests, by: a.owner, at: a.now)
            #expect(answers.allSatisfy { $0 == .done })
            #expect(try a.ledger.forget(before: minute(number), at: a.now) == number - 1)
            #expect(try a.entries().count == 1)
        },
    ]

    static let concurrency = [
        ConformanceCheck("of ten that claim the same occurrences each is started once") { scene in
            let jobs = (1...20).map { "job \($0)" }
            let parties = try (1...10).map { try scene.party("\($0)", jobs: jobs) }
            let started = try concurrently(parties) { party -> [OccurrenceID] in
                var mine: [OccurrenceID] = []
                for number in 1...5 {
                    let answers = try party.ledger.apply(
                        jobs.map { .claim(claim(number, $0, exclusive: false), after: minute(number - 1)) },
                        by: party.owner, at: party.now)
                    for (job, answer) in zip(jobs, answers) where answer == .started {
                        mine.append(occurrence(number, job))
                    }
                }
                return mine
            }.flatMap { $0 }
            #expect(started.count == 100)
            #expect(Set(started).count == 100)
            #expect(try parties[0].entries().count == 100)
        },
        ConformanceCheck("of ten that find a crash one is told") { scene in
            let a = try scene.party()
            try a.take(claim(1), after: 0)
            let parties = try (1...10).map { try scene.party("\($0)") }
            scene.clock.advance(by: .seconds(20))
            let reaped = try concurrently(parties) { try $0.reap() }
            #expect(reaped.flatMap { $0 }.count == 1)
        },
        ConformanceCheck("of ten that share a mutex one runs at a time") { scene in
            let jobs = (1...10).map { "job \($0)" }
            let parties = try jobs.map { try scene.party($0, jobs: jobs) }
            let answers = try concurrently(Array(zip(parties, jobs))) { party, job in
                try party.take(claim(1, job, mutexes: ["m"]), after: 0)
            }
            #expect(answers.filter { $0 == .started }.count == 1)
            #expect(try parties[0].entries().filter { $0.startedAt != nil }.count == 1)
        },
    ]
}
