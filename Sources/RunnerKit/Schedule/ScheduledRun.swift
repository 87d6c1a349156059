internal import JobFile
internal import JobModel
internal import Results

/// A run that a scheduler has decided upon.
struct ScheduledRun: Sendable {
    var job: JobDefinition
    var document: JobFileDocument
    var occurrence: OccurrenceID
    var identity: RunIdentity
    var trigger: Trigger
    /// From the time at which it was to start, jitter included.
    var lateness: Duration
    /// The result file in which the run of a process that died is gone on with; nil is a run from the beginning.
    var resumes: String?
}

/// How a scheduled run ended, or why it did not begin.
struct ScheduledRunEnd: Sendable {
    /// Nil if it did not begin.
    var end: RunEnd?
    /// Everything that the end amounts to; the decisive one is a tick's exit code.
    var statuses: [ExitStatus]
    var finishedAt: Timestamp
    /// Why it did not begin, or did not do its work; nil if it did.
    var message: String?
    /// Where its records are; nil if it did not begin.
    var results: String?
    /// Failures by class, and latencies.
    var tally = RunTally()
    /// It was told to stop before it had sent anything.
    var wasCalledOff = false

    var result: OccurrenceResult {
        ExitStatus.decisive(among: statuses) == .success ? .succeeded : .failed
    }

    /// Why it failed, in one line for the ledger; nil if it did not.
    var explanation: String? {
        guard result == .failed else { return nil }
        let reasons = [message.map(TextFit.printable), end.flatMap(failures)].compactMap { $0 }
        return reasons.isEmpty ? nil : String(reasons.joined(separator: "; ").prefix(Self.longestExplanation))
    }

    private static let longestExplanation = 1000

    /// How many rows failed of which class: `function 2, timeout 1`.
    var failureClasses: String {
        tally.ownErrors(.failed).map { "\($0.errorClass.rawValue) \($0.count)" }.joined(separator: ", ")
    }

    private func failures(of end: RunEnd) -> String? {
        var parts = end.own.failed > 0 ? ["\(end.own.failed) failed (\(failureClasses))"] : []
        if end.own.unknown > 0 { parts.append("\(end.own.unknown) unknown") }
        guard !parts.isEmpty else { return nil }
        return "of \(DisplayText.count(end.own.rows, "row", "rows")) \(parts.joined(separator: ", "))"
    }
}
