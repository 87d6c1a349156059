internal import Input
internal import JobFile
internal import JobModel
internal import Results

/// The rows of a result file that are to be sent again.
struct Redrive: Sendable {
    /// The result file.
    let results: String
    /// Where payloads are rendered from; nil sends those of the records.
    let originalInput: String?
    /// What the input that the result file tells of began with; nil if none of its rows was announced.
    let prefix: InputPrefix?
    private(set) var rows: RedriveSet
    /// Rows from this number on are beyond the limit; nil if there is none.
    private(set) var end: Int?
    private let limit: Int?

    /// - Parameter limit: only the first so many of the rows.
    init(results: String, originalInput: String?, history: ResultHistory, takesUnknown: Bool, limit: Int?) {
        self.results = results
        self.originalInput = originalInput
        self.limit = limit
        // What a redrive of records has read is another result file.
        prefix = history.lastRun?.readsRecords == true ? nil : history.inputPrefix
        rows = RedriveSet(history, takesUnknown: takesUnknown)
        bound()
    }

    /// The same rows under the numbers that a changed input gives them.
    mutating func renumber(_ matched: ResultHistory, takesUnknown: Bool) {
        rows = RedriveSet(matched, takesUnknown: takesUnknown)
        bound()
    }

    /// How many rows are to be sent, other shards' included.
    var count: Int { Swift.min(rows.count, limit ?? .max) }

    func contains(_ index: Int) -> Bool {
        index < end ?? .max && rows.contains(index)
    }

    private mutating func bound() {
        end = nil
        guard let limit, limit < rows.count else { return }
        var end = 0
        for _ in 0..<limit {
            if let next = rows.next(from: end) { end = next + 1 }
        }
        self.end = end
    }
}
