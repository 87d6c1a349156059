internal import Input
internal import JobFile
internal import JobModel
internal import Results

/// Finds the rows of a changed input, or job, again among those that earlier runs recorded: by their keys.
struct RowMatching: Sendable {
    /// Rows that are read together.
    private static let batch = 1000

    let input: JobInput
    let settings: RunSettings
    let renderer: RowRenderer
    let time: any TimeSource
    /// The input begins as before, so that a row without a key is still known by its number.
    let inputIsTheSame: Bool

    /// What the earlier runs recorded, under the numbers that the rows have now.
    ///
    /// - Throws: ``CommandFailure`` with status 2 if the input cannot be read.
    func history(_ keyed: inout KeyedHistory) throws(CommandFailure) -> ResultHistory {
        var matched = keyed.history.withoutRows()
        try read { row, label in
            let found = keyed.take(key: label, index: row.index)?.state
            switch found ?? (inputIsTheSame ? keyed.history.state(of: row.index) : .unrecorded) {
            case .recorded(let outcome, let errorClass) where found != nil:
                matched.carry(row.index, outcome, errorClass)
            case .inDoubt: matched.carry(row.index, .unknown, .cancelled)
            case .recorded, .unrecorded: break
            }
        }
        return matched
    }

    /// Hands over the recorded rows under their new numbers, some at a time.
    ///
    /// - Throws: ``CommandFailure`` with status 2 if the input cannot be read.
    func carry(_ matched: ResultHistory?, _ body: ([CarriedRow]) -> Void) throws(CommandFailure) {
        guard let matched else { return }
        var rows: [CarriedRow] = []
        try read { row, label in
            let state = matched.state(of: row.index)
            guard let outcome = state.carriedOutcome else { return }
            var errorClass: ErrorClass?
            if case .recorded(_, let recorded) = state { errorClass = recorded }
            rows.append(CarriedRow(index: row.index, key: label, outcome: outcome, errorClass: errorClass))
            if rows.count == Self.batch {
                body(rows)
                rows = []
            }
        }
        if !rows.isEmpty { body(rows) }
    }

    private func read(_ body: (InputRow, _ label: String?) -> Void) throws(CommandFailure) {
        let reader: RowReader
        do throws(InputError) {
            reader = try RowSelection.open(input, settings)
        } catch {
            throw RowSelection.failure(error)
        }
        var renderer = renderer
        while true {
            let batch = reader.next(limit: Self.batch)
            let now = time.wallNow()
            for row in batch.rows { body(row, renderer.label(of: row, now: now)) }
            if let failure = batch.failure { throw CommandFailure(.invalid, failure) }
            if batch.isLast { return }
        }
    }
}

extension RowSelection {
    /// Gives the recorded rows the numbers that they have in a changed input.
    ///
    /// - Returns: what writes them down in the result file that the run goes on in; nil if there is nothing to write.
    /// - Throws: ``CommandFailure`` with status 2 if the input cannot be read.
    mutating func matchChanges(
        _ input: JobInput, settings: RunSettings, resendsUnknown: Bool, renderer: RowRenderer, time: any TimeSource
    ) throws(CommandFailure) -> RowMatching? {
        guard var changes else { return nil }
        let matching = RowMatching(
            input: input, settings: settings, renderer: renderer, time: time, inputIsTheSame: changes.inputIsTheSame)
        let matched = try matching.history(&changes.keyed)
        guard redrive == nil else {
            redrive?.renumber(matched, takesUnknown: resendsUnknown)
            return nil
        }
        history = matched
        return matching
    }
}
