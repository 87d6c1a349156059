internal import Input
internal import JobFile
internal import JobModel
internal import Reactor
internal import Results

/// Finds the rows of a changed input, or job, again among those that earlier runs recorded: by their keys.
struct RowMatching: Sendable {
    /// Rows that are read together.
    private static let batch = 1000
    /// A disk that is slower than the input must not make memory grow.
    private static let mostUnwritten = 4

    let input: JobInput
    let settings: RunSettings
    let renderer: RowRenderer
    let time: any TimeSource
    /// The input begins as before, so that a row without a key is still known by its number.
    let inputIsTheSame: Bool
    /// Rows that are not found again may run again.
    let mayRepeat: Bool

    /// What the earlier runs recorded, under the numbers that the rows have now.
    ///
    /// - Throws: ``CommandFailure`` with status 2 if the input cannot be read, 6 if not one row is found again.
    func history(_ keyed: inout KeyedHistory) throws(CommandFailure) -> ResultHistory {
        var matched = keyed.history.withoutRows()
        var recognised = 0
        _ = try read { row, label in
            let found = keyed.take(key: label, index: row.index)?.state
            if found != nil { recognised += 1 }
            switch found ?? (inputIsTheSame ? keyed.history.state(of: row.index) : .unrecorded) {
            case .recorded(let outcome, let errorClass) where found != nil:
                matched.carry(row.index, outcome, errorClass)
            case .inDoubt: matched.carry(row.index, .unknown, .cancelled)
            case .recorded, .unrecorded: break
            }
        }
        guard recognised > 0 || keyed.count == 0 || !inputIsTheSame || mayRepeat else {
            throw CommandFailure(
                .resumeRefused,
                "job: none of its rows has a key that was recorded before; restore the key, or accept that all rows run "
                    + "again with --retry-unknown")
        }
        return matched
    }

    /// Writes the recorded rows down under their new numbers, and what the input now is.
    ///
    /// A failure to write is reported to the run's first window too.
    /// - Throws: ``CommandFailure`` with status 2 if the input cannot be read.
    func carry(_ matched: ResultHistory?, to recorder: DurableRecorder) throws(CommandFailure) {
        guard let matched else { return }
        var rows: [CarriedRow] = []
        let unwritten = BlockingLimit(Self.mostUnwritten)
        func write() {
            unwritten.begin()
            recorder.carry(rows) { _ in unwritten.end() }
            rows = []
        }
        let end = try read { row, label in
            let state = matched.state(of: row.index)
            guard let outcome = state.carriedOutcome else { return }
            var errorClass: ErrorClass?
            if case .recorded(_, let recorded) = state { errorClass = recorded }
            rows.append(CarriedRow(index: row.index, key: label, outcome: outcome, errorClass: errorClass))
            if rows.count == Self.batch { write() }
        }
        if !rows.isEmpty { write() }
        recorder.endCarrying(inputBytes: end.bytes, inputSHA256: end.sha256) { _ in }
    }

    /// Hands over every row with its label.
    ///
    /// - Returns: the whole input's bytes and hash.
    private func read(_ body: (InputRow, _ label: String?) -> Void) throws(CommandFailure) -> InputPrefix {
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
            if batch.isLast { return InputPrefix(bytes: batch.inputBytes, sha256: batch.inputSHA256) }
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
            input: input, settings: settings, renderer: renderer, time: time, inputIsTheSame: changes.inputIsTheSame,
            mayRepeat: resendsUnknown)
        let matched = try matching.history(&changes.keyed)
        let left = changes.keyed.left
        if left.rows > 0 {
            lost =
                "\(left.rows) recorded rows are no longer in the input and count no more: "
                + "\(left.succeeded) succeeded, \(left.failed) failed, \(left.unknown) unknown, \(left.cancelled) cancelled"
        }
        guard redrive == nil else {
            redrive?.renumber(matched, takesUnknown: resendsUnknown)
            return nil
        }
        history = matched
        return matching
    }
}
