internal import Expectations
internal import JobModel
internal import Reactor
internal import Results
internal import Synchronization

/// Judges invocations as they end and hands them on to be recorded.
///
/// On a queue of its own: an answer may be long and a pattern slow. An invocation counts as in flight until its record
/// is written, so that those that wait to be judged are bounded.
final class CaseRecorder: RunRecorder {
    private struct State {
        var cases: [SmokeCase] = []
        var repeatable: [RepeatedRow] = []
        var window: PreparedBatch?
    }

    private let inner: any RunRecorder
    private let judge: CaseJudge
    private let expected: @Sendable (Int) -> [RenderedValue?]
    private let calledOff: CallOff
    /// Failed cases will be tried again, and no failure is final before.
    private let keepsFailed: Bool
    private let queue = SerialQueue(label: "fnrun.cases")
    private let state = Mutex(State())

    /// - Parameters:
    ///   - expected: what was rendered for a row; asked for once.
    ///   - calledOff: is told of each final failure.
    init(
        _ inner: any RunRecorder, judge: CaseJudge, expected: @escaping @Sendable (Int) -> [RenderedValue?],
        calledOff: CallOff, keepsFailed: Bool
    ) {
        self.inner = inner
        self.judge = judge
        self.expected = expected
        self.calledOff = calledOff
        self.keepsFailed = keepsFailed
    }

    /// The cases so far, in order of their rows.
    var cases: [SmokeCase] { state.withLock { $0.cases }.sorted { $0.index < $1.index } }
    /// Those that may be tried again, in order of their rows.
    var repeatable: [RepeatedRow] { state.withLock { $0.repeatable }.sorted { $0.row.index < $1.row.index } }
    /// The last window that was announced, without its rows.
    var window: PreparedBatch? { state.withLock { $0.window } }

    func announce(_ window: PreparedBatch, then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        state.withLock { state in
            state.window = window
            state.window?.rows = []
        }
        queue.async { @Sendable [inner] in inner.announce(window, then: report) }
    }

    func record(_ results: [InvocationResult], then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        queue.async { @Sendable [self] in
            for result in results { add(result) }
            inner.record(results, then: report)
        }
    }

    func finish(_ end: RunEnd, then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        queue.async { @Sendable [inner] in inner.finish(end, then: report) }
    }

    private func add(_ result: InvocationResult) {
        let expected = expected(result.row.index)
        let verdict = judge.judge(result, expected: expected)
        let isFailure = verdict.verdict == .failed || verdict.verdict == .error
        // What cannot be rendered will be no better.
        let isRepeatable = keepsFailed && isFailure && result.attempts > 0
        state.withLock { state in
            state.cases.append(verdict)
            if isRepeatable { state.repeatable.append(RepeatedRow(row: result.row, expected: expected)) }
        }
        if isFailure, !isRepeatable { calledOff.failed() }
    }
}
