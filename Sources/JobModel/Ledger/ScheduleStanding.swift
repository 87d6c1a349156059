/// A job's schedule, as a scheduler makes it known to the ledger.
package struct ScheduleRegistration: Sendable, Hashable {
    package var job: String
    /// Tells schedules apart: equal ones have equal texts.
    package var fingerprint: String
    /// Occurrences are being skipped.
    package var isSuspended: Bool
    /// The job file, as it was given.
    package var file: String
    /// Of a job that the ledger does not know: occurrences from then on count.
    package var beginning: Timestamp

    package init(job: String, fingerprint: String, isSuspended: Bool, file: String, beginning: Timestamp) {
        self.job = job
        self.fingerprint = fingerprint
        self.isSuspended = isSuspended
        self.file = file
        self.beginning = beginning
    }
}

/// How far the ledger accounts for a job.
package struct ScheduleStanding: Sendable, Hashable {
    package var job: String
    /// Every occurrence up to this time, itself included, has its row. Later ones have none.
    package var accountedUpTo: Timestamp
    /// The job was suspended when a scheduler last looked.
    package var wasSuspended: Bool

    package init(job: String, accountedUpTo: Timestamp, wasSuspended: Bool = false) {
        self.job = job
        self.accountedUpTo = accountedUpTo
        self.wasSuspended = wasSuspended
    }
}
