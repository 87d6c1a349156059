package import JobModel

/// Gives the state of the process at this moment.
package protocol StatusSource: Sendable {
    /// Called for each request, on the status server's own thread. Returns at once whatever else is going on: it waits
    /// for no queue, so that a scheduler that is stuck can be told from a process that is gone.
    func snapshot() -> StatusSnapshot
    /// What health checks need, in time that does not depend on how many jobs there are. As ``snapshot()`` otherwise.
    func vitals() -> StatusVitals
}

/// What metrics and the status page are made from: plain values, without secrets.
package struct StatusSnapshot: Sendable {
    package enum Phase: String, Sendable, Hashable, CaseIterable {
        /// The ledger is being told of the jobs.
        case starting
        case running
        /// No run is started any more; those that are going are drained.
        case stopping
    }

    /// Of fnrun.
    package var version: String
    /// When the process was started.
    package var startedAt: Timestamp
    package var phase = Phase.starting
    /// Nil before there is a scheduler.
    package var pulse: SchedulerPulse?
    /// The last reload; before the first one the start.
    package var reload: ReloadStatus?
    package var jobs: [JobStatus] = []
    package var accounts: [AccountStatus] = []
    /// From the time at which runs were to start to when they did, since the process started.
    package var lateness = DurationHistogram.lateness
    /// What the scheduler's transactions of the ledger have taken, since the process started.
    package var ledgerWrites = DurationHistogram.ledgerWrite
    /// Those of them that failed.
    package var ledgerFailures = 0
    /// Attempts that have ended since the process started.
    package var attempts = 0
    /// Attempts that were started to repeat a failed one; not those for a fresh token.
    package var retries = 0
    package var attemptsInFlight = 0
    /// Invocations that wait for another attempt: for their backoff or for the retry budget.
    package var retriesWaiting = 0
    /// Those of them that the retry budget holds back.
    package var retriesOverBudget = 0
    package var hooks = HookTally()

    package init(version: String, startedAt: Timestamp) {
        self.version = version
        self.startedAt = startedAt
    }
}

/// How a reload ended.
package struct ReloadStatus: Sendable, Hashable {
    package var at: Timestamp
    /// When the plan in force was loaded.
    package var lastSuccess: Timestamp
    /// Why the plan before it was kept; nil if the new one is in force.
    package var problem: String?

    package init(at: Timestamp, lastSuccess: Timestamp, problem: String? = nil) {
        self.at = at
        self.lastSuccess = lastSuccess
        self.problem = problem
    }
}
