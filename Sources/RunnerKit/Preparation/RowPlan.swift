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
    var redrive: Redrive?
    /// What earlier runs of the same result file recorded; nil of a run that begins anew.
    var history: ResultHistory?
    /// Rows of which nobody knows whether they ran are sent again.
    var resendsUnknown = false

    /// Every row is sent, and none was recorded before.
    var isWhole: Bool { shard == nil && redrive == nil && history == nil }

    /// What becomes of a row, by its number from 0.
    func fate(of index: Int) -> Fate {
        if let shard, !shard.contains(index) { return .passOver }
        if let redrive, !redrive.contains(index) { return .passOver }
        switch history?.state(of: index) {
        case nil: return .send(previous: nil)
        // A redrive has its rows from elsewhere: of its own file's rows only those that it announced may have run.
        case .unrecorded where redrive == nil || history?.isAnnounced(index) != true: return .send(previous: nil)
        case .unrecorded, .inDoubt: return resendsUnknown ? .send(previous: nil) : .inDoubt
        case .recorded(.succeeded, _): return .passOver
        case .recorded(.unknown, _): return resendsUnknown ? .send(previous: .unknown) : .passOver
        case .recorded(let outcome, _): return .send(previous: outcome)
        }
    }
}

extension PreparedRow {
    /// The row as a run's plan has it: one that may have run is not sent; but what cannot be rendered was never sent.
    func meeting(_ fate: RowPlan.Fate) -> PreparedRow {
        var row = self
        switch (fate, content) {
        case (.send(let previous), _): row.previous = previous
        case (.inDoubt, .request):
            row.content = .inDoubt(
                InvocationError(
                    .cancelled, message: "an earlier run may have sent this row and left no record of it"))
        case (.inDoubt, _), (.passOver, _): break
        }
        return row
    }
}
