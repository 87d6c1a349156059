internal import JobModel

extension SchedulerMachine {
    /// A job's waiting claims are to be looked at in the next pass.
    mutating func mark(_ job: Int) {
        guard !jobs[job].isMarked else { return }
        jobs[job].isMarked = true
        marked.append(job)
    }

    /// Lets go of mutexes; their waiters are to be looked at in the next pass.
    mutating func release(_ places: [Int]) {
        for place in places {
            mutexes[place].holders -= 1
            free(place)
        }
    }

    private mutating func free(_ place: Int) {
        guard !mutexes[place].isFreed, !mutexes[place].waiters.isEmpty else { return }
        mutexes[place].isFreed = true
        freed.append(place)
    }

    /// Keeps a claim.
    mutating func hold(_ claim: HeldClaim, of job: Int) {
        let nominal = claim.occurrence.nominalTime
        let place = jobs[job].waiting.firstIndex { $0.occurrence.nominalTime > nominal } ?? jobs[job].waiting.count
        jobs[job].waiting.insert(claim, at: place)
        waitingClaims += 1
        mutexes.enqueue(job, at: jobs[job].mutexes)
    }

    /// Lets go of a claim that has begun, was given up or is lost. What is behind it may be next.
    mutating func unhold(_ job: Int, _ index: Int) {
        jobs[job].waiting.remove(at: index)
        waitingClaims -= 1
        // Behind the other jobs: none keeps a mutex to itself.
        mutexes.dequeue(job, at: jobs[job].mutexes)
        guard !jobs[job].waiting.isEmpty else { return }
        mutexes.enqueue(job, at: jobs[job].mutexes)
        mark(job)
    }

    func waitingIndex(_ job: Int, _ nominalTime: Timestamp) -> Int? {
        jobs[job].waiting.firstIndex { $0.occurrence.nominalTime == nominalTime }
    }

    /// Asks the ledger to give up a claim that waits.
    mutating func giveUp(_ job: Int, _ index: Int, as passed: PassedOver) {
        jobs[job].waiting[index].phase = .asked
        jobs[job].waiting[index].verdict = passed
        let nominal = jobs[job].waiting[index].occurrence.nominalTime
        batch.append(
            .giveUp(OccurrenceID(job: jobs[job].job.name, nominalTime: nominal), as: passed),
            for: .giveUp(job: job, nominalTime: nominal))
        jobs[job].uncertainPass = pass
    }

    /// Whether a run of ours stands in the way of a further one of the job.
    func isBusy(_ job: Int, isLate: Bool) -> Bool {
        if jobs[job].job.policy.overlap != .allowAll { return !jobs[job].going.isEmpty }
        return isLate && jobs[job].lateGoing > 0
    }

    /// Begins what waits and may run now, as far as is known here.
    mutating func beginWaiting(at moment: SchedulerMoment) {
        if let pollAt, moment.monotonic >= pollAt.monotonic || moment.wall >= pollAt.wall { poll() }
        // Mutexes before jobs: they know who has waited longest.
        if !freed.isEmpty {
            let places = freed
            freed = []
            for place in places {
                mutexes[place].isFreed = false
                for job in mutexes[place].waiters {
                    if mutexes[place].isTaken { break }
                    beginFirst(job, at: moment)
                }
            }
        }
        if !marked.isEmpty {
            let jobs = marked
            marked = []
            for job in jobs {
                self.jobs[job].isMarked = false
                settleWaiting(job, at: moment)
                beginFirst(job, at: moment)
            }
        }
    }

    /// Deals with claims that it is no matter of turns for.
    private mutating func settleWaiting(_ job: Int, at moment: SchedulerMoment) {
        for index in jobs[job].waiting.indices where jobs[job].waiting[index].phase == .waiting {
            let claim = jobs[job].waiting[index]
            if claim.isUnsure {
                settleUnsure(job, index, at: moment)
            } else if let verdict = claim.verdict {
                giveUp(job, index, as: verdict)
            } else if jobs[job].isRemoved {
                giveUp(job, index, as: claim.isLate ? .missed(.catchup) : .skipped(.overlap))
            }
        }
    }

