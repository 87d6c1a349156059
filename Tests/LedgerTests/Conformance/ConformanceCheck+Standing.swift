import JobModel
import TestSupport
import Testing

extension ConformanceCheck {
    static let registration = [
        ConformanceCheck("a new job is accounted for up to its beginning") { scene in
            let a = try scene.party(jobs: [])
            let standings = try a.register(["two", "one", "ünïcode ' \" 💡"], beginning: minute(-60))
            #expect(standings.map(\.job) == ["two", "one", "ünïcode ' \" 💡"])
            #expect(standings.allSatisfy { $0.accountedUpTo == minute(-60) && !$0.wasSuspended })
        },
        ConformanceCheck("a known job keeps its standing") { scene in
            let a = try scene.party()
            try a.take(claim(3), after: 0)
            scene.clock.advance(by: .seconds(3600))
            let b = try scene.party("b", jobs: [])
            let standings = try b.register(["job"], file: "other.yaml", beginning: minute(-1))
            #expect(standings == [ScheduleStanding(job: "job", accountedUpTo: minute(3))])
        },
        ConformanceCheck("a job with another text is accounted for up to now") { scene in
            let a = try scene.party()
            try a.take(claim(3), after: 0)
            scene.clock.advance(by: .seconds(3600))
            let standings = try a.register(["job"], fingerprint: "other", beginning: minute(-5))
            #expect(standings == [ScheduleStanding(job: "job", accountedUpTo: minute(60))])
            #expect(try a.register(["job"], fingerprint: "other")[0].accountedUpTo == minute(60))
        },
        ConformanceCheck("a job with another text is never accounted for less far than before") { scene in
            let a = try scene.party()
            try a.take(claim(120), after: 0)
            #expect(try a.register(["job"], fingerprint: "other")[0].accountedUpTo == minute(120))
        },
        ConformanceCheck("registering tells whether the job was suspended before") { scene in
            let a = try scene.party()
            #expect(try !a.register(["job"], isSuspended: true)[0].wasSuspended)
            #expect(try a.register(["job"], fingerprint: "other", isSuspended: true)[0].wasSuspended)
            #expect(try a.register(["job"], fingerprint: "other")[0].wasSuspended)
            #expect(try !a.register(["job"], fingerprint: "other")[0].wasSuspended)
        },
        ConformanceCheck("nothing to register, nothing to do") { scene in
            let a = try scene.party(jobs: [])
            #expect(try a.register([]).isEmpty)
            #expect(try a.apply().isEmpty)
            #expect(try a.renew().isEmpty)
        },
    ]

