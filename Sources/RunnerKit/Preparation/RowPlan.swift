internal import JobModel
internal import Results

/// Which rows of its input a run takes, and what becomes of each.
struct RowPlan: Sendable {
    enum Fate: Sendable, Hashable {
        /// Not of this run: of another shard, not to be redriven, or done by an earlier run.
        case passOver
        /// - Parameter previous: the recorded outcome that this run's is to replace.
        case send(previous: Outcome?)
        /// An earlier run may have sent it: ends `unknown`.
        case inDoubt
    }

    /// Nil is all rows.
    var shard: Shard?
    /// The rows to redrive; nil is all.
    var redrive: RedriveSet?
    /// What earlier runs of the same result file recorded; nil of a run that begins anew.
    var history: ResultHistory?
    /// Rows of which nobody knows whether they ran are sent again.
    var resendsUnknown = false

    /// What becomes of a row, by its number from 0.
    func fate(of index: Int) -> Fate {
        if let shard, !shard.contains(index) { return .passOver }
        if let redrive, !redrive.contains(index) { return .passOver }
        switch history?.state(of: index) {
        case nil, .unrecorded: return .send(previous: nil)
        case .inDoubt: return resendsUnknown ? .send(previous: nil) : .inDoubt
        case .recorded(.succeeded, _): return .passOver
        case .recorded(.unknown, _): return resendsUnknown ? .send(previous: .unknown) : .passOver
        case .recorded(let outcome, _): return .send(previous: outcome)
        }
    }
}
