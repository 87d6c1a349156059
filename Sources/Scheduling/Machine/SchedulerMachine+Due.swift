internal import JobModel

extension SchedulerMachine {
    /// Decides every occurrence that has fired, job by job.
    mutating func decideDue(at moment: SchedulerMoment) {
        var limit = moment.wall
        if let holdThrough { limit = min(limit, holdThrough) }
        // A tick decides the same whatever becomes of the clock meanwhile.
        if let horizon { limit = horizon }
        var undecided: [Int] = []
        while let job = due.popFirst(through: limit) {
            decide(job, through: limit, at: moment)
            guard let next = jobs[job].next else { continue }
            if next.fireTime > limit {
                due.set(job, to: next.fireTime)
            } else {
                undecided.append(job)
            }
        }
        for job in undecided { if let next = jobs[job].next { due.set(job, to: next.fireTime) } }
    }

    private mutating func decide(_ job: Int, through limit: Timestamp, at moment: SchedulerMoment) {
        let late = lateThrough(job, limit: limit, at: moment)
        // An answer of the ledger may decide what comes next: the rest is for the next pass then.
        while jobs[job].uncertainPass != pass, let next = jobs[job].next, next.fireTime <= limit {
            if let (reason, through) = reasonToSkip(job, next, limit: limit) {
                let last = latest(of: job, firedBy: through) ?? next
                passOver(job, from: next, through: last, as: .skipped(reason))
                findNext(job)
            } else if next.fireTime <= late {
                catchUp(job, from: next, through: late, at: moment)
                findNext(job)
            } else {
                fire(job, next, at: moment)
                findNext(job)
            }
        }
    }

    /// What fired up to then is late.
    private func lateThrough(_ job: Int, limit: Timestamp, at moment: SchedulerMoment) -> Timestamp {
        if mode == .tick { return limit }
        let since = max(continuousSince, jobs[job].loadedAt)
        let left = moment.wall - Self.longestDelay
        return min(limit, max(since, left))
    }

    /// Why the next occurrence and all up to a time do not run, whether late or not.
    private func reasonToSkip(
        _ job: Int, _ next: ScheduledOccurrence, limit: Timestamp
    ) -> (reason: SkipReason, through: Timestamp)? {
        if jobs[job].job.policy.isSuspended { return (.suspended, limit) }
        if let through = jobs[job].suspendedThrough, next.fireTime <= through {
            return (.suspended, min(through, limit))
        }
        return accountIsPaused[jobs[job].account] ? (.credentialsRejected, limit) : nil
    }

    /// An occurrence is due, in time: the overlap policy decides.
    private mutating func fire(_ job: Int, _ occurrence: ScheduledOccurrence, at moment: SchedulerMoment) {
        tellOverrun(job, next: occurrence)
        let overlap = jobs[job].job.policy.overlap
        if overlap == .allowAll { return fireBesideOthers(job, occurrence, at: moment) }
        guard let blocker = ownBlocker(of: job) else {
            return claim(job, occurrence, ifBlocked: overlap == .skip ? .skip : .hold, at: moment)
        }
        let isFull = jobs[job].waiting.count + jobs[job].incoming >= overlap.capacity
        if overlap == .cancelOther {
            for index in jobs[job].waiting.indices where jobs[job].waiting[index].mayBeGivenUp {
                giveUp(job, index, as: .skipped(.overlap))
            }
            claim(job, occurrence, ifBlocked: .hold, waits: true, at: moment)
            jobs[job].uncertainPass = pass
        } else if isFull {
            passOver(job, from: occurrence, through: occurrence, as: .skipped(.overlap), by: blocker)
        } else {
            claim(job, occurrence, ifBlocked: .hold, waits: true, at: moment)
        }
    }

    private mutating func fireBesideOthers(_ job: Int, _ occurrence: ScheduledOccurrence, at moment: SchedulerMoment) {
        let waiting = jobs[job].waiting.count + jobs[job].incoming
        // Only a mutex makes these wait; without a limit they would pile up behind a run that hangs.
        if waiting >= OverlapPolicy.bufferAll.capacity {
            return passOver(
                job, from: occurrence, through: occurrence, as: .skipped(.overlap), by: ownBlocker(of: job))
        }
        let waits = waiting > 0 && !jobs[job].mutexes.isEmpty
        claim(job, occurrence, ifBlocked: .hold, waits: waits, at: moment)
    }

