import JobModel
import TestSupport
import Testing

extension ConformanceCheck {
    static let leases = [
        ConformanceCheck("a lease lasts 20 s from its last renewal") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1), after: 0)
            scene.clock.advance(by: .seconds(15))
            #expect(try a.renew().isEmpty)
            scene.clock.advance(by: .seconds(15))
            try a.apply(.askToStop(occurrence(99)))
            scene.clock.advance(by: .milliseconds(19_999))
            #expect(try b.reap().isEmpty)
            #expect(try b.story() == ["1 runs"])
            scene.clock.advance(by: .milliseconds(1))
            #expect(try b.story() == ["1 ran crashed"])
            #expect(try b.reap().count == 1)
        },
        ConformanceCheck("on one boot of a machine the wall clock may jump") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1), after: 0)
            for step in [7200, -14400] {
                scene.clock.stepWall(by: .seconds(step))
                #expect(try b.reap().isEmpty)
                #expect(try b.story() == ["1 runs"])
            }
            scene.clock.advance(by: .seconds(20))
            #expect(try b.reap().count == 1)
        },
        ConformanceCheck("after another boot the wall clock decides") { scene in
            let (a, b) = (try scene.party(), try scene.party("b", boot: "other boot"))
            try a.take(claim(1), after: 0)
            #expect(try b.story() == ["1 runs"])
            scene.clock.stepWall(by: .milliseconds(19_999))
            #expect(try b.reap().isEmpty)
            scene.clock.stepWall(by: .milliseconds(1))
            #expect(try b.reap().count == 1)
        },
        ConformanceCheck("a renewal far ahead of the clock, of another boot, holds nothing") { scene in
            let (a, b) = (try scene.party(), try scene.party("b", boot: "other boot"))
            try a.take(claim(1), after: 0)
            scene.clock.stepWall(by: .seconds(-19))
            #expect(try b.reap().isEmpty)
            scene.clock.stepWall(by: .seconds(-3600))
            #expect(try b.reap().count == 1)
        },
        ConformanceCheck("of unknown boots the wall clock decides") { scene in
            let (a, b) = (try scene.party(boot: ""), try scene.party("b", boot: ""))
            try a.take(claim(1), after: 0)
            scene.clock.stepWall(by: .seconds(20))
            #expect(try b.reap().count == 1)
        },
        ConformanceCheck("a lease that was not renewed in time lives on if nobody took its claims") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1), after: 0)
            scene.clock.advance(by: .seconds(100))
            #expect(try b.story() == ["1 ran crashed"])
            _ = try a.renew()
            #expect(try b.story() == ["1 runs"])
            #expect(try b.reap().isEmpty)
            #expect(try a.finish(1) == .done)
        },
        ConformanceCheck("a dead owner's run blocks nothing, closed or not") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1, mutexes: ["m"]), after: 0)
            scene.clock.advance(by: .seconds(20))
            #expect(try b.take(claim(2, mutexes: ["m"]), after: 1) == .started)
        },
        ConformanceCheck("who resigns leaves its claims to anybody at once") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            scene.clock.advance(by: .seconds(60))
            try a.take(claim(1), after: 0)
            try a.take(claim(2, waits: true), after: 1)
            scene.clock.advance(by: .seconds(1))
            try a.resign()
            #expect(try b.story() == ["1 ran crashed", "2 waits"])
            let reaped = try b.reap()
            #expect(reaped.count == 2)
            guard case .crashed(let entry) = reaped[0], case .inherited = reaped[1] else {
                Issue.record("\(reaped)")
                return
            }
            #expect(entry.finishedAt == minute(1) + .seconds(1))
            #expect(try b.apply(.begin(claim(2))) == [.started])
            try scene.party("never seen", jobs: []).resign()
        },
    ]

    static let reaping = [
        ConformanceCheck("a crash is closed as it was shown, and reported once") { scene in
            let (a, b, c) = (try scene.party(), try scene.party("b"), try scene.party("c"))
            scene.clock.advance(by: .seconds(60))
            try a.take(claim(1), after: 0)
            scene.clock.advance(by: .seconds(50))
            let shown = try b.entries()
            #expect(shown.map(\.state) == [.ran(.crashed)])
            #expect(shown.first?.finishedAt == minute(1) + .seconds(20))
            #expect(try b.reap() == [.crashed(shown[0])])
            #expect(try b.reap().isEmpty && c.reap().isEmpty)
            scene.clock.advance(by: .seconds(50))
            #expect(try c.entries() == shown)
            #expect(try a.finish(1) == .lost)
            #expect(try c.entries() == shown)
        },
        ConformanceCheck("a crash ends not before it began") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(5), after: 0)
            scene.clock.advance(by: .seconds(20))
            #expect(try b.entries().first?.finishedAt == minute(5) + .milliseconds(250))
        },
        ConformanceCheck("a crash is reported to an owner that schedules the job") { scene in
            let (a, b) = (try scene.party(jobs: ["job", "other"]), try scene.party("b"))
            try a.take(claim(1), after: 0)
            try a.take(claim(2, waits: true), after: 1)
            scene.clock.advance(by: .seconds(20))
            #expect(try b.reap(["other": .report]).isEmpty)
            #expect(try b.reap([:]).isEmpty)
            #expect(try b.story() == ["1 ran crashed", "2 waits"])
            #expect(try b.reap(["other": .report, "job": .report]).count == 2)
        },
        ConformanceCheck("one's own claims are never reaped, however late one is") { scene in
            let a = try scene.party()
            try a.take(claim(1), after: 0)
            scene.clock.advance(by: .seconds(100))
            #expect(try a.reap().isEmpty)
            #expect(try a.finish(1) == .done)
        },
        ConformanceCheck("a run is resumed by another owner, under its id") { scene in
            let (a, b, c) = (try scene.party(), try scene.party("b"), try scene.party("c"))
            try a.take(claim(1), after: 0)
            try c.apply(.askToStop(occurrence(1)))
            scene.clock.advance(by: .seconds(20))
            let reaped = try b.reap(["job": .resume])
            guard case .resumed(let entry)? = reaped.first else {
                Issue.record("\(reaped)")
                return
            }
            #expect(reaped.count == 1)
            #expect(entry.state == .claimed && entry.runID == "run-1" && entry.resumptions == 1)
            #expect(entry.claimant == "host-b:7" && entry.startedAt == claim(1).startedAt)
            #expect(entry.finishedAt == nil)
            #expect(try c.entries() == [entry])
            #expect(try b.renew().isEmpty)
            #expect(try c.reap(["job": .resume]).isEmpty)
            #expect(try a.finish(1) == .lost)
            #expect(try c.take(claim(2), after: 1) == .skipped(by: blocker(1, isOwn: false)))
            scene.clock.advance(by: .seconds(20))
            let again = try c.reap(["job": .resume])
            guard case .resumed(let entry)? = again.first else {
                Issue.record("\(again)")
                return
            }
            #expect(entry.resumptions == 2)
            #expect(try b.finish(1) == .lost)
            #expect(try c.finish(1) == .done)
        },
        ConformanceCheck("a run is not resumed beside what began meanwhile") { scene in
            let (a, b) = (
                try scene.party(jobs: ["job", "other"]), try scene.party("b", jobs: ["job", "other", "third"])
            )
            try a.take(claim(1), after: 0)
            try a.take(claim(1, "other", mutexes: ["m"]), after: 0)
            scene.clock.advance(by: .seconds(20))
            try b.take(claim(2), after: 1)
            try b.take(claim(3, "third", mutexes: ["m"]), after: 0)
            let both: [String: CrashPolicy] = ["job": .resume, "other": .resume]
            #expect(try b.reap(both).isEmpty)
            #expect(try b.finish(2) == .done && b.finish(3, "third") == .done)
            #expect(try b.reap(both).count == 2)
            #expect(try b.story() == ["1 runs", "2 ran succeeded"])
        },
        ConformanceCheck("claims that waited are inherited, in the order of their times") { scene in
            let (a, b) = (try scene.party(), try scene.party("b"))
            try a.take(claim(1), after: 0)
            for number in 2...4 { try a.take(claim(number, waits: true), after: number - 1) }
            scene.clock.advance(by: .seconds(20))
            let reaped = try b.reap()
            let inherited = reaped.dropFirst().compactMap { claim -> LedgerEntry? in
                if case .inherited(let entry) = claim { entry } else { nil }
            }
            #expect(inherited.map(\.nominalTime) == [minute(2), minute(3), minute(4)])
            #expect(inherited.allSatisfy { $0.state == .claimed && $0.claimant == "host-b:7" })
            #expect(try a.apply(.begin(claim(2))) == [.lost])
            #expect(try b.apply(.begin(claim(2)), .giveUp(occurrence(3), as: .missed(.window))) == [.started, .done])
            #expect(
                try b.story() == ["1 ran crashed", "2 runs", "3 missed window", "4 waits"])
        },
        ConformanceCheck("who takes over claims is alive") { scene in
            let (a, b, c) = (try scene.party(), try scene.party("b"), try scene.party("c"))
            try a.take(claim(1, waits: true), after: 0)
            scene.clock.advance(by: .seconds(20))
            #expect(try b.reap().count == 1)
            #expect(try c.reap().isEmpty)
        },
        ConformanceCheck("a run that is released waits for whoever comes next") { scene in
            let (a, b) = (try scene.party(), try scene.party("b", jobs: ["job", "other"]))
            try a.take(claim(1, mutexes: ["m"]), after: 0)
            #expect(try b.apply(.release(occurrence(1), runID: "run-1")) == [.lost])
            #expect(try a.apply(.release(occurrence(1), runID: "another")) == [.lost])
            let release = LedgerRequest.release(occurrence(1), runID: "run-1")
            #expect(try a.apply(release, release) == [.done, .done])
            #expect(try b.take(claim(1, "other", mutexes: ["m"]), after: 0) == .started)
            #expect(try a.finish(1) == .lost)
            try a.resign()
            guard case .inherited(let entry)? = try b.reap().first else {
                Issue.record("not inherited: \(try b.story())")
                return
            }
            #expect(entry.nominalTime == minute(1) && entry.runID == nil && entry.startedAt == nil)
            #expect(entry.results == nil && entry.resumptions == 0)
            var anew = claim(1)
            anew.runID = "anew"
            #expect(try b.apply(.begin(anew)) == [.started])
            #expect(try b.finish(1, runID: "anew") == .done)
        },
        ConformanceCheck("a run that has ended is not released") { scene in
            let a = try scene.party()
            try a.take(claim(1), after: 0)
            _ = try a.finish(1)
            #expect(try a.apply(.release(occurrence(1), runID: "run-1")) == [.lost])
            #expect(try a.story() == ["1 ran succeeded"])
        },
    ]
}
