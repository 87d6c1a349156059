package import JobModel

/// A scheduler at one time; for status pages, snapshots and health.
package struct SchedulerStatus: Sendable {
    /// In the order of their loading; jobs that are no longer in the plan only if runs of them are going.
    package var jobs: [JobStatus] = []
    /// Of all jobs since the start, those included that are no longer in the plan.
    package var counts = OccurrenceCounts()
    package var goingRuns = 0
    package var waitingClaims = 0
    package var isStopping = false
    /// The occurrence that is due the longest without a decision on disk.
    package var oldestUnhandled: UnhandledOccurrence?

    package init() {}
}

/// A job of a scheduler at one time.
package struct JobStatus: Sendable {
    package struct Run: Sendable, Hashable {
        package var occurrence: OccurrenceID
        package var runID: String
        package var startedAt: Timestamp
        package var lateness: Duration
        package var isCatchUp: Bool
        /// It was asked to stop.
        package var isStopping: Bool
    }

    package struct Claim: Sendable, Hashable {
        package var occurrence: OccurrenceID
        package var runID: String
        /// What stood in its way when that was last asked.
        package var blocker: Blocker?
    }

    package var name: String
    package var file: String
    package var account: String
    package var isSuspended: Bool
    /// Its account is.
    package var isPaused: Bool
    package var isRemoved: Bool
    package var accountedUpTo: Timestamp
    /// Nil if there is none, or the job is no longer in the plan.
    package var next: ScheduledOccurrence?
    package var going: [Run]
    package var waiting: [Claim]
    package var counts: OccurrenceCounts
}

/// An occurrence that is due and not decided.
package struct UnhandledOccurrence: Sendable, Hashable {
    package var occurrence: OccurrenceID
    package var fireTime: Timestamp
}

/// How many occurrences became what, in one process since its start.
package struct OccurrenceCounts: Sendable, Hashable {
    /// Begun, whatever became of them.
    package var started = 0
    package var succeeded = 0
    package var failed = 0
    /// Runs of other processes that died.
    package var crashed = 0
    package var skippedForOverlap = 0
    package var skippedAsSuspended = 0
    package var skippedForCredentials = 0
    package var missedForCatchUp = 0
    package var missedForWindow = 0
    /// Claims that somebody else has dealt with because the lease had ended.
    package var lost = 0

    package init() {}

    package var skipped: Int { skippedForOverlap + skippedAsSuspended + skippedForCredentials }
    package var missed: Int { missedForCatchUp + missedForWindow }

    mutating func add(_ count: Int, _ passed: PassedOver) {
        switch passed {
        case .skipped(.overlap): skippedForOverlap += count
        case .skipped(.suspended): skippedAsSuspended += count
        case .skipped(.credentialsRejected): skippedForCredentials += count
        case .missed(.catchup): missedForCatchUp += count
        case .missed(.window): missedForWindow += count
        }
    }

    mutating func add(_ result: OccurrenceResult) {
        switch result {
        case .succeeded: succeeded += 1
        case .failed: failed += 1
        case .crashed: crashed += 1
        }
    }

    static func += (left: inout OccurrenceCounts, right: OccurrenceCounts) {
        left.started += right.started
        left.succeeded += right.succeeded
        left.failed += right.failed
        left.crashed += right.crashed
        left.skippedForOverlap += right.skippedForOverlap
        left.skippedAsSuspended += right.skippedAsSuspended
        left.skippedForCredentials += right.skippedForCredentials
        left.missedForCatchUp += right.missedForCatchUp
        left.missedForWindow += right.missedForWindow
        left.lost += right.lost
    }
}