    /// Asks the ledger for an occurrence.
    ///
    /// - Parameter waits: it is behind others and shall not begin yet.
    mutating func claim(
        _ job: Int, _ occurrence: ScheduledOccurrence, isLate: Bool = false, ifBlocked: LedgerClaim.Blocked,
        waits: Bool = false, at moment: SchedulerMoment
    ) {
        // The ledger knows a claim that is asked for once more by its run.
        let unsure = jobs[job].unsure.first { $0.occurrence.nominalTime == occurrence.nominalTime }
        let runID = unsure?.runID ?? UUIDText.version7(at: moment.wall, using: &random)
        var claim = ledgerClaim(job, occurrence, runID: runID, at: moment)
        claim.ifBlocked = ifBlocked
        claim.waits = waits
        batch.append(
            .claim(claim, after: jobs[job].decidedUpTo), for: .claim(job: job, occurrence, isLate: isLate))
        batch.note(job, occurrence)
        jobs[job].decidedUpTo = occurrence.nominalTime
        if waits || isLate { jobs[job].incoming += 1 }
        let mayBeHeld = !waits && (claim.isExclusive || !claim.mutexes.isEmpty)
        if isLate || mayBeHeld { jobs[job].uncertainPass = pass }
    }

    func ledgerClaim(
        _ job: Int, _ occurrence: ScheduledOccurrence, runID: String, at moment: SchedulerMoment
    ) -> LedgerClaim {
        LedgerClaim(
            occurrence: OccurrenceID(job: jobs[job].job.name, nominalTime: occurrence.nominalTime), runID: runID,
            trigger: mode == .tick ? .tick : .schedule, startedAt: moment.wall,
            lateness: max(.zero, moment.wall - occurrence.fireTime),
            isExclusive: jobs[job].job.policy.overlap != .allowAll, mutexes: jobs[job].job.policy.mutexes,
            ifBlocked: .hold)
    }

    /// Lets the ledger know that the undecided occurrences up to `last` do not run.
    mutating func passOver(
        _ job: Int, from first: ScheduledOccurrence, through last: ScheduledOccurrence, as passed: PassedOver,
        by blocker: Blocker? = nil
    ) {
        var span = OccurrenceSpan(first.nominalTime)
        let after = jobs[job].decidedUpTo
        if last.nominalTime > first.nominalTime {
            span.last = last.nominalTime
            span.count = jobs[job].job.calendar.count(after: after, through: last.nominalTime)
        }
        batch.passOver(job, named: jobs[job].job.name, span, as: passed, after: after, by: blocker)
        batch.note(job, first)
        jobs[job].decidedUpTo = span.last
    }

    mutating func findNext(_ job: Int) {
        jobs[job].next = jobs[job].job.calendar.next(after: jobs[job].decidedUpTo)
    }

    /// The last occurrence that has fired at a time: the last nominal time up to then, or the one before if that has
    /// still to wait for its fire time.
    func latest(of job: Int, firedBy time: Timestamp) -> ScheduledOccurrence? {
        let calendar = jobs[job].job.calendar
        guard let last = calendar.latest(through: time) else { return nil }
        return last.fireTime <= time ? last : calendar.latest(through: last.nominalTime.justBefore)
    }

    /// A run of ours that a further one of the job would overlap with, or a claim that waits already.
    func ownBlocker(of job: Int) -> Blocker? {
        let name = jobs[job].job.name
        if let first = jobs[job].going.first, let run = runs[first] {
            return Blocker(
                occurrence: OccurrenceID(job: name, nominalTime: run.nominalTime), runID: run.runID, isOwn: true)
        }
        return jobs[job].waiting.first.map {
            Blocker(
                occurrence: OccurrenceID(job: name, nominalTime: $0.occurrence.nominalTime), runID: $0.runID,
                isOwn: true)
        }
    }

    private mutating func tellOverrun(_ job: Int, next: ScheduledOccurrence) {
        guard let newest = jobs[job].going.last, let run = runs[newest], !run.toldOverrun else { return }
        runs[newest]?.toldOverrun = true
        note(
            .overran(
                OccurrenceID(job: jobs[job].job.name, nominalTime: run.nominalTime), runID: run.runID,
                startedAt: run.startedAt, next: next.nominalTime))
    }
}
