internal import Input
internal import JobModel
internal import Synchronization

/// Rows of an input, each rendered through the job's templates.
final class InputRows: PreparedRows {
    private static let doubt = InvocationError(
        .cancelled, message: "an earlier run may have sent this row and left no record of it")

    private let reader: RowReader
    private let plan: RowPlan
    private let renderer: Mutex<RowRenderer>
    private let time: any TimeSource

    init(reader: RowReader, plan: RowPlan, renderer: RowRenderer, time: any TimeSource) {
        self.reader = reader
        self.plan = plan
        self.renderer = Mutex(renderer)
        self.time = time
    }

    func next(limit: Int) -> PreparedBatch {
        let batch = reader.next(limit: limit) { plan.fate(of: $0) != .passOver }
        let now = time.wallNow()
        let rows = renderer.withLock { renderer in
            batch.rows.map { row in prepare(row, now: now, &renderer) }
        }
        return PreparedBatch(
            rows: rows, upTo: batch.upTo, inputBytes: batch.inputBytes, inputSHA256: batch.inputSHA256,
            isLast: batch.isLast, failure: batch.failure)
    }

    private func prepare(_ row: InputRow, now: Timestamp, _ renderer: inout RowRenderer) -> PreparedRow {
        var prepared = renderer.render(row, now: now)
        switch (plan.fate(of: row.index), prepared.content) {
        case (.send(let previous), _): prepared.previous = previous
        // A row that cannot be rendered cannot have been sent.
        case (.inDoubt, .request): prepared.content = .inDoubt(Self.doubt)
        case (.inDoubt, _), (.passOver, _): break
        }
        return prepared
    }

    var extent: RowExtent {
        RowExtent(bytes: reader.totalBytes, bytesRead: reader.rawBytesRead)
    }
}
