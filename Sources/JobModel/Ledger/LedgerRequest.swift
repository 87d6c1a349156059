/// A change of the ledger that a scheduler asks for. Times "after" are exclusive.
package enum LedgerRequest: Sendable, Hashable {
    /// An occurrence is due: take it before anybody else does, and begin its run if nothing stands in the way.
    ///
    /// Refused with ``LedgerAnswer/outdated(_:)`` unless the job is accounted for exactly up to `after`. Answered
    /// ``LedgerAnswer/started``, ``LedgerAnswer/held(by:)``, ``LedgerAnswer/skipped`` or outdated.
    case claim(LedgerClaim, after: Timestamp)
    /// Consecutive occurrences do not run. Joined to the job's last row if that has the same cause. Refused as a claim.
    case passOver(job: String, OccurrenceSpan, as: PassedOver, after: Timestamp)
    /// A claim that is held is to begin its run now. Answered `started`, `held` or ``LedgerAnswer/lost``.
    case begin(LedgerClaim)
    /// A claim that is held will not run. Answered `done` or `lost`.
    case giveUp(OccurrenceID, as: PassedOver)
    /// A run has ended; `message` says why it did not do its work, if it did not. `startedAt` is when it began, which its
    /// claim could only expect; its lateness moves along. Answered `done`, or `lost` if it was closed as crashed meanwhile.
    case finish(
        OccurrenceID, runID: String, OccurrenceResult, at: Timestamp, startedAt: Timestamp? = nil,
        message: String? = nil)
    /// A run that has begun and sent nothing is called off: the claim waits again, for whoever comes next when its owner
    /// has resigned. Answered `done`, or `lost`.
    case release(OccurrenceID, runID: String)
    /// A run of another owner shall be stopped; that owner learns it with its next renewal. Answered `done`.
    case askToStop(OccurrenceID)
    /// An occurrence of the past is run by hand, whatever became of it before; between `previous` and `next`, its
    /// neighbours in the schedule. Answered `started`, or `held(by:)` if a run of it is going.
    case backfill(LedgerClaim, previous: Timestamp?, next: Timestamp?)
    /// A run by hand wants its mutexes, all or none. Answered `started`, or `held(by:)` if a going run has one of them.
    case takeMutexes(MutexHold)
    /// A run by hand has ended. Answered `done`.
    case dropMutexes(runID: String)
}

/// Consecutive occurrences of a job.
package struct OccurrenceSpan: Sendable, Hashable {
    package var first: Timestamp
    package var last: Timestamp
    /// At least 1.
    package var count: Int

    package init(first: Timestamp, last: Timestamp, count: Int) {
        self.first = first
        self.last = last
        self.count = count
    }

    package init(_ only: Timestamp) {
        self.init(first: only, last: only, count: 1)
    }
}

/// Why occurrences do not run.
package enum PassedOver: Sendable, Hashable {
    case skipped(SkipReason)
    case missed(MissReason)
}

/// An occurrence that is to run, and under which conditions.
package struct LedgerClaim: Sendable, Hashable {
    /// What to do if another run stands in the way.
    package enum Blocked: Sendable, Hashable {
        /// Keep the claim, and wait.
        case hold
        /// Skip the occurrence (`overlap`). Only for runs of the same job: a mutex is always waited for.
        case skip
    }

    package var occurrence: OccurrenceID
    package var runID: String
    package var trigger: Trigger
    package var startedAt: Timestamp
    package var lateness: Duration
    /// Not beside another run of the same job.
    package var isExclusive: Bool
    /// Not beside a run that shares one of these names.
    package var mutexes: [String]
    package var ifBlocked: Blocked
    /// Hold it without asking whether it could begin.
    package var waits: Bool
    /// The result file; see ``LedgerEntry/results``.
    package var results: String?
    /// Of a backfill of one of several occurrences in a row: those of the row before it. Without, how many are on each
    /// side is estimated.
    package var earlier: OccurrenceSpan?

    package init(
        occurrence: OccurrenceID, runID: String, trigger: Trigger, startedAt: Timestamp, lateness: Duration,
        isExclusive: Bool = true, mutexes: [String] = [], ifBlocked: Blocked = .skip, waits: Bool = false
    ) {
        self.occurrence = occurrence
        self.runID = runID
        self.trigger = trigger
        self.startedAt = startedAt
        self.lateness = lateness
        self.isExclusive = isExclusive
        self.mutexes = mutexes
        self.ifBlocked = ifBlocked
        self.waits = waits
    }
}

/// The mutexes of a run by hand, which is no occurrence.
package struct MutexHold: Sendable, Hashable {
    package var runID: String
    package var job: String
    package var mutexes: [String]
    package var startedAt: Timestamp

    package init(runID: String, job: String, mutexes: [String], startedAt: Timestamp) {
        self.runID = runID
        self.job = job
        self.mutexes = mutexes
        self.startedAt = startedAt
    }
}

/// What the ledger made of a request.
package enum LedgerAnswer: Sendable, Hashable {
    /// The run may begin: the claim is on disk.
    case started
    /// The claim is ours and on disk, and waits: for a run of another owner or of this one, if it names one.
    case held(by: Blocker?)
    /// The occurrence was skipped for an overlap with a run.
    case skipped(by: Blocker)
    case done
    /// Somebody else has accounted for the job further than was supposed; nothing was changed.
    case outdated(ScheduleStanding)
    /// The claim is no longer ours: the lease had ended; nothing was changed.
    case lost
}

/// A run that stands in the way of another.
package struct Blocker: Sendable, Hashable {
    /// Of a run by hand, its job and the time of its start.
    package var occurrence: OccurrenceID
    package var runID: String
    /// The run belongs to who asked.
    package var isOwn: Bool
    /// The name that both share; nil of runs of one job.
    package var mutex: String?

    package init(occurrence: OccurrenceID, runID: String, isOwn: Bool, mutex: String? = nil) {
        self.occurrence = occurrence
        self.runID = runID
        self.isOwn = isOwn
        self.mutex = mutex
    }
}
