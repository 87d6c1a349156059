package import JobModel

extension SchedulerMachine {
    /// Takes over a plan: all jobs that there are from now on, and how far the ledger accounts for each.
    ///
    /// Jobs that were not there before, or had another fingerprint, begin anew; of others the new policy holds from the
    /// next decision. Jobs that are no longer there fire no more, and their claims that wait are given up; their runs
    /// go on. Except for the first plan, call ``prepareReload(at:)`` before, and this when all is decided.
    package mutating func load(_ plan: [ScheduledJob], standings: [ScheduleStanding], at moment: SchedulerMoment) {
        look(moment)
        holdThrough = nil
        if mode == .tick { horizon = horizon ?? moment.wall }
        var known: [String: ScheduleStanding] = [:]
        known.reserveCapacity(standings.count)
        for standing in standings { known[standing.job] = standing }
        let before = jobs.map(\.isRemoved)
        for place in jobs.indices { jobs[place].isRemoved = true }
        jobs.reserveCapacity(plan.count)
        for job in plan {
            if let place = places[job.name] {
                let wasThere = place < before.count && !before[place]
                replace(place, by: job, wasThere: wasThere, known[job.name], at: moment.wall)
            } else {
                insert(job, known[job.name], at: moment.wall)
            }
        }
        due = DueQueue()
        for place in jobs.indices {
            if !jobs[place].waiting.isEmpty { mark(place) }
            if jobs[place].isRemoved {
                jobs[place].next = nil
            } else if let next = jobs[place].next {
                due.set(place, to: next.fireTime)
            }
        }
    }

    /// Decides what has fired up to now under the present plan, and nothing later. When that is on disk, the action
    /// ``SchedulerAction/readyToReload(through:)`` comes: then register the new plan with the ledger and ``load`` it.
    package mutating func prepareReload(at time: Timestamp) {
        guard !isStopping else { return }
        holdThrough = time
        toldReady = false
    }

    /// Goes on under the present plan.
    package mutating func abandonReload() { holdThrough = nil }

    mutating func announceReload() {
        guard let hold = holdThrough, !toldReady, outstanding == nil else { return }
        if let first = due.first, first.fireTime <= hold { return }
        toldReady = true
        actions.append(.readyToReload(through: hold))
    }

    private mutating func insert(_ job: ScheduledJob, _ standing: ScheduleStanding?, at time: Timestamp) {
        let accounted = standing?.accountedUpTo ?? time
        let state = JobState(
            job: job, account: place(ofAccount: job.account),
            mutexes: job.policy.mutexes.map { mutexes.place(of: $0) }, accountedUpTo: accounted,
            decidedUpTo: accounted, loadedAt: time)
        places[job.name] = jobs.count
        jobs.append(state)
        begin(jobs.count - 1, standing, at: time)
    }

    private mutating func replace(
        _ place: Int, by job: ScheduledJob, wasThere: Bool, _ standing: ScheduleStanding?, at time: Timestamp
    ) {
        let goesOn = wasThere && jobs[place].job.fingerprint == job.fingerprint
        mutexes.dequeue(place, at: jobs[place].mutexes)
        jobs[place].job = job
        jobs[place].isRemoved = false
        jobs[place].account = self.place(ofAccount: job.account)
        jobs[place].mutexes = job.policy.mutexes.map { mutexes.place(of: $0) }
        if !jobs[place].waiting.isEmpty { mutexes.enqueue(place, at: jobs[place].mutexes) }
        // What comes due while the plan is being replaced is on time.
        if !goesOn { jobs[place].loadedAt = time }
        let accounted = standing?.accountedUpTo ?? (goesOn ? jobs[place].accountedUpTo : time)
        let isAsked = goesOn && outstanding != nil
        jobs[place].accountedUpTo = isAsked ? max(accounted, jobs[place].accountedUpTo) : accounted
        jobs[place].decidedUpTo = isAsked ? max(accounted, jobs[place].decidedUpTo) : accounted
        begin(place, standing, at: time)
    }

    private mutating func begin(_ place: Int, _ standing: ScheduleStanding?, at time: Timestamp) {
        let wasSuspended = standing?.wasSuspended ?? false
        jobs[place].suspendedThrough = wasSuspended && !jobs[place].job.policy.isSuspended ? time : nil
        findNext(place)
        tellIfAhead(place, at: time)
    }
}
