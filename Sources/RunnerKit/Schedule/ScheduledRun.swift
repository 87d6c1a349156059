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

    var result: OccurrenceResult {
        ExitStatus.decisive(among: statuses) == .success ? .succeeded : .failed
    }
}
