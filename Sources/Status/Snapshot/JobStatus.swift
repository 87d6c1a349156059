package import JobModel

/// A job as metrics and the status page show it.
package struct JobStatus: Sendable {
    package var name: String
    /// The job file, as it was given.
    package var file: String
    /// The schedule in words, such as `15 2 * * 1-5 Europe/Berlin`.
    package var schedule: String
    package var accountID: String?
    /// The job file's words for people.
    package var description: String?
    package var isSuspended = false
    /// When the next occurrence fires, jitter included; nil if there is none.
    package var nextFire: Timestamp?
    /// The latest occurrence that is not open any more.
    package var last: LedgerEntry?
    /// When a run last succeeded.
    package var lastSuccess: Timestamp?
    /// Runs that are going, oldest first.
    package var going: [RunStatus] = []
    /// Occurrences that wait for their turn.
    package var waiting = 0
    /// Since the process started.
    package var occurrences = OccurrenceTally()
    /// Since the process started.
    package var invocations = InvocationTally()

    package init(name: String, file: String, schedule: String) {
        self.name = name
        self.file = file
        self.schedule = schedule
    }
}

/// A run that is going.
package struct RunStatus: Sendable {
    package var runID: String
    package var nominalTime: Timestamp
    package var startedAt: Timestamp
    /// Of what has ended so far; `rows` are those read.
    package var counts = RunCounts()
    /// Attempts.
    package var inFlight = 0

    package init(runID: String, nominalTime: Timestamp, startedAt: Timestamp) {
        self.runID = runID
        self.nominalTime = nominalTime
        self.startedAt = startedAt
    }
}
