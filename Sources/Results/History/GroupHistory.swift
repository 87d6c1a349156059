import JobModel

/// The runs of one group, one after another.
struct GroupHistory: Sendable {
    private struct OpenRun: Sendable {
        var run: RecordedRun
        var announced = 0
    }

    private(set) var generation = HistoryGeneration()
    /// Of a run that accepts changes and has not got to its first window: until then its `carried` lines may be
    /// incomplete, and the earlier generation stands.
    private var pending: HistoryGeneration?
    private var open: OpenRun?
    private(set) var runs = 0
    /// The ids of the runs of ``generation``.
    private(set) var runIDs: Set<String> = []
    /// How many generations there were before.
    private(set) var replaced = 0

    mutating func begin(_ run: RecordedRun) {
        end()
        runs += 1
        open = OpenRun(run: run)
        if run.acceptsChanges {
            pending = HistoryGeneration()
            pending?.begin(run)
        } else {
            generation.begin(run)
            runIDs.insert(run.runID)
        }
    }

    mutating func add(_ record: borrowing RecordScanner) {
        switch record.kind {
        case .invocation:
            guard let index = record.integer(.index), let outcome = record.outcome else { return }
            adopt()
            let errorClass = outcome == .succeeded ? nil : record.errorClass
            generation.record(index, RowCode(outcome, errorClass))
        case .carried:
            guard let index = record.integer(.index), let outcome = record.outcome else { return endCarrying(record) }
            // Later ones than the first window cannot be.
            pending?.carry(index, RowCode(outcome, outcome == .succeeded ? nil : record.errorClass))
        case .window:
            guard let run = open?.run, let upTo = record.integer(.upTo) else { return }
            adopt()
            open = OpenRun(run: run, announced: max(open?.announced ?? 0, upTo))
            generation.announce(
                ResultHistory.Window(
                    upTo: upTo, inputBytes: Int64(record.integer(.inputBytes) ?? 0),
                    inputSHA256: record.text(.inputSHA256) ?? ""),
                by: run)
        case .summary: adopt()
        case .run, .other: break
        }
    }

    /// All rows of a changed input have been carried over: from now on it is the input.
    private mutating func endCarrying(_ record: borrowing RecordScanner) {
        guard let run = open?.run, pending != nil else { return }
        adopt()
        generation.announce(
            ResultHistory.Window(
                upTo: 0, inputBytes: Int64(record.integer(.inputBytes) ?? 0),
                inputSHA256: record.text(.inputSHA256) ?? ""),
            by: run)
    }

    /// Ends the run that is going on, if there is one.
    mutating func end() {
        pending = nil
        guard let run = open else { return }
        open = nil
        generation.end(run.run, announced: run.announced)
    }

    @inline(__always)
    private mutating func adopt() {
        guard pending != nil else { return }
        if let adopted = pending { generation = adopted }
        pending = nil
        runIDs = open.map { [$0.run.runID] } ?? []
        replaced += 1
    }
}
