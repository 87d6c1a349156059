internal import JobModel
internal import Synchronization

/// Keeps the result of a single invocation for printing; nothing goes to disk.
final class AnswerRecorder: RunRecorder {
    private let last = Mutex<InvocationResult?>(nil)

    var result: InvocationResult? { last.withLock { $0 } }

    func announce(_ window: PreparedBatch, then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        report(nil)
    }

    func record(_ results: [InvocationResult], then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        last.withLock { $0 = results.last ?? $0 }
        report(nil)
    }

    func finish(_ end: RunEnd, then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        report(nil)
    }
}
