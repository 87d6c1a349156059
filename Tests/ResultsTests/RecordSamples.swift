import JSONText
import JobModel
import Synchronization

@testable import Results

/// Values that the tests of this module record.
enum Sample {
    static let start = Timestamp(microseconds: 1_795_310_101_123_456)  // 2026-11-22T01:15:01.123456Z

    static func run(
        id: String = "01939f5e-0000-7000-8000-000000000001", job: String = "nightly-sync",
        trigger: Trigger = .schedule, inputFile: String? = "customers.csv", tzdata: String = "2026f"
    ) -> RunDescription {
        RunDescription(
            runID: id, job: job, lambda: "syncCustomer", trigger: trigger,
            nominalTime: Timestamp(seconds: 1_795_310_100), startedAt: start, inputFile: inputFile,
            jobHash: "c0ffee", tzdata: tzdata)
    }

    static func row(_ index: Int, key: String? = nil, body: String = #"{"payload":{"id":1}}"#) -> PreparedRow {
        let bytes = Array(body.utf8)
        return PreparedRow(
            index: index, key: key,
            content: .request(
                RenderedRequest(
                    requestID: "5a0e8f2e-7f1c-4a57-9d3e-000000000001", userID: "fnrun", body: bytes,
                    payload: min(11, bytes.count)..<max(11, bytes.count - 1))))
    }

    static func result(
        _ index: Int, _ outcome: Outcome = .succeeded, response: String = #"{"ok":true}"#,
        error: InvocationError? = nil, latency: Duration = .microseconds(123_400)
    ) -> InvocationResult {
        InvocationResult(
            row: row(index), outcome: outcome, status: 200, attempts: 1, startedAt: start,
            duration: .microseconds(1_423_100), latency: latency,
            answer: Answer(status: 200, body: Array(response.utf8)), error: error)
    }

    static func batch(upTo: Int, isLast: Bool = false, failure: String? = nil) -> PreparedBatch {
        PreparedBatch(
            rows: [], upTo: upTo, inputBytes: Int64(upTo) * 10, inputSHA256: "beef", isLast: isLast,
            failure: failure)
    }

    static func end(
        _ reason: RunEnd.Reason = .completed, rows: Int = 1, succeeded: Int = 1, failed: Int = 0, unknown: Int = 0,
        cancelled: Int = 0, inputEnded: Bool = true
    ) -> RunEnd {
        var counts = RunCounts()
        counts.rows = rows
        counts.succeeded = succeeded
        counts.failed = failed
        counts.unknown = unknown
        counts.cancelled = cancelled
        counts.attempts = rows
        return RunEnd(
            reason: reason, counts: counts, inputEnded: inputEnded, finishedAt: start + .seconds(2),
            duration: .milliseconds(2500))
    }

    static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}

/// The calls of a recorder as async functions.
extension DurableRecorder {
    func announce(_ window: PreparedBatch) async -> RecorderFailure? {
        await withCheckedContinuation { continuation in announce(window) { continuation.resume(returning: $0) } }
    }

    func record(_ results: [InvocationResult]) async -> RecorderFailure? {
        await withCheckedContinuation { continuation in record(results) { continuation.resume(returning: $0) } }
    }

    func finish(_ end: RunEnd) async -> RecorderFailure? {
        await withCheckedContinuation { continuation in finish(end) { continuation.resume(returning: $0) } }
    }
}
