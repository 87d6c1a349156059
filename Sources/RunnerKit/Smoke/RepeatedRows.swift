internal import Expectations
internal import JobModel
internal import Synchronization

/// A case to be tried again.
struct RepeatedRow: Sendable {
    var row: PreparedRow
    var expected: [RenderedValue?]
}

/// Rows of an earlier try that are sent again, the same bytes under request ids of their own.
final class RepeatedRows: PreparedRows {
    private let rows: Mutex<ArraySlice<RepeatedRow>>
    private let count: Int
    private let window: PreparedBatch?

    /// - Parameter window: the last one of the first try, which covers all of the rows.
    init(_ rows: [RepeatedRow], window: PreparedBatch?) {
        self.rows = Mutex(rows[...])
        self.window = window
        count = rows.count
    }

    func next(limit: Int) -> PreparedBatch {
        let (taken, isLast) = rows.withLock { rows in
            defer { rows = rows.dropFirst(limit) }
            return (rows.prefix(limit), rows.count <= limit)
        }
        var random = BufferedRandom()
        let prepared = taken.map { repeated in
            var row = repeated.row
            if case .request(var request) = row.content {
                request.requestID = UUIDText.version4(using: &random)
                row.content = .request(request)
            }
            return row
        }
        return PreparedBatch(
            rows: prepared, upTo: window?.upTo ?? 0, inputBytes: window?.inputBytes ?? 0,
            inputSHA256: window?.inputSHA256 ?? "", isLast: isLast)
    }

    var extent: RowExtent { RowExtent(rows: count) }
}
