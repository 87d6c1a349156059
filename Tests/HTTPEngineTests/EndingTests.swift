import Glibc
import HTTPEngine
import JobModel
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct EndingTests {
    @Test func cancellingEndsAReceiversRequestsAndNoOthers() async throws {
        let bothAsked = Countdown(2)
        let mayAnswer = Latch()
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            bothAsked.finish()
            mayAnswer.wait()
            connection.answer()
        }
        let engine = try HTTPEngine.make(reactors: 2)
        let (left, stays) = (Collector(), Collector())
        engine.start([.post(server.url("/secret"))], receiver: left)
        engine.start([.post(server.url())], receiver: stays)
        #expect(bothAsked.waitUntilZero())
        engine.cancelAll(of: left)
        let end = await left.next(1)[0]
        #expect(end.result.summary == "unknown aborted")
        #expect(end.result.message?.contains("secret") == false)
        mayAnswer.open()
        #expect(await stays.next(1)[0].result.summary == "200 ")
        engine.shutdown()
        #expect(left.ids == [1])
        #expect(stays.ids == [1])
    }

    @Test func whatHadNotLeftIsCancelled() async throws {
        let (port, descriptors) = try LoopbackServer.deafPort()
        defer { for descriptor in descriptors { close(descriptor) } }
        let engine = try HTTPEngine.make(reactors: 2)
        let collector = Collector()
        engine.start((0..<10).map { .post("http://127.0.0.1:\(port)/", id: $0) }, receiver: collector)
        engine.cancelAll(of: collector)
        let ends = await collector.next(10)
        #expect(ends.map(\.result.summary) == Array(repeating: "cancelled", count: 10))
        #expect(Set(ends.map(\.id)) == Set(0..<10))
        // Again, and with nothing in flight.
        engine.cancelAll(of: collector)
        engine.shutdown()
        #expect(collector.ids.count == 10)
    }

    @Test func theEngineGoesOnAfterCancelling() async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.readRequest() {
                if request.line.contains("/hang") { return connection.waitForClose() }
                connection.answer()
            }
        }
        let engine = try HTTPEngine.make()
        for round in 0..<20 {
            let collector = Collector()
            engine.start([.post(server.url("/hang")), .post(server.url("/hang"), id: 2)], receiver: collector)
            engine.cancelAll(of: collector)
            let ends = await collector.next(2)
            #expect(ends.allSatisfy { ["cancelled", "unknown aborted"].contains($0.result.summary) })
            #expect(await engine.summary(of: .post(server.url("/\(round)"))) == "200 ")
        }
        engine.shutdown()
    }

    @Test func shutdownReportsEverythingOnceAndNothingAfterwards() async throws {
        let asked = Countdown(6)
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            asked.finish()
            connection.waitForClose()
        }
        let (port, descriptors) = try LoopbackServer.deafPort()
        defer { for descriptor in descriptors { close(descriptor) } }
        let engine = try HTTPEngine.make(reactors: 3)
        let collector = Collector()
        engine.start((0..<6).map { .post(server.url(), id: $0) }, receiver: collector)
        engine.start((6..<9).map { .post("http://127.0.0.1:\(port)/", id: $0) }, receiver: collector)
        #expect(asked.waitUntilZero())
        engine.shutdown()
        #expect(collector.ids.sorted() == Array(0..<9))
        #expect(server.waitUntilIdle())
        engine.shutdown()
        #expect(collector.ids.count == 9)
        let summaries = Dictionary(
            grouping: await collector.next(9), by: { $0.result.summary }
        ).mapValues(\.count)
        #expect(summaries == ["unknown aborted": 6, "cancelled": 3])
        // The answer to a start after the end is that it was called off.
        #expect(await engine.summary(of: .post(server.url())) == "cancelled")
        #expect(server.requests.count == 6)
    }

    @Test func aDroppedEngineEndsWhatWasInFlight() async throws {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.waitForClose()
        }
        let collector = Collector()
        weak var dropped: HTTPEngine?
        do {
            let engine = try HTTPEngine.make(reactors: 2)
            dropped = engine
            engine.start((0..<8).map { .post(server.url(), id: $0) }, receiver: collector)
        }
        #expect(dropped == nil)
        let ends = await collector.next(8)
        #expect(Set(ends.map(\.id)) == Set(0..<8))
        #expect(ends.allSatisfy { ["cancelled", "unknown aborted"].contains($0.result.summary) })
    }

    @Test func receiversAreLetGo() async throws {
        let server = try LoopbackServer { $0.answerAll() }
        let engine = try HTTPEngine.make()
        weak var receiver: Collector?
        do {
            let collector = Collector()
            receiver = collector
            engine.start([.post(server.url())], receiver: collector)
            _ = await collector.next(1)
        }
        // The reactor's turn in which the end was delivered is over when another request has ended.
        _ = await engine.summary(of: .post(server.url()))
        #expect(receiver == nil)
        engine.shutdown()
    }

    /// In a process of its own, since descriptors of other tests come and go.
    @Test func enginesGiveEverythingBack() async {
        await #expect(processExitsWith: .success) {
            func descriptors() -> Int { (0..<256).count { fcntl($0, F_GETFD) >= 0 } }
            // Dispatch opens a few of its own once; an engine that gives nothing back would keep at least one each.
            let limit = descriptors() + 10
            func use(dropping: Bool) async throws {
                let server = try LoopbackServer { $0.answerAll() }
                let engine = try HTTPEngine.make(reactors: 4)
                let collector = Collector()
                engine.start((0..<40).map { .post(server.url(), id: $0) }, receiver: collector)
                _ = await collector.next(40)
                if !dropping { engine.shutdown() }
            }
            /// The server's threads and a dropped engine close in their own time.
            func settles() -> Bool {
                for _ in 0..<50_000 {
                    if descriptors() <= limit { return true }
                    sched_yield()
                }
                return false
            }
            for _ in 0..<15 { try await use(dropping: false) }
            #expect(settles())
            for _ in 0..<15 { try await use(dropping: true) }
            #expect(settles())
        }
    }

    @Test func startingAndEndingAtRandomTimesLosesNothing() async throws {
        let server = try LoopbackServer { $0.answerAll() }
        var random = SeededGenerator(seed: 7)
        for _ in 0..<30 {
            let engine = try HTTPEngine.make(reactors: Int.random(in: 1...4, using: &random))
            let collector = Collector()
            var next: UInt64 = 0
            for _ in 0..<Int.random(in: 1...10, using: &random) {
                let count = UInt64.random(in: 1...10, using: &random)
                engine.start((next..<next + count).map { .post(server.url(), id: $0) }, receiver: collector)
                next += count
                if Bool.random(using: &random) { engine.cancelAll(of: collector) }
            }
            engine.shutdown()
            #expect(collector.ids.sorted() == Array(0..<next))
        }
    }
}
