import JobModel
import TestSupport
import Testing

extension ConformanceCheck {
    static let overlap = [
        ConformanceCheck("beside a run of the same job an exclusive claim is skipped or held") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1), after: 0)
            #expect(try a.take(claim(2), after: 1) == .skipped(by: blocker(1, isOwn: true)))
            #expect(try b.take(claim(3), after: 2) == .skipped(by: blocker(1, isOwn: false)))
            #expect(try b.take(claim(4, ifBlocked: .hold), after: 3) == .held(by: blocker(1, isOwn: false)))
            #expect(try b.take(claim(5, exclusive: false), after: 4) == .started)
            #expect(try a.story() == ["1 runs", "2-3 skipped overlap (2)", "4 waits", "5 runs"])
        },
        ConformanceCheck("claims that wait block nothing") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            #expect(try a.take(claim(1, mutexes: ["m"], waits: true), after: 0) == .held(by: nil))
            #expect(try b.take(claim(2, mutexes: ["m"]), after: 1) == .started)
        },
        ConformanceCheck("a claim that waits begins when nothing is in its way") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1), after: 0)
            var held = claim(2, ifBlocked: .hold)
            #expect(try b.take(held, after: 1) == .held(by: blocker(1, isOwn: false)))
            #expect(try b.entries().first?.startedAt == nil && b.entries().first?.lateness == nil)
            #expect(try b.apply(.begin(held)) == [.held(by: blocker(1, isOwn: false))])
            _ = try a.finish(1)
            held.runID = "anew"
            held.startedAt = minute(7)
            held.lateness = .seconds(300)
            held.results = "r.jsonl"
            held.trigger = .tick
            #expect(try b.apply(.begin(held)) == [.started])
            let entry = try #require(try a.entries().first)
            #expect(entry.startedAt == minute(7) && entry.lateness == .seconds(300) && entry.runID == "anew")
            #expect(entry.results == "r.jsonl" && entry.trigger == .tick && entry.claimant == "host-b:7")
            #expect(try a.take(claim(3), after: 2) != .started)
            #expect(try b.finish(2, runID: "anew") == .done)
        },
        ConformanceCheck("who waits is not skipped when it begins") { scene in
            let a = try scene.party()
            try a.take(claim(1), after: 0)
            try a.take(claim(2, ifBlocked: .skip, waits: true), after: 1)
            #expect(try a.apply(.begin(claim(2, ifBlocked: .skip))) == [.held(by: blocker(1, isOwn: true))])
        },
        ConformanceCheck("begin is lost on what is not one's own") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1, waits: true), after: 0)
            #expect(try b.apply(.begin(claim(1)), .begin(claim(9))) == [.lost, .lost])
            #expect(try a.story() == ["1 waits"])
        },
        ConformanceCheck("a claim that waits is given up") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1), after: 0)
            try a.take(claim(2, waits: true), after: 1)
            #expect(try b.apply(.giveUp(occurrence(2), as: .missed(.window))) == [.lost])
            let answers = try a.apply(
                .giveUp(occurrence(1), as: .missed(.window)), .giveUp(occurrence(3), as: .missed(.window)),
                .giveUp(occurrence(2), as: .skipped(.overlap)))
            #expect(answers == [.lost, .lost, .done])
            #expect(try a.apply(.begin(claim(2))) == [.lost])
            try a.apply(.passOver(job: "job", span(3, 3), as: .skipped(.overlap), after: minute(2)))
            #expect(try a.story() == ["1 runs", "2-3 skipped overlap (2)"])
            let entry = try #require(try a.entries().first)
            #expect(entry.runID == nil && entry.trigger == nil && entry.claimant == nil)
        },
    ]

    static let mutexes = [
        ConformanceCheck("a mutex is waited for, whatever the claim says of overlap") { scene in
            let (a, b) = (try scene.party(jobs: ["job", "other"]), try scene.party("b"))
            try a.take(claim(1, mutexes: ["x", "m"]), after: 0)
            let held = claim(2, "other", mutexes: ["y", "m"], ifBlocked: .skip)
            let mine = blocker(1, isOwn: true, mutex: "m")
            let foreign = blocker(1, isOwn: false, mutex: "m")
            #expect(try a.take(held, after: 0) == .held(by: mine))
            #expect(try a.apply(.begin(held)) == [.held(by: mine)])
            #expect(
                try b.take(claim(4, "other", exclusive: false, mutexes: ["m"]), after: 2) == .held(by: foreign))
            #expect(try a.take(claim(5, "other", mutexes: ["y"]), after: 4) == .started)
            #expect(try a.finish(5, "other") == .done)
            #expect(try a.finish(1) == .done)
            #expect(try a.apply(.begin(held)) == [.started])
        },
        ConformanceCheck("overlap comes before mutexes") { scene in
            let a = try scene.party()
            try a.take(claim(1, mutexes: ["m"]), after: 0)
            #expect(try a.take(claim(2, mutexes: ["m"]), after: 1) == .skipped(by: blocker(1, isOwn: true)))
            #expect(
                try a.take(claim(3, exclusive: false, mutexes: ["m"]), after: 2)
                    == .held(by: blocker(1, isOwn: true, mutex: "m")))
        },
        ConformanceCheck("a name given twice is one mutex; names are told apart by every byte") { scene in
            let a = try scene.party(jobs: ["job", "other", "third"])
            #expect(try a.take(claim(1, mutexes: ["m", "m", ""]), after: 0) == .started)
            #expect(try a.take(claim(1, "other", mutexes: ["M", "m "]), after: 0) == .started)
            #expect(try a.take(claim(1, "third", mutexes: [""]), after: 0) != .started)
        },
        ConformanceCheck("a run by hand has its mutexes, all or none, until it ends") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            func hold(_ number: Int, _ names: String...) -> LedgerRequest {
                .takeMutexes(
                    MutexHold(runID: "run-\(number)", job: "by hand", mutexes: names, startedAt: minute(number)))
            }
            let mine = blocker(1, "by hand", isOwn: true, mutex: "m")
            let foreign = blocker(1, "by hand", isOwn: false, mutex: "m")
            #expect(try a.apply(hold(1, "m", "n"), hold(1, "m", "n")) == [.started, .started])
            #expect(try a.apply(hold(2, "x", "m")) == [.held(by: mine)])
            #expect(try b.apply(hold(3, "x"), hold(4, "m")) == [.started, .held(by: foreign)])
            #expect(try b.take(claim(1, mutexes: ["m"]), after: 0) == .held(by: foreign))
            #expect(try a.apply(.dropMutexes(runID: "run-1")) == [.done])
            #expect(try b.apply(.begin(claim(1, mutexes: ["m", "n"]))) == [.started])
            #expect(try a.apply(hold(5, "n")) == [.held(by: blocker(1, isOwn: false, mutex: "n"))])
        },
        ConformanceCheck("mutexes of a run by hand end with its owner's lease") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            let hold = MutexHold(runID: "run-9", job: "by hand", mutexes: ["m"], startedAt: minute(9))
            #expect(try a.apply(.takeMutexes(hold)) == [.started])
            scene.clock.advance(by: .seconds(20))
            #expect(try b.take(claim(1, mutexes: ["m"]), after: 0) == .started)
            // Who was thought dead does not get it back.
            #expect(try a.apply(.takeMutexes(hold)) == [.held(by: blocker(1, isOwn: false, mutex: "m"))])
        },
        ConformanceCheck("a mutex ends with a crash") { scene in
            let (a, b) = (try scene.party(), try scene.party("b", jobs: ["other"]))
            try a.take(claim(1, mutexes: ["m"]), after: 0)
            scene.clock.advance(by: .seconds(20))
            let held = claim(2, "other", mutexes: ["m"])
            #expect(try b.take(held, after: 0) == .started)
            #expect(try b.reap() != [])
            #expect(try b.apply(.begin(held)) == [.started])
        },
    ]

    static let endings = [
        ConformanceCheck("only its owner ends a run, and only that run") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1), after: 0)
            try a.take(claim(2, waits: true), after: 1)
            #expect(try b.finish(1) == .lost)
            #expect(try a.finish(1, runID: "another") == .lost)
            #expect(try a.finish(2) == .lost)
            #expect(try a.finish(3) == .lost)
            #expect(try a.finish(1, as: .failed) == .done)
            #expect(try a.finish(1, as: .succeeded) == .lost)
            #expect(try a.story() == ["1 ran failed", "2 waits"])
        },
        ConformanceCheck("the end of a run tells when it began, and how late that was") { scene in
            let a = try scene.party()
            try a.take(claim(1), after: 0)
            let began = minute(1) + .seconds(16)
            for _ in 1...2 {
                let end = LedgerRequest.finish(
                    occurrence(1), runID: "run-1", .succeeded, at: minute(2), startedAt: began)
                #expect(try a.apply(end) == [.done])
                let entry = try #require(try a.entries().first)
                #expect(entry.startedAt == began && entry.finishedAt == minute(2))
                #expect(entry.lateness == .milliseconds(15_950))
            }
        },
        ConformanceCheck("why a run failed stays with it") { scene in
            let a = try scene.party()
            try a.take(claim(1), after: 0)
            try a.take(claim(2, exclusive: false), after: 1)
            try a.apply(
                .finish(occurrence(1), runID: "run-1", .failed, at: minute(2), message: "no input"),
                .finish(occurrence(2), runID: "run-2", .succeeded, at: minute(2)))
            #expect(try a.entries().map(\.message) == [nil, "no input"])
        },
        ConformanceCheck("an owner learns which of its runs shall stop") { scene in
            let (a, b) = (try scene.party(jobs: ["job", "other"]), try scene.party("b"))
            try a.take(claim(1), after: 0)
            try a.take(claim(1, "other"), after: 0)
            try a.take(claim(2, waits: true), after: 1)
            #expect(try a.renew().isEmpty)
            let answers = try b.apply(
                .askToStop(occurrence(1)), .askToStop(occurrence(2)), .askToStop(occurrence(9)))
            #expect(answers == [.done, .done, .done])
            #expect(try b.renew().isEmpty)
            for _ in 1...2 { #expect(try a.renew() == [occurrence(1)]) }
            _ = try a.finish(1)
            #expect(try a.renew().isEmpty)
            #expect(try b.apply(.askToStop(occurrence(1))) == [.done])
            #expect(try a.renew().isEmpty)
        },
    ]
}
