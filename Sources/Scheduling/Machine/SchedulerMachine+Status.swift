internal import JobModel

extension SchedulerMachine {
    /// How things are as of the last look.
    package var status: SchedulerStatus {
        var status = SchedulerStatus()
        status.jobs.reserveCapacity(jobs.count)
        for job in jobs {
            status.counts += job.counts
            status.goingRuns += job.going.count
            if !job.isRemoved || !job.going.isEmpty { status.jobs.append(self.status(of: job)) }
        }
        status.waitingClaims = waitingClaims
        status.isStopping = isStopping
        status.oldestUnhandled = oldestUnhandled
        return status
    }

    /// The occurrence that is due the longest without a decision on disk, as of the last look; cheap.
    package var oldestUnhandled: UnhandledOccurrence? {
        guard let lastLook, !isStopping else { return nil }
        let limit = min(lastLook.wall, horizon ?? lastLook.wall)
        var oldest = outstanding?.oldest
        if let first = due.first, first.fireTime <= limit, let next = jobs[first.job].next,
            oldest.map({ next.fireTime < $0.occurrence.fireTime }) ?? true
        {
            oldest = (first.job, next)
        }
        return oldest.map {
            UnhandledOccurrence(
                occurrence: OccurrenceID(job: jobs[$0.job].job.name, nominalTime: $0.occurrence.nominalTime),
                fireTime: $0.occurrence.fireTime)
        }
    }

    private func status(of job: JobState) -> JobStatus {
        let name = job.job.name
        return JobStatus(
            name: name, file: job.job.file, account: job.job.account, isSuspended: job.job.policy.isSuspended,
            isPaused: accountIsPaused[job.account], isRemoved: job.isRemoved, accountedUpTo: job.accountedUpTo,
            next: job.next,
            going: job.going.compactMap { handle in
                runs[handle].map {
                    JobStatus.Run(
                        occurrence: OccurrenceID(job: name, nominalTime: $0.nominalTime), runID: $0.runID,
                        startedAt: $0.startedAt, lateness: $0.lateness, isCatchUp: $0.isLate,
                        isStopping: $0.isCancelled)
                }
            },
            waiting: job.waiting.map {
                JobStatus.Claim(
                    occurrence: OccurrenceID(job: name, nominalTime: $0.occurrence.nominalTime), runID: $0.runID,
                    blocker: $0.blocker)
            }, counts: job.counts)
    }
}
