import JSONText
import JobModel
import Status
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HookSenderTests {
    /// Keeps requests until a test answers them.
    private final class FakeTransport: HTTPTransport {
        struct State {
            var open: [HTTPRequest] = []
            var receiver: (any HTTPReceiver)?
        }

        private let state = Mutex(State())
        private let continuation: AsyncStream<HTTPRequest>.Continuation
        /// Requests as they are started.
        let started: AsyncStream<HTTPRequest>

        init() {
            (started, continuation) = AsyncStream<HTTPRequest>.makeStream()
        }

        func start(_ requests: [HTTPRequest], receiver: any HTTPReceiver) {
            state.withLock {
                $0.open += requests
                $0.receiver = receiver
            }
            for request in requests { continuation.yield(request) }
        }

        func cancelAll(of receiver: any HTTPReceiver) {
            let open = state.withLock { state in
                defer { state.open = [] }
                return state.open
            }
            end(open.map(\.id), .unknown(TransportFailure(.aborted, message: "called off")))
        }

        func answer(_ request: HTTPRequest, _ status: Int) {
            state.withLock { $0.open.removeAll { $0.id == request.id } }
            end([request.id], .response(status: status, headers: [], body: []))
        }

        private func end(_ ids: [UInt64], _ result: HTTPEnd.Result) {
            let receiver = state.withLock { $0.receiver }
            receiver?.received(
                ids.map { HTTPEnd(id: $0, result: result, startedAt: Timestamp(seconds: 0), latency: .zero) })
        }
    }

    private static func event(_ result: OccurrenceResult) -> HookEvent {
        var counts = RunCounts()
        counts.rows = 3
        counts.succeeded = 1
        counts.failed = 2
        counts.attempts = 5
        return HookEvent(
            job: "nightly", nominalTime: Timestamp(seconds: 1_795_000_000), runID: "0190", result: result,
            counts: result == .crashed ? nil : counts, startedAt: Timestamp(microseconds: 1_795_000_000_123_456),
            finishedAt: Timestamp(seconds: 1_795_000_060), message: result == .failed ? "2 of 3 \"failed\"" : nil)
    }

    private static func hooks() -> RunHooks {
        var hooks = RunHooks()
        hooks.onFailure = Secret("https://hooks.example/failure?token=s3cret")
        hooks.onSuccess = Secret("https://hooks.example/success")
        hooks.ping = Secret("https://ping.example/0a1b")
        return hooks
    }

    private static func sender(
        _ transport: FakeTransport, notes: AsyncStream<HookNote>.Continuation? = nil
    ) -> HookSender {
        var policy = HookPolicy()
        policy.initialInterval = .milliseconds(1)
        policy.maximumInterval = .milliseconds(2)
        return HookSender(
            transport: transport, userAgent: "fnrun/1.2.3", policy: policy, random: SeededGenerator(seed: 1)
        ) { notes?.yield($0) }
    }

    @Test func tellsOfAFailure() async throws {
        let transport = FakeTransport()
        let sender = Self.sender(transport)
        sender.send(Self.event(.failed), to: Self.hooks())
        var started = transport.started.makeAsyncIterator()
        let request = try #require(await started.next())
        #expect(request.method == .post)
        #expect(request.url == "https://hooks.example/failure?token=s3cret")
        #expect(request.timeout == .seconds(10))
        #expect(request.headers.contains { $0 == ("Content-Type", "application/json") })
        #expect(request.headers.contains { $0 == ("User-Agent", "fnrun/1.2.3") })
        let nominal = Timestamp(seconds: 1_795_000_000).shortestRFC3339
        let finished = Timestamp(seconds: 1_795_000_060).rfc3339()
        let parts = [
            #"{"job":"nightly","occurrence":"nightly@\#(nominal)","nominalTime":"\#(nominal)","runId":"0190""#,
            #""result":"failed""#,
            #""counts":{"rows":3,"succeeded":1,"failed":2,"unknown":0,"cancelled":0,"attempts":5}"#,
            #""startedAt":"\#(nominal.dropLast()).123Z","finishedAt":"\#(finished)""#,
            #""message":"2 of 3 \"failed\""}"#,
        ]
        #expect(String(decoding: request.body, as: UTF8.self) == parts.joined(separator: ","))
        transport.answer(request, 200)
        await sender.drain(within: .seconds(10))
        #expect(sender.tally.delivered == 1)
    }

    @Test func tellsOfASuccessAndPings() async throws {
        let transport = FakeTransport()
        let sender = Self.sender(transport)
        sender.send(Self.event(.succeeded), to: Self.hooks())
        var started = transport.started.makeAsyncIterator()
        let webhook = try #require(await started.next())
        let ping = try #require(await started.next())
        #expect(webhook.url == "https://hooks.example/success")
        #expect(webhook.method == .post)
        #expect(ping.url == "https://ping.example/0a1b")
        #expect(ping.method == .get)
        #expect(ping.body.isEmpty)
        transport.answer(webhook, 200)
        transport.answer(ping, 200)
        await sender.drain(within: .seconds(10))
        #expect(sender.tally.delivered == 2)
    }

    @Test func aCrashIsAFailureOfWhichLittleIsKnown() async throws {
        let transport = FakeTransport()
        let sender = Self.sender(transport)
        sender.send(Self.event(.crashed), to: Self.hooks())
        var started = transport.started.makeAsyncIterator()
        let request = try #require(await started.next())
        guard case .object(let body) = try JSONParser.parse(request.body) else {
            return #expect(Bool(false), "no object")
        }
        #expect(body["result"] == .string("crashed"))
        #expect(body["counts"] == nil)
        #expect(body["message"] == nil)
    }

    @Test func withoutHooksNothingIsSent() async {
        let transport = FakeTransport()
        let sender = Self.sender(transport)
        var hooks = RunHooks()
        sender.send(Self.event(.failed), to: hooks)
        hooks.onSuccess = Secret("https://hooks.example/")
        sender.send(Self.event(.failed), to: hooks)
        hooks = RunHooks()
        hooks.onFailure = Secret("https://hooks.example/")
        sender.send(Self.event(.succeeded), to: hooks)
        await sender.drain(within: .seconds(10))
        #expect(sender.tally == HookTally())
    }

    @Test func triesAgainByItself() async throws {
        let transport = FakeTransport()
        let (notes, continuation) = AsyncStream<HookNote>.makeStream()
        let sender = Self.sender(transport, notes: continuation)
        sender.send(Self.event(.failed), to: Self.hooks())
        var started = transport.started.makeAsyncIterator()
        let statuses = [500, 503, 200]
        for status in statuses { transport.answer(try #require(await started.next()), status) }
        var seen: [HookNote] = []
        for await note in notes {
            seen.append(note)
            if seen.count == 3 { break }
        }
        #expect(seen.map(\.result) == [.delayed, .delayed, .delivered])
        #expect(seen.allSatisfy { $0.host == "hooks.example" && !"\($0)".contains("s3cret") })
    }

    @Test func aDrainEndsInTimeAndTellsWhatWasLeft() async {
        let transport = FakeTransport()
        let (notes, continuation) = AsyncStream<HookNote>.makeStream()
        let sender = Self.sender(transport, notes: continuation)
        for _ in 0..<6 { sender.send(Self.event(.failed), to: Self.hooks()) }
        await sender.drain(within: .milliseconds(20))
        #expect(sender.tally.failed == 4)
        #expect(sender.tally.dropped == 2)
        sender.send(Self.event(.failed), to: Self.hooks())
        #expect(sender.tally.dropped == 3)
        continuation.finish()
        var results: [HookNote.Result] = []
        for await note in notes { results.append(note.result) }
        #expect(results.count == 7)
    }

    @Test func aDrainWithNothingToWaitForEndsAtOnce() async {
        let sender = Self.sender(FakeTransport())
        await sender.drain(within: .seconds(3600))
        sender.send(Self.event(.failed), to: Self.hooks())
        #expect(sender.tally.dropped == 1)
    }
}
