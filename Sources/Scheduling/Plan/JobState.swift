internal import JobModel

/// What the scheduler knows of a job.
struct JobState {
    var job: ScheduledJob
    /// Its account's place in the machine's table.
    var account: Int
    /// Places in the ``MutexTable``.
    var mutexes: [Int]
    /// It is no longer part of the plan; runs of it may be going.
    var isRemoved = false

    /// Up to then the ledger has said that it accounts for every occurrence.
    var accountedUpTo: Timestamp
    /// Up to then all is decided: ahead of ``accountedUpTo`` while the ledger has not answered.
    var decidedUpTo: Timestamp
    /// The first occurrence that is not decided.
    var next: ScheduledOccurrence?
    /// What fired before the job was there to be looked at is late.
    var loadedAt: Timestamp
    /// Of a job that was suspended when it was last known: what fired up to then is not caught up.
    var suspendedThrough: Timestamp?
    /// The ledger knew more than the machine, or failed: what is next has to be found anew.
    var isStale = false

    /// Runs that are going, in the order of their starts.
    var going: [RunHandle] = []
    /// How many of them were late and are caught up.
    var lateGoing = 0
    /// Claims that wait for their turn, in its order.
    var waiting: [HeldClaim] = []
    /// Claims that the ledger may have or not: it failed while they were asked for.
    var unsure: [HeldClaim] = []
    /// Claims on their way to the ledger that will wait.
    var incoming = 0
    /// The pass in which a claim was asked for whose answer decides what comes next.
    var uncertainPass: UInt64 = 0
    /// Its waiting claims are to be looked at in the next pass.
    var isMarked = false
    /// A run of somebody else stands in the way; it is asked for again every second.
    var isPolling = false
    /// It was told that the ledger is ahead of the clock.
    var toldAhead = false
    var counts = OccurrenceCounts()
}

/// A claim that is ours and waits for its turn.
struct HeldClaim {
    enum Phase {
        case waiting
        /// The ledger is being asked to begin it, or to give it up.
        case asked
    }

    var occurrence: ScheduledOccurrence
    var runID: String
    /// It is caught up: it waits its turn whatever the overlap policy.
    var isLate: Bool
    var phase = Phase.waiting
    /// The ledger may not have it, or have it as begun: only asking it to begin tells.
    var isUnsure = false
    /// It will not run, whatever its turn.
    var verdict: PassedOver?
    /// What stood in its way when that was last asked.
    var blocker: Blocker?
    /// The run of another owner that was asked to stop for its sake.
    var askedToStop: String?

    /// It is sure that it has not begun.
    var mayBeGivenUp: Bool { phase == .waiting && !isUnsure }
}