    /// The ledger may have the claim as begun: then it runs, whatever is in its way here.
    private mutating func settleUnsure(_ job: Int, _ index: Int, at moment: SchedulerMoment) {
        guard jobs[job].isRemoved else { return begin(job, index, at: moment) }
        let claim = jobs[job].waiting[index]
        let occurrence = OccurrenceID(job: jobs[job].job.name, nominalTime: claim.occurrence.nominalTime)
        batch.append(.finish(occurrence, runID: claim.runID, .failed, at: moment.wall), for: .finish(nil))
        giveUp(job, index, as: .skipped(.overlap))
    }

    private mutating func beginFirst(_ job: Int, at moment: SchedulerMoment) {
        while let index = jobs[job].waiting.firstIndex(where: { $0.verdict == nil }) {
            let claim = jobs[job].waiting[index]
            guard claim.phase == .waiting, !claim.isUnsure, !jobs[job].isRemoved, !jobs[job].isPolling,
                !isBusy(job, isLate: claim.isLate), !jobs[job].mutexes.contains(where: { mutexes[$0].isTaken })
            else { return }
            if jobs[job].job.policy.isSuspended {
                giveUp(job, index, as: .skipped(.suspended))
            } else if accountIsPaused[jobs[job].account] {
                giveUp(job, index, as: .skipped(.credentialsRejected))
            } else {
                return begin(job, index, at: moment)
            }
        }
    }

    private mutating func begin(_ job: Int, _ index: Int, at moment: SchedulerMoment) {
        let claim = jobs[job].waiting[index]
        jobs[job].waiting[index].phase = .asked
        let places = jobs[job].mutexes
        // Kept until the answer, lest others ask in vain.
        for place in places { mutexes[place].holders += 1 }
        let request = ledgerClaim(job, claim.occurrence, runID: claim.runID, at: moment)
        batch.append(
            .begin(request), for: .begin(job: job, nominalTime: claim.occurrence.nominalTime, mutexes: places))
        jobs[job].uncertainPass = pass
    }

    /// Something that is not known here stands in a job's way: it is asked for again after a second.
    mutating func wait(_ job: Int, for blocker: Blocker?) {
        if let name = blocker?.mutex,
            let place = jobs[job].mutexes.first(where: { mutexes[$0].name == name })
        {
            if !mutexes[place].isTaken {
                mutexes[place].isHeldElsewhere = true
                polledMutexes.append(place)
            }
        } else if !jobs[job].isPolling {
            jobs[job].isPolling = true
            pollers.append(job)
        }
        if pollAt == nil, let lastLook {
            pollAt = SchedulerMoment(
                monotonic: lastLook.monotonic.advanced(by: Self.lookInterval),
                wall: lastLook.wall + Self.lookInterval)
        }
    }

    private mutating func poll() {
        pollAt = nil
        let (waiters, places) = (pollers, polledMutexes)
        (pollers, polledMutexes) = ([], [])
        for place in places {
            mutexes[place].isHeldElsewhere = false
            free(place)
        }
        for job in waiters {
            jobs[job].isPolling = false
            mark(job)
        }
    }

    /// Makes way for a claim that takes the place of what is going (``OverlapPolicy/cancelOther``).
    mutating func makeWay(_ job: Int, for index: Int, blocker: Blocker?) {
        guard jobs[job].job.policy.overlap == .cancelOther, !jobs[job].waiting[index].isLate else { return }
        for handle in jobs[job].going { cancel(handle, for: .replaced) }
        guard let blocker, !blocker.isOwn, blocker.mutex == nil,
            jobs[job].waiting[index].askedToStop != blocker.runID
        else { return }
        jobs[job].waiting[index].askedToStop = blocker.runID
        stopsToAsk.append(blocker.occurrence)
    }

    mutating func cancel(_ handle: RunHandle, for cause: RunCancellation.Cause) {
        guard let run = runs[handle], !run.isCancelled, run.end == nil else { return }
        runs[handle]?.isCancelled = true
        actions.append(
            .cancel(
                RunCancellation(
                    handle: handle,
                    occurrence: OccurrenceID(job: jobs[run.job].job.name, nominalTime: run.nominalTime),
                    runID: run.runID, cause: cause)))
    }
}
