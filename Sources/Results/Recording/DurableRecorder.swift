package import JobModel
import Reactor
import Synchronization

/// Appends a run's records to a result file and makes them durable.
///
/// One queue encodes and hands each batch to write(2) in one piece, another syncs, except where there is nothing to write
/// meanwhile. What arrives while a batch is being written forms the next one. The first failure is final: it is reported
/// to every call from then on.
package final class DurableRecorder: RunRecorder, Sendable {
    private enum Operation: Sendable {
        case begin
        case announce(upTo: Int, inputBytes: Int64, inputSHA256: String, then: Report)
        case carry([CarriedRow], then: Report)
        case carryEnd(inputBytes: Int64, inputSHA256: String, then: Report)
        case record([InvocationResult], then: Report)
        case finish(RunEnd, then: Report)
        /// Came after the end.
        case refused(then: Report)
    }

    private typealias Report = @Sendable (RecorderFailure?) -> Void

    private struct Inbox {
        var operations: [Operation] = []
        var isScheduled = false
        var isFinished = false
    }

    private struct Writer {
        var encoder: RecordEncoder
        var appender: LineAppender
        var buffer: [UInt8] = []
        var tally: RunTally
        var summary: [UInt8] = []
        /// Nothing was sent before the first window is on disk, so no results come meanwhile.
        var hasAnnounced = false
    }

    /// Leaves a part of the 100 ms that records may stay unsynced to the sync itself.
    package static let defaultSyncInterval = Duration.milliseconds(80)
    /// A batch that has grown to so many bytes is written before the next one is begun.
    private static let writeSize = 256 * 1024

    private let file: ResultFile
    private let version: String
    private let replacedFailure: @Sendable (_ index: Int) -> ErrorClass?
    private let queue = SerialQueue(label: "fnrun.results.write")
    private let failure = FirstFailure()
    private let syncing: GroupSync
    private let inbox = Mutex(Inbox())
    private let writer: Mutex<Writer>

    /// Begins with the `run` record; a failure to write it is reported to the first call.
    ///
    /// - Parameters:
    ///   - file: closed when the recording is finished.
    ///   - version: fnrun's own, for the `run` record.
    ///   - carried: of the earlier runs that this one goes on with.
    ///   - replacedFailure: the class that `carried` counts for a row, by its index, if the row's earlier record is
    ///     `failed` (``PreparedRow/previous``) and this run's replaces it; see ``ResultHistory/failureClass(of:)``.
    ///   - syncInterval: how long written records may wait for an fsync to begin.
    ///   - schedule: tells when they have; one for all recordings of a process.
    package init(
        file: ResultFile, run: RunDescription, policy: RecordPolicy, version: String,
        carried: RunTally = RunTally(),
        replacedFailure: @escaping @Sendable (_ index: Int) -> ErrorClass? = { _ in nil },
        operations: any FileOperations = SystemFileOperations(), syncInterval: Duration = defaultSyncInterval,
        schedule: SyncSchedule = SyncSchedule()
    ) {
        self.file = file
        self.version = version
        self.replacedFailure = replacedFailure
        syncing = GroupSync(
            file: file, operations: operations, interval: syncInterval, schedule: schedule, failure: failure)
        writer = Mutex(
            Writer(
                encoder: RecordEncoder(run: run, policy: policy),
                appender: LineAppender(file: file, operations: operations), tally: carried))
        // The file was opened on this thread, so its first record may be written there: no other need wake up for it. But
        // whoever reads from a pipe may let it wait.
        if file.isRegular {
            _ = encode(.begin)
            write()
        } else {
            submit(.begin) { _ in }
        }
    }

    /// Latencies and failure classes of what was recorded so far, carried ones included. Waits for a write under way: for
    /// the run's end.
    package var tally: RunTally { writer.withLock { $0.tally } }

    /// The line of the summary record, without its line feed; empty before ``finish(_:then:)`` has reported.
    package var summary: [UInt8] { writer.withLock { $0.summary } }

    package func announce(_ window: PreparedBatch, then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        submit(
            .announce(
                upTo: window.upTo, inputBytes: window.inputBytes, inputSHA256: window.inputSHA256,
                then: report),
            else: report)
    }

    /// Writes `carried` records and reports when write(2) has taken them all. All come before the first window.
    package func carry(_ rows: [CarriedRow], then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        submit(.carry(rows, then: report), else: report)
    }

    /// Writes that all rows of a changed input have been carried over, and reports when it is on disk (fsync).
    package func endCarrying(
        inputBytes: Int64, inputSHA256: String, then report: @escaping @Sendable (RecorderFailure?) -> Void
    ) {
        submit(.carryEnd(inputBytes: inputBytes, inputSHA256: inputSHA256, then: report), else: report)
    }

    package func record(_ results: [InvocationResult], then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        submit(.record(results, then: report), else: report)
    }

    package func finish(_ end: RunEnd, then report: @escaping @Sendable (RecorderFailure?) -> Void) {
        submit(.finish(end, then: report), else: report)
    }

    private func submit(_ operation: Operation, else report: @escaping Report) {
        let starts = inbox.withLock { inbox in
            inbox.operations.append(inbox.isFinished ? .refused(then: report) : operation)
            if case .finish = operation { inbox.isFinished = true }
            defer { inbox.isScheduled = true }
            return !inbox.isScheduled
        }
        if starts { queue.async { @Sendable [self] in drain() } }
    }

    private func drain() {
        let operations = inbox.withLock { inbox in
            let taken = inbox.operations
            inbox.operations = []
            inbox.isScheduled = false
            return taken
        }
        var first = operations.startIndex
        for position in operations.indices {
            guard encode(operations[position]) >= Self.writeSize || position == operations.endIndex - 1 else {
                continue
            }
            write()
            for operation in operations[first...position] { complete(operation) }
            first = position + 1
        }
    }

    /// Encodes into the batch; returns the bytes that wait to be written.
    private func encode(_ operation: Operation) -> Int {
        guard failure.current == nil else { return 0 }
        return writer.withLock { writer in
            switch operation {
            case .begin:
                writer.encoder.appendRun(version: version, to: &writer.buffer)
            case .announce(let upTo, let inputBytes, let inputSHA256, _):
                writer.encoder.appendWindow(
                    upTo: upTo, inputBytes: inputBytes, inputSHA256: inputSHA256, to: &writer.buffer)
            case .carry(let rows, _):
                for row in rows {
                    writer.encoder.appendCarried(
                        index: row.index, key: row.key, outcome: row.outcome, errorClass: row.errorClass,
                        to: &writer.buffer)
                }
            case .carryEnd(let inputBytes, let inputSHA256, _):
                writer.encoder.appendCarriedEnd(
                    inputBytes: inputBytes, inputSHA256: inputSHA256, to: &writer.buffer)
            case .record(let results, _):
                for result in results {
                    writer.encoder.append(result, to: &writer.buffer)
                    if result.row.previous == .failed, let replaced = replacedFailure(result.row.index) {
                        writer.tally.replace(replaced)
                    }
                    writer.tally.add(result)
                }
            case .finish(let end, _):
                let start = writer.buffer.count
                writer.encoder.appendSummary(
                    end, isComplete: Self.isComplete(end),
                    latencies: writer.tally.latencies, to: &writer.buffer)
                writer.summary = Array(writer.buffer[start...].dropLast())
            case .refused: break
            }
            return writer.buffer.count
        }
    }

    /// A run that was told to stop, or failed too often, may have finished its whole input all the same.
    private static func isComplete(_ end: RunEnd) -> Bool {
        end.inputEnded && end.counts.cancelled == 0 && end.own.finished == end.own.rows
    }

    private func write() {
        let isWritten = writer.withLock { writer in
            guard !writer.buffer.isEmpty else { return false }
            do throws(ResultsError) {
                try writer.appender.append(writer.buffer)
            } catch {
                failure.set(error)
            }
            // One huge answer must not hold its memory for the rest of the run.
            writer.buffer.removeAll(keepingCapacity: writer.buffer.capacity <= 4 * Self.writeSize)
            return true
        }
        // After a failure too: the lines that were taken before it shall be kept.
        if isWritten { syncing.wrote() }
    }

    private func complete(_ operation: Operation) {
        switch operation {
        case .begin: break
        case .carry(_, let report), .record(_, let report): report(failure.current)
        case .announce(_, _, _, let report):
            if let failure = failure.current { return report(failure) }
            let isFirst = writer.withLock { writer in
                defer { writer.hasAnnounced = true }
                return !writer.hasAnnounced
            }
            if isFirst {
                syncing.requestHere { @Sendable [self] in report(failure.current) }
            } else {
                syncing.request { @Sendable [self] in report(failure.current) }
            }
        case .carryEnd(_, _, let report):
            if let failure = failure.current { return report(failure) }
            syncing.request { @Sendable [self] in report(failure.current) }
        case .finish(_, let report):
            syncing.requestHere { @Sendable [self] in
                file.close()
                report(failure.current)
            }
        case .refused(let report):
            report(RecorderFailure(message: "\(file.name): the recording is finished"))
        }
    }
}
