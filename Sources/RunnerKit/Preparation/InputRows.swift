internal import Input
internal import JobModel
internal import Synchronization

/// Rows of an input, each rendered through the job's templates.
final class InputRows: PreparedRows {
    private let reader: RowReader
    private let plan: RowPlan
    private let isWhole: Bool
    private let renderer: Mutex<RowRenderer>
    private let time: any TimeSource

    init(reader: RowReader, plan: RowPlan, renderer: RowRenderer, time: any TimeSource) {
        self.reader = reader
        self.plan = plan
        isWhole = plan.isWhole
        self.renderer = Mutex(renderer)
        self.time = time
    }

    func next(limit: Int) -> PreparedBatch {
        let batch = reader.next(limit: limit) { isWhole || plan.fate(of: $0) != .passOver }
        let now = time.wallNow()
        let rows = renderer.withLock { renderer in
            batch.rows.map { row in
                let rendered = renderer.render(row, now: now)
                return isWhole ? rendered : rendered.meeting(plan.fate(of: row.index))
            }
        }
        return PreparedBatch(
            rows: rows, upTo: batch.upTo, inputBytes: batch.inputBytes, inputSHA256: batch.inputSHA256,
            isLast: batch.isLast, failure: batch.failure)
    }

    var extent: RowExtent {
        RowExtent(bytes: reader.totalBytes, bytesRead: reader.rawBytesRead)
    }
}
