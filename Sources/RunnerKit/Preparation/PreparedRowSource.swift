internal import JobModel
internal import Reactor

/// Prepares a run's rows on a queue of its own.
struct PreparedRowSource: InvocationSource {
    let rows: any PreparedRows
    /// Nil if a row is ready before another thread were awake.
    private let queue: SerialQueue?

    /// - Parameter isAtHand: there is one row, and nothing has to be read for it.
    init(rows: any PreparedRows, isAtHand: Bool) {
        self.rows = rows
        queue = isAtHand ? nil : SerialQueue(label: "fnrun.input")
    }

    func read(upTo limit: Int, then deliver: @escaping @Sendable (PreparedBatch) -> Void) {
        guard let queue else { return deliver(rows.next(limit: limit)) }
        queue.async { @Sendable [rows] in
            deliver(rows.next(limit: limit))
        }
    }
}