    static let claims = [
        ConformanceCheck("a claim is started, and known to others at once") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            var first = claim(1, trigger: .tick)
            first.results = "results/1.jsonl"
            #expect(try a.take(first, after: 0) == .started)
            #expect(try b.accounted() == minute(1))
            var expected = LedgerEntry(job: "job", nominalTime: minute(1), state: .claimed)
            expected.trigger = .tick
            expected.runID = "run-1"
            expected.startedAt = minute(1) + .milliseconds(250)
            expected.lateness = .milliseconds(200)
            expected.results = "results/1.jsonl"
            expected.file = "jobs.yaml"
            expected.claimant = "host-a:7"
            #expect(try b.entries() == [expected])
            #expect(try a.finish(1, as: .failed) == .done)
            expected.state = .ran(.failed)
            expected.finishedAt = minute(1) + .seconds(30)
            #expect(try b.entries() == [expected])
        },
        ConformanceCheck("who comes second is told how far the job is accounted for") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            #expect(try a.take(claim(2), after: 0) == .started)
            let answers = try b.apply(
                .claim(claim(2), after: minute(0)), .claim(claim(1), after: minute(0)),
                .claim(claim(5), after: minute(4)),
                .passOver(job: "job", span(1, 3), as: .missed(.catchup), after: minute(0)))
            let standing = ScheduleStanding(job: "job", accountedUpTo: minute(2))
            #expect(answers == Array(repeating: .outdated(standing), count: 4))
            #expect(try b.story() == ["2 runs"])
        },
        ConformanceCheck("several claims of a batch build on each other") { scene in
            let a = try scene.party(jobs: ["job", "other"])
            let answers = try a.apply(
                .claim(claim(1, exclusive: false), after: minute(0)), .claim(claim(1, "other"), after: minute(0)),
                .claim(claim(2, exclusive: false), after: minute(1)))
            #expect(answers == [.started, .started, .started])
            #expect(try a.story() == ["1 runs", "2 runs"])
        },
        ConformanceCheck("a batch that fails in the middle changes nothing") { scene in
            let a = try scene.party()
            #expect(throws: LedgerError.self) {
                try a.apply(
                    .claim(claim(1, mutexes: ["m"]), after: minute(0)),
                    .passOver(job: "job", span(2, 3), as: .missed(.window), after: minute(1)),
                    .claim(claim(1, "never registered"), after: minute(0)))
            }
            #expect(try a.entries().isEmpty)
            #expect(try a.accounted() == minute(0))
            #expect(try a.take(claim(1, mutexes: ["m"]), after: 0) == .started)
        },
        ConformanceCheck("what is not in order is refused") { scene in
            let a = try scene.party()
            let wrong: [LedgerRequest] = [
                .claim(claim(0), after: minute(0)),
                .claim(claim(-1), after: minute(0)),
                .passOver(job: "job", span(0, 2), as: .missed(.window), after: minute(0)),
                .passOver(
                    job: "job", OccurrenceSpan(first: minute(3), last: minute(2), count: 2), as: .missed(.window),
                    after: minute(0)),
                .passOver(
                    job: "job", OccurrenceSpan(first: minute(1), last: minute(2), count: 0), as: .missed(.window),
                    after: minute(0)),
                .passOver(
                    job: "job", OccurrenceSpan(first: minute(1), last: minute(2), count: 1), as: .missed(.window),
                    after: minute(0)),
            ]
            for request in wrong {
                #expect(throws: LedgerError.self) { try a.apply(request) }
            }
            #expect(try a.entries().isEmpty && a.accounted() == minute(0))
        },
        ConformanceCheck("what was granted before is granted again") { scene in
            let (a, b) = (try scene.party(jobs: ["job", "held"]), try scene.party("b"))
            for _ in 1...2 {
                #expect(try a.take(claim(1), after: 0) == .started)
                #expect(try a.take(claim(1, "held", waits: true), after: 0) == .held(by: nil))
            }
            var other = claim(1)
            other.runID = "another"
            let standing = ScheduleStanding(job: "job", accountedUpTo: minute(1))
            #expect(try a.take(other, after: 0) == .outdated(standing))
            #expect(try b.take(claim(1), after: 0) == .outdated(standing))
            for _ in 1...2 { #expect(try a.apply(.begin(claim(1, "held"))) == [.started]) }
            for _ in 1...2 { #expect(try a.finish(1) == .done) }
            #expect(try a.take(claim(1), after: 0) == .outdated(standing))
            #expect(try a.story() == ["1 ran succeeded"])
        },
    ]

    static let passingOver = [
        ConformanceCheck("consecutive ones of one cause are one row") { scene in
            let a = try scene.party()
            let answers = try a.apply(
                .passOver(job: "job", span(1, 1), as: .missed(.catchup), after: minute(0)),
                .passOver(job: "job", span(2, 100), as: .missed(.catchup), after: minute(1)),
                .passOver(job: "job", span(101, 101), as: .missed(.window), after: minute(100)),
                .passOver(job: "job", span(102, 103), as: .skipped(.suspended), after: minute(101)),
                .passOver(job: "job", span(104, 104), as: .skipped(.overlap), after: minute(103)))
            #expect(answers == Array(repeating: .done, count: 5))
            #expect(try a.accounted() == minute(104))
            #expect(
                try a.story() == [
                    "1-100 missed catchup (100)", "101 missed window", "102-103 skipped suspended (2)",
                    "104 skipped overlap",
                ])
            let entry = try #require(try a.entries().last)
            #expect(entry.nominalTime == minute(1) && entry.lastNominalTime == minute(100))
            #expect(entry.trigger == nil && entry.runID == nil && entry.startedAt == nil && entry.claimant == nil)
            #expect(entry.file == "jobs.yaml")
        },
        ConformanceCheck("jobs are not mixed up") { scene in
            let a = try scene.party(jobs: ["job", "other"])
            for job in ["job", "other", "job", "other"] {
                let after = try a.accounted(job)
                let time = after + .seconds(60)
                try a.apply(.passOver(job: job, OccurrenceSpan(time), as: .skipped(.suspended), after: after))
            }
            #expect(try a.story() == ["1-2 skipped suspended (2)"])
            #expect(try a.story("other") == ["1-2 skipped suspended (2)"])
        },
        ConformanceCheck("a run in between parts the rows") { scene in
            let a = try scene.party()
            try a.apply(
                .passOver(job: "job", span(1, 2), as: .skipped(.overlap), after: minute(0)),
                .claim(claim(3), after: minute(2)),
                .passOver(job: "job", span(4, 5), as: .skipped(.overlap), after: minute(3)))
            #expect(
                try a.story() == ["1-2 skipped overlap (2)", "3 runs", "4-5 skipped overlap (2)"])
        },
        ConformanceCheck("a changed schedule parts the rows: there is a gap between them") { scene in
            let a = try scene.party()
            try a.apply(.passOver(job: "job", span(1, 2), as: .missed(.catchup), after: minute(0)))
            scene.clock.advance(by: .seconds(600))
            try a.register(["job"], fingerprint: "other")
            try a.apply(.passOver(job: "job", span(11, 12), as: .missed(.catchup), after: minute(10)))
            #expect(try a.story() == ["1-2 missed catchup (2)", "11-12 missed catchup (2)"])
            #expect(try a.entries("job") { $0.nominalTime = minute(5) }.isEmpty)
        },
    ]
}
