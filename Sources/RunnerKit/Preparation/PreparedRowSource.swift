internal import JobModel
internal import Reactor

/// Prepares a run's rows on a queue of its own.
struct PreparedRowSource: InvocationSource {
    let rows: any PreparedRows
    private let queue = SerialQueue(label: "fnrun.input")

    init(rows: any PreparedRows) {
        self.rows = rows
    }

    func read(upTo limit: Int, then deliver: @escaping @Sendable (PreparedBatch) -> Void) {
        queue.async { @Sendable [rows] in
            deliver(rows.next(limit: limit))
        }
    }
}
