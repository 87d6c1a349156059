package import JobModel

/// What the scheduler's decisions ask of the world.
package enum SchedulerAction: Sendable {
    /// Carry out requests on the ledger; answered by ``SchedulerMachine/answered(_:)`` or
    /// ``SchedulerMachine/ledgerFailed()``. At most one of these is unanswered at a time.
    case apply([LedgerRequest])
    /// Begin a run, which the ledger knows of; ended by ``SchedulerMachine/runFinished(_:_:message:at:)`` or
    /// ``SchedulerMachine/runReleased(_:)``.
    case start(RunStart)
    /// Go on with a run whose process has died, from its result file.
    indirect case resume(RunStart, LedgerEntry)
    /// Stop a run: it still ends as any other.
    case cancel(RunCancellation)
    /// Tell people.
    indirect case note(SchedulerNote)
    /// All that fired up to then is decided under the present plan: the next may be registered and loaded.
    case readyToReload(through: Timestamp)
}

/// A run that begins.
package struct RunStart: Sendable, Hashable {
    package var handle: RunHandle
    /// The job's place among all that were ever loaded, in their order: stable, for tables.
    package var job: Int
    package var occurrence: OccurrenceID
    package var runID: String
    package var trigger: Trigger
    package var startedAt: Timestamp
    /// What the ledger had as its start when it was claimed.
    package var claimedAt: Timestamp
    /// From the time at which it was to start, jitter included.
    package var lateness: Duration
    /// It was late when it was noticed: its time passed while nobody looked.
    package var isCatchUp: Bool
}

/// A run that is to stop.
package struct RunCancellation: Sendable, Hashable {
    package enum Cause: Sendable, Hashable {
        /// The next occurrence takes its place (``OverlapPolicy/cancelOther``).
        case replaced
        /// Another process, which waits for its end, has asked for it.
        case asked
    }

    package var handle: RunHandle
    package var occurrence: OccurrenceID
    package var runID: String
    package var cause: Cause
}
