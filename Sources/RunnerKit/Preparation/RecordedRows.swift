internal import JobFile
internal import JobModel
internal import Results
internal import Synchronization
internal import Templating

/// The rows of a redrive that are sent as an earlier run has recorded them.
final class RecordedRows: PreparedRows {
    /// Rows that are looked at before anything is sent: if none of them holds a request, none is likely to.
    private static let sample = 1000
    /// Rows that one call passes over at most.
    private static let passedOver = 65_536

    private struct State: ~Copyable {
        var requests: RecordedRequests
        var sample: [RecordedRequest] = []
        /// Of the sample, those that were handed on.
        var taken = 0
        var renderer: RowRenderer
        var upTo = 0

        init(requests: consuming RecordedRequests, renderer: RowRenderer) {
            self.requests = requests
            self.renderer = renderer
        }

        /// Reads ahead to the first row that has a request; the ones before it are small.
        mutating func takeSample() throws(ResultsError) {
            while sample.count < RecordedRows.sample, let row = try requests.next() {
                sample.append(row)
                if !row.isMissing { break }
            }
        }

        mutating func next() throws(ResultsError) -> RecordedRequest? {
            guard taken < sample.count else {
                (sample, taken) = ([], 0)
                return try requests.next()
            }
            defer { taken += 1 }
            return sample[taken]
        }
    }

    private let state: Mutex<State>
    private let plan: RowPlan
    private let time: any TimeSource
    private let count: Int
    /// Rows from this number on are beyond the limit: not read, and so not announced.
    private let end: Int

    /// - Throws: ``CommandFailure`` with status 2 if the result file cannot be read, its records hold no requests, or
    ///   the job's headers or user id need more of a row than its records hold.
    init(
        redrive: Redrive, job: JobDefinition, plan: RowPlan, renderer: RowRenderer, time: any TimeSource
    ) throws(CommandFailure) {
        self.plan = plan
        self.time = time
        count = redrive.count
        end = redrive.end ?? .max
        let needsRow = (job.headers.map(\.value) + [job.userID]).contains { $0.use.roots.contains(.row) }
        guard !needsRow || redrive.count == 0 else {
            throw CommandFailure(
                .invalid,
                "job \(job.name): its headers or userId use the row, of which records hold only the payload; give the "
                    + "original input with --input")
        }
        var state = State(requests: try Self.open(redrive), renderer: renderer)
        do throws(ResultsError) {
            try state.takeSample()
        } catch {
            throw CommandFailure(.invalid, error.message)
        }
        if state.sample.allSatisfy(\.isMissing), let first = state.sample.first, case .missing(let why) = first.content
        {
            throw CommandFailure(.invalid, "\(redrive.results): row \(first.index): \(why)")
        }
        self.state = Mutex(state)
    }

    private static func open(_ redrive: Redrive) throws(CommandFailure) -> RecordedRequests {
        do throws(ResultsError) {
            return try RecordedRequests(path: redrive.results, rows: redrive.rows)
        } catch {
            throw CommandFailure(.invalid, error.message)
        }
    }

    func next(limit: Int) -> PreparedBatch {
        let now = time.wallNow()
        return state.withLock { state in
            var rows: [PreparedRow] = []
            var failure: String?
            var passed = 0
            var isLast = false
            do throws(ResultsError) {
                while rows.count < limit, passed < Self.passedOver {
                    guard let row = try state.next(), row.index < end else {
                        isLast = true
                        break
                    }
                    let fate = plan.fate(of: row.index)
                    state.upTo = row.index + 1
                    passed += 1
                    if fate != .passOver { rows.append(state.renderer.prepare(row, fate, now: now)) }
                }
            } catch {
                failure = error.message
                isLast = true
            }
            return PreparedBatch(
                rows: rows, upTo: state.upTo, inputBytes: state.requests.length, inputSHA256: state.requests.sha256,
                isLast: isLast, failure: failure)
        }
    }

    var extent: RowExtent {
        RowExtent(rows: plan.shard == nil ? count : nil)
    }
}

extension RecordedRequest {
    fileprivate var isMissing: Bool {
        if case .missing = content { true } else { false }
    }
}

extension RowRenderer {
    /// A recorded row as this run's plan has it.
    fileprivate mutating func prepare(_ row: RecordedRequest, _ fate: RowPlan.Fate, now: Timestamp) -> PreparedRow {
        switch row.content {
        case .missing(let why):
            let error = InvocationError(.template, message: why)
            return PreparedRow(index: row.index, key: row.key, content: .rejected(error)).meeting(fate)
        case .payload(let payload):
            return render(recorded: payload, index: row.index, key: row.key, now: now).meeting(fate)
        }
    }
}
