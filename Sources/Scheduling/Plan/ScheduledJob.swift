package import JobModel

/// A job with a schedule, as far as the scheduler needs to know it.
package struct ScheduledJob: Sendable {
    /// Unique among the jobs of a scheduler.
    package var name: String
    package var calendar: any ScheduleCalendar
    /// Tells schedules apart; see ``ScheduleRegistration/fingerprint``.
    package var fingerprint: String
    package var policy: SchedulePolicy
    /// Jobs with equal texts are paused together.
    package var account: String
    /// The job file, as it was given.
    package var file: String

    package init(
        name: String, calendar: any ScheduleCalendar, fingerprint: String, policy: SchedulePolicy = SchedulePolicy(),
        account: String = "", file: String = ""
    ) {
        self.name = name
        self.calendar = calendar
        self.fingerprint = fingerprint
        self.policy = policy
        self.account = account
        self.file = file
    }

    /// What the ledger is told of the job.
    ///
    /// - Parameter beginning: occurrences of a job that is new to the ledger count if they are after it.
    package func registration(from beginning: Timestamp) -> ScheduleRegistration {
        ScheduleRegistration(
            job: name, fingerprint: fingerprint, isSuspended: policy.isSuspended, file: file, beginning: beginning)
    }
}
