internal import JobModel

extension SchedulerMachine {
    /// Notices steps of the clock, suspension and stalls.
    mutating func look(_ moment: SchedulerMoment) {
        defer { lastLook = moment }
        guard let last = lastLook else {
            continuousSince = moment.wall
            return
        }
        let wallPassed = moment.wall.microseconds &- last.wall.microseconds
        let passed = (moment.monotonic.nanoseconds &- last.monotonic.nanoseconds) / 1000
        let gap = Self.longestGapMicroseconds
        if wallPassed > gap || passed > gap {
            continuousSince = moment.wall
        } else if wallPassed < 0 {
            // What comes due between the two times again is noticed in time.
            continuousSince = min(continuousSince, moment.wall)
        }
        let step = wallPassed &- passed
        if passed > gap { note(.unattended(.microseconds(passed))) }
        if step.magnitude >= 1_000_000 {
            note(.clockStepped(by: .microseconds(step)))
            if step < 0 { for job in jobs.indices { tellIfAhead(job, at: moment.wall) } }
        }
    }

    /// Nothing was due up to then, and somebody looked every second: for clocks that jump.
    mutating func idle(until moment: SchedulerMoment) { lastLook = moment }

    /// Tells once of a job that the ledger accounts for times to come.
    mutating func tellIfAhead(_ job: Int, at time: Timestamp) {
        let accounted = jobs[job].accountedUpTo
        guard accounted > time + Self.clockTolerance, !jobs[job].toldAhead, !jobs[job].isRemoved else { return }
        jobs[job].toldAhead = true
        note(.ledgerAhead(job: jobs[job].job.name, by: accounted - time))
    }
}
