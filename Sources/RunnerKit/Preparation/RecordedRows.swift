internal import JobModel
internal import Results
internal import Synchronization

/// The rows of a redrive that are sent as an earlier run has recorded them.
final class RecordedRows: PreparedRows {
    private let requests: Mutex<RecordedRequests>
    private let plan: RowPlan
    private let renderer: Mutex<RowRenderer>
    private let time: any TimeSource
    private let count: Int

    /// - Throws: ``CommandFailure`` with status 2 if the result file cannot be read.
    init(
        redrive: RowSelection.Redrive, plan: RowPlan, renderer: RowRenderer, time: any TimeSource
    ) throws(CommandFailure) {
        do {
            requests = Mutex(try RecordedRequests(path: redrive.results, rows: redrive.rows))
        } catch {
            throw CommandFailure(.invalid, error.message)
        }
        self.plan = plan
        self.renderer = Mutex(renderer)
        self.time = time
        count = redrive.rows.count
    }

    func next(limit: Int) -> PreparedBatch {
        PreparedBatch(rows: [], upTo: 0, inputBytes: 0, inputSHA256: "", isLast: true)
    }

    var extent: RowExtent { RowExtent(rows: count) }
}
