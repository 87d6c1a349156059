import Glibc
import JobModel
import TestSupport
import Testing

@testable import HTTPEngine

@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    @Test func connectionsAreKept() async throws {
        let server = try LoopbackServer { $0.answerAll(body: "x") }
        let engine = try HTTPEngine.make(reactors: 4)
        for _ in 0..<50 {
            #expect(await engine.summary(of: .post(server.url())) == "200 x")
        }
        #expect(server.connectionCount == 1)
        #expect(server.requests.count == 50)
        engine.shutdown()
    }

    @Test(arguments: ["Connection: close", "Keep-Alive: timeout=0"]) func connectionsThatEndAreNot(header: String)
        async throws
    {
        let server = try LoopbackServer { connection in
            _ = connection.readRequest()
            connection.answer(headers: [header])
        }
        let engine = try HTTPEngine.make()
        for _ in 0..<3 {
            #expect(await engine.summary(of: .post(server.url())) == "200 ")
            #expect(server.waitUntilIdle())
        }
        #expect(server.connectionCount == 3)
        engine.shutdown()
    }

    /// Takes two descriptors a connection, since the server is in this process too.
    @Test func aThousandRequestsAreInFlightAtOnce() async throws {
        try #require(raiseDescriptorLimit(to: 4096), "ulimit -Hn is below 4096")
        let all = Countdown(1000)
        let server = try LoopbackServer { connection in
            while connection.readRequest() != nil {
                all.finish()
                // Nobody is answered before everybody has asked.
                connection.answer(all.waitUntilZero() ? 200 : 504)
            }
        }
        let engine = try HTTPEngine.make(reactors: 2)
        let collector = Collector()
        engine.start((0..<1000).map { .post(server.url(), id: $0, timeout: .seconds(30)) }, receiver: collector)
        let ends = await collector.next(1000)
        #expect(Set(ends.map(\.id)) == Set(0..<1000))
        #expect(ends.filter { $0.result.summary != "200 " }.map(\.result.summary) == [])
        engine.shutdown()
    }

    @Test func everyReceiverGetsItsOwnEnds() async throws {
        let server = try LoopbackServer { connection in
            while let request = connection.readRequest() { connection.answer(body: request.line) }
        }
        let engine = try HTTPEngine.make(reactors: 3)
        let collectors = (0..<20).map { _ in Collector() }
        for (number, collector) in collectors.enumerated() {
            for piece in 0..<5 {
                engine.start(
                    (0..<4).map { .post(server.url("/\(number)"), id: UInt64(piece * 4 + $0)) }, receiver: collector)
            }
        }
        for (number, collector) in collectors.enumerated() {
            let ends = await collector.next(20)
            #expect(Set(ends.map(\.id)) == Set(0..<20))
            #expect(Set(ends.map(\.result.summary)) == ["200 POST /\(number) HTTP/1.1"])
        }
        engine.shutdown()
        #expect(collectors.allSatisfy { $0.ids.count == 20 })
    }

    @Test func aReceiverMayStartFurtherRequestsFromItsCallback() async throws {
        final class Chain: HTTPReceiver {
            let engine: HTTPEngine
            let url: String
            let done = AsyncStream<String>.makeStream()
            init(engine: HTTPEngine, url: String) {
                self.engine = engine
                self.url = url
            }
            func received(_ ends: [HTTPEnd]) {
                for end in ends {
                    if end.id == 200 || end.result.summary != "200 " {
                        done.continuation.yield("\(end.id) \(end.result.summary)")
                    } else {
                        engine.start([.post(url, id: end.id + 1)], receiver: self)
                    }
                }
            }
        }
        let server = try LoopbackServer { $0.answerAll() }
        let engine = try HTTPEngine.make(reactors: 2)
        let chain = Chain(engine: engine, url: server.url())
        engine.start([.post(server.url(), id: 1)], receiver: chain)
        var ends = chain.done.stream.makeAsyncIterator()
        #expect(await ends.next() == "200 200 ")
        #expect(server.requests.count == 200)
        engine.shutdown()
    }

    @Test func startingNothingReportsNothing() async throws {
        let engine = try HTTPEngine.make()
        let collector = Collector()
        engine.start([], receiver: collector)
        engine.shutdown()
        #expect(collector.ids.isEmpty)
    }

    @Test(arguments: [
        (0, [0, 0], [0, 0]), (1, [0, 0], [1, 0]), (2, [0, 0], [1, 1]), (3, [0, 0], [2, 1]), (5, [4, 0], [1, 4]),
        (1, [3, 2, 9], [0, 1, 0]), (6, [3, 2, 9], [3, 3, 0]), (7, [5], [7]), (4, [100, 0, 0], [0, 2, 2]),
    ])
    func theEmptiestReactorGetsMost(count: Int, loads: [Int], expected: [Int]) {
        #expect(HTTPEngine.shares(of: count, among: loads) == expected)
    }
}

private func raiseDescriptorLimit(to wanted: UInt) -> Bool {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return false }
    if limit.rlim_cur >= wanted { return true }
    limit.rlim_cur = wanted
    return limit.rlim_max >= wanted && setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
}
