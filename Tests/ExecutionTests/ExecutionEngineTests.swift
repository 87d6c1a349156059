import Execution
import JobModel
import Synchronization
import TestSupport
import Testing

/// The thin shell on its real queues.
@Suite(.timeLimit(.minutes(1))) struct ExecutionEngineTests {
    private func specification(_ edit: (inout RunPolicy) -> Void = { _ in }) -> RunSpecification {
        var policy = RunPolicy()
        policy.retry.initialInterval = .milliseconds(2)
        edit(&policy)
        return RunSpecification(target: LambdaTarget(address: .event("e")), lambdaKey: "l", policy: policy)
    }

    @Test func runsToItsEnd() async {
        let engine = ExecutionEngine(random: SeededGenerator(seed: 1))
        let recorder = ListRecorder()
        let gateway = EchoGateway { $0 % 10 == 3 ? 500 : 200 }
        let end = await withCheckedContinuation { done in
            _ = engine.start(
                specification { $0.retry.maxAttempts = 2 }, source: CountingSource(rows: 500), gateway: gateway,
                recorder: recorder, then: { done.resume(returning: $0) })
        }
        #expect(end.reason == .completed)
        #expect(end.counts.succeeded == 450 && end.counts.failed == 50 && end.counts.attempts == 550)
        #expect(Set(recorder.results.map(\.row.index)) == Set(0..<500))
        #expect(recorder.windows.last == 500)
        #expect(recorder.ends.count == 1)
        #expect(engine.totals.attempts == 550 && engine.totals.retries == 50)
        #expect(engine.totals.inFlight == 0 && engine.totals.waiting == 0 && engine.totals.overBudget == 0)
    }

    @Test func severalRunsShareTheProcessCap() async {
        let engine = ExecutionEngine(maximumConcurrency: 3)
        let gateway = EchoGateway { _ in 200 }
        await withTaskGroup(of: RunEnd.self) { group in
            for _ in 0..<5 {
                group.addTask {
                    await withCheckedContinuation { done in
                        _ = engine.start(
                            specification(), source: CountingSource(rows: 100), gateway: gateway,
                            recorder: ListRecorder(), then: { done.resume(returning: $0) })
                    }
                }
            }
            for await end in group { #expect(end.counts.succeeded == 100) }
        }
        #expect(gateway.most <= 3)
        #expect(engine.totals.attempts == 500)
    }

    @Test func stopsAndAborts() async {
        let engine = ExecutionEngine()
        let gateway = EchoGateway(answers: false) { _ in 200 }
        let (ends, continuation) = AsyncStream<RunEnd>.makeStream()
        let handle = engine.start(
            specification(), source: CountingSource(rows: 100), gateway: gateway, recorder: ListRecorder(),
            then: { continuation.yield($0) })
        var arrivals = gateway.arrivals.makeAsyncIterator()
        _ = await arrivals.next()
        #expect(engine.totals.inFlight == 8 && engine.totals.attempts == 0)
        handle.stop(drainFor: .seconds(3600))
        handle.abort()
        var iterator = ends.makeAsyncIterator()
        let end = await iterator.next()
        #expect(end?.reason == .stopped)
        #expect(end?.counts.unknown == 8)
        #expect((end?.counts.cancelled ?? 0) >= 56)
        #expect(handle.progress.isStopping)
        #expect(handle.progress.counts.rows == end?.counts.rows)
        #expect(engine.totals.inFlight == 0 && engine.totals.waiting == 0 && engine.totals.attempts == 8)
    }

    @Test func aSummaryThatCannotBeWrittenIsTheEnd() async {
        let recorder = ListRecorder(summaryFailure: RecorderFailure(message: "disk full"))
        let end = await withCheckedContinuation { done in
            _ = ExecutionEngine().start(
                specification(), source: CountingSource(rows: 3), gateway: EchoGateway { _ in 200 },
                recorder: recorder, then: { done.resume(returning: $0) })
        }
        #expect(end.reason == .output("disk full"))
        #expect(end.counts.succeeded == 3)
    }
}

/// Rows whose payload range holds their index.
private final class CountingSource: InvocationSource {
    private let rows: Int
    private let next = Mutex(0)

    init(rows: Int) {
        self.rows = rows
    }

    func read(upTo limit: Int, then deliver: @escaping @Sendable (PreparedBatch) -> Void) {
        let range = next.withLock { next in
            defer { next = min(rows, next + limit) }
            return next..<min(rows, next + limit)
        }
        let prepared = range.map { index in
            PreparedRow(
                index: index, key: nil,
                content: .request(RenderedRequest(requestID: "", userID: "", body: [], payload: index..<index)))
        }
        deliver(
            PreparedBatch(
                rows: prepared, upTo: range.upperBound, inputBytes: 0, inputSHA256: "",
                isLast: range.upperBound == rows))
    }
}

/// Answers at once with a status for each row, or never.
private final class EchoGateway: InvocationGateway {
    private struct State {
        var unanswered: [Attempt] = []
        var inFlight = 0
        var most = 0
    }

    let arrivals: AsyncStream<Int>
    private let arrived: AsyncStream<Int>.Continuation
    private let status: @Sendable (Int) -> Int
    private let answers: Bool
    private let state = Mutex(State())

    init(answers: Bool = true, status: @escaping @Sendable (Int) -> Int) {
        self.answers = answers
        self.status = status
        (arrivals, arrived) = AsyncStream<Int>.makeStream()
    }

    var most: Int { state.withLock { $0.most } }

    func start(_ attempts: [Attempt], receiver: any AttemptReceiver) {
        state.withLock {
            $0.inFlight += attempts.count
            $0.most = max($0.most, $0.inFlight)
            if !answers { $0.unanswered += attempts }
        }
        arrived.yield(attempts.count)
        guard answers else { return }
        Task {
            state.withLock { $0.inFlight -= attempts.count }
            receiver.ended(attempts.map { end($0, answer($0)) })
        }
    }

    func cancelAll(of receiver: any AttemptReceiver) {
        let ended = state.withLock { state in
            defer { state.unanswered = [] }
            return state.unanswered
        }
        receiver.ended(ended.map { end($0, .unknown(InvocationError(.network, message: "aborted"))) })
    }

    func observe(_ observer: any GatewayObserver) {
        observer.gatewayChanged(to: .ready(tokenGeneration: 1))
    }

    private func answer(_ attempt: Attempt) -> AttemptEnd.Result {
        let status = status(attempt.request.payload.lowerBound)
        let error = status == 200 ? nil : InvocationError(.platform, message: "")
        return .answered(Answer(status: status, body: [], error: error))
    }

    private func end(_ attempt: Attempt, _ result: AttemptEnd.Result) -> AttemptEnd {
        AttemptEnd(
            id: attempt.id, result: result, tokenGeneration: 1, startedAt: Timestamp(seconds: 0), latency: .zero)
    }
}

/// Keeps what it is given.
private final class ListRecorder: RunRecorder {
    private struct State {
        var windows: [Int] = []
        var results: [InvocationResult] = []
        var ends: [RunEnd] = []
    }

    private let state = Mutex(State())
    private let summaryFailure: RecorderFailure?

    init(summaryFailure: RecorderFailure? = nil) {
        self.summaryFailure = summaryFailure
    }

    var windows: [Int] { state.withLock { $0.windows } }
    var results: [InvocationResult] { state.withLock { $0.results } }
    var ends: [RunEnd] { state.withLock { $0.ends } }

    func announce(_ window: PreparedBatch, then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        state.withLock { $0.windows.append(window.upTo) }
        report(nil)
    }

    func record(_ results: [InvocationResult], then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        state.withLock { $0.results += results }
        report(nil)
    }

    func finish(_ end: RunEnd, then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        state.withLock { $0.ends.append(end) }
        report(summaryFailure)
    }
}
