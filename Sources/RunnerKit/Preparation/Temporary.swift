internal import JobModel
internal import Results
struct RedriveSet: Sendable {
    let history: ResultHistory
    let includesUnknown: Bool
    var count: Int { history.counts.failed + history.counts.cancelled }
    init(_ history: ResultHistory, includesUnknown: Bool) { self.history = history; self.includesUnknown = includesUnknown }
    func contains(_ index: Int) -> Bool {
        switch history.state(of: index) {
        case .recorded(.failed, _), .recorded(.cancelled, _): true
        case .recorded(.unknown, _), .inDoubt: includesUnknown
        default: false
        }
    }
}
struct RecordedRequests: Sendable {
    init(path: String, rows: RedriveSet) throws(ResultsError) { throw ResultsError(.notFound, "no") }
}
