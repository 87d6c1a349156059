package import JobModel

/// What people want to know of a scheduler's decisions: for logs, metrics and hooks. On disk when it is told.
package enum SchedulerNote: Sendable, Hashable {
    /// A run begins whose time passed while nobody looked.
    case caughtUp(OccurrenceID, runID: String, lateness: Duration)
    /// A run begins at least ``SchedulerMachine/notableLateness`` late, having waited for its turn or for the ledger.
    case late(OccurrenceID, runID: String, lateness: Duration)
    /// Occurrences do not run. With ``SkipReason/overlap`` comes the run that stood in the way of the first.
    case skipped(job: String, OccurrenceSpan, SkipReason, by: Blocker?)
    /// Occurrences were late and do not run.
    case missed(job: String, OccurrenceSpan, MissReason)
    /// An occurrence waits for its turn; for which run, where that is known.
    case waits(OccurrenceID, runID: String, for: Blocker?)
    /// The job's next occurrence is due, and this run is still going; once a run.
    case overran(OccurrenceID, runID: String, startedAt: Timestamp, next: Timestamp)
    /// A run's process has died.
    case crashed(LedgerEntry)
    /// A claim that waited in a process that has died is ours.
    case inherited(LedgerEntry)
    /// Our lease had ended: somebody else has dealt with this claim of ours.
    case lost(OccurrenceID, runID: String)
    /// Somebody else accounts for a job.
    case outdated(ScheduleStanding)
    /// The ledger accounts for times to come: the clock is slow, or was fast; nothing of the job runs until then.
    case ledgerAhead(job: String, by: Duration)
    /// Nobody looked for so long: the machine slept, or the process was stopped.
    case unattended(Duration)
    /// The wall clock was set.
    case clockStepped(by: Duration)
}
