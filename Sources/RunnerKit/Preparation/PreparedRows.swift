internal import JobModel

/// The rows of one run, rendered as they are asked for. For one queue at a time.
protocol PreparedRows: Sendable {
    /// Reads and renders up to `limit` further rows on the caller's thread.
    ///
    /// A batch may be empty and not the last where many rows were passed over.
    func next(limit: Int) -> PreparedBatch
    /// How far reading has come; for progress.
    var extent: RowExtent { get }
}

/// How much there is to read, as far as it is known, and how much was read.
struct RowExtent: Sendable {
    /// Rows that the run takes in all.
    var rows: Int?
    /// Bytes of the input as it is stored.
    var bytes: Int64?
    var bytesRead: Int64 = 0
}
