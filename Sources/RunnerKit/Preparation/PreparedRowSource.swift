internal import Input
internal import JobModel
internal import Reactor
internal import Synchronization

/// Reads and renders a run's rows on a queue of its own.
final class PreparedRowSource: InvocationSource {
    private let reader: RowReader
    private let renderer: Mutex<RowRenderer>
    private let time: any TimeSource
    private let queue = SerialQueue(label: "fnrun.input")

    init(reader: RowReader, renderer: RowRenderer, time: any TimeSource) {
        self.reader = reader
        self.renderer = Mutex(renderer)
        self.time = time
    }

    func read(upTo limit: Int, then deliver: @escaping @Sendable (PreparedBatch) -> Void) {
        queue.async { @Sendable [self] in
            deliver(next(limit: limit))
        }
    }

    /// Reads and renders on the caller's thread; waits for at least one row.
    func next(limit: Int) -> PreparedBatch {
        let batch = reader.next(limit: limit)
        let now = time.wallNow()
        let rows = renderer.withLock { renderer in
            batch.rows.map { renderer.render($0, now: now) }
        }
        return PreparedBatch(
            rows: rows, upTo: batch.upTo, inputBytes: batch.inputBytes, inputSHA256: batch.inputSHA256,
            isLast: batch.isLast, failure: batch.failure)
    }
}
