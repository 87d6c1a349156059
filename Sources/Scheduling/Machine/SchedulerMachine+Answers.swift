package import JobModel

extension SchedulerMachine {
    /// The ledger's answers to the last ``SchedulerAction/apply(_:)``, in the order of its requests. What begins by them
    /// begins now.
    package mutating func answered(_ answers: [LedgerAnswer], at moment: SchedulerMoment) {
        guard let batch = outstanding else { return }
        guard answers.count == batch.requests.count else { return ledgerFailed() }
        outstanding = nil
        var stale: [Int] = []
        for (index, answer) in answers.enumerated() {
            switch batch.purposes[index] {
            case .claim(let job, let occurrence, let isLate):
                guard case .claim(let claim, _) = batch.requests[index] else { continue }
                jobs[job].incoming = 0
                if case .outdated(let standing) = answer { takeOver(standing, job, &stale) }
                claimAnswered(answer, job, claim, occurrence, isLate: isLate, at: moment)
            case .passOver(let job, let blocker):
                guard case .passOver(let name, let span, let passed, _) = batch.requests[index] else { continue }
                if case .outdated(let standing) = answer {
                    takeOver(standing, job, &stale)
                } else {
                    account(job, upTo: span.last)
                    tell(job, name, span, passed, by: blocker.map { batch.blockers[$0] })
                }
            case .begin(let job, let nominalTime, let mutexes):
                guard case .begin(let claim) = batch.requests[index] else { continue }
                release(mutexes)
                beginAnswered(answer, job, claim, nominalTime, mutexes: mutexes, at: moment)
            case .giveUp(let job, let nominalTime):
                guard case .giveUp(let occurrence, let passed) = batch.requests[index] else { continue }
                giveUpAnswered(answer, job, occurrence, nominalTime, passed)
            case .finish(let handle):
                if let handle { finishAnswered(answer, handle) }
            case .askToStop: break
            }
        }
        refresh(stale)
    }

    /// The ledger could not carry out the last ``SchedulerAction/apply(_:)``, and changed nothing: all of it is decided
    /// anew, after a second.
    package mutating func ledgerFailed() {
        guard let batch = outstanding else { return }
        outstanding = nil
        retryAt = (lastLook?.monotonic ?? retryAt).advanced(by: Self.lookInterval)
        var stale: [Int] = []
        for (index, purpose) in batch.purposes.enumerated() {
            switch purpose {
            case .claim(let job, let occurrence, let isLate):
                jobs[job].incoming = 0
                makeStale(job, &stale)
                if case .claim(let claim, _) = batch.requests[index] { doubt(job, claim, occurrence, isLate: isLate) }
            case .passOver(let job, _):
                makeStale(job, &stale)
            case .begin(let job, let nominalTime, let mutexes):
                release(mutexes)
                // It may have begun.
                if let index = waitingIndex(job, nominalTime) { jobs[job].waiting[index].isUnsure = true }
                ask(again: job, nominalTime)
            case .giveUp(let job, let nominalTime):
                ask(again: job, nominalTime)
            case .finish(let handle):
                ends.append((batch.requests[index], handle))
            case .askToStop:
                if case .askToStop(let occurrence) = batch.requests[index] { stopsToAsk.append(occurrence) }
            }
        }
        refresh(stale)
    }

    /// Of one job. A ledger that fails so often has most likely not taken the claims after the first ones.
    private static var mostDoubts: Int { 16 }

    /// The ledger may have a claim although it failed.
    private mutating func doubt(_ job: Int, _ claim: LedgerClaim, _ occurrence: ScheduledOccurrence, isLate: Bool) {
        guard !jobs[job].unsure.contains(where: { $0.occurrence == occurrence }),
            jobs[job].unsure.count < Self.mostDoubts
        else { return }
        var held = HeldClaim(occurrence: occurrence, runID: claim.runID, isLate: isLate)
        held.isUnsure = true
        jobs[job].unsure.append(held)
        if !doubtful.contains(job) { doubtful.append(job) }
    }

    /// Claims that the ledger may have and that are not asked for again, since they are no longer due or planned: the
    /// clock was set back, or the job is gone.
    mutating func clearDoubts(at moment: SchedulerMoment) {
        let jobs = doubtful
        doubtful = []
        for job in jobs {
            let claims = self.jobs[job].unsure
            self.jobs[job].unsure = []
            for claim in claims {
                if self.jobs[job].isRemoved || claim.occurrence.fireTime > moment.wall {
                    hold(claim, of: job)
                    mark(job)
                } else {
                    self.jobs[job].unsure.append(claim)
                }
            }
            if !self.jobs[job].unsure.isEmpty { doubtful.append(job) }
        }
    }

    /// The ledger has taken a decision over: what it might have had before, it has not.
    private mutating func account(_ job: Int, upTo time: Timestamp) {
        jobs[job].accountedUpTo = time
        if !jobs[job].unsure.isEmpty { jobs[job].unsure.removeAll { $0.occurrence.nominalTime <= time } }
    }

    private mutating func ask(again job: Int, _ nominalTime: Timestamp) {
        guard let index = waitingIndex(job, nominalTime) else { return }
        jobs[job].waiting[index].phase = .waiting
        mark(job)
    }

    private mutating func claimAnswered(
        _ answer: LedgerAnswer, _ job: Int, _ claim: LedgerClaim, _ occurrence: ScheduledOccurrence, isLate: Bool,
        at moment: SchedulerMoment
    ) {
        let nominal = occurrence.nominalTime
        switch answer {
        case .started:
            if let index = waitingIndex(job, nominal) { unhold(job, index) }
            account(job, upTo: nominal)
            start(job, claim, isLate: isLate, mutexes: jobs[job].mutexes, at: moment)
        case .held(let by):
            account(job, upTo: nominal)
            if let index = waitingIndex(job, nominal) { unhold(job, index) }
            let blocker = by ?? ownBlocker(of: job)
            hold(HeldClaim(occurrence: occurrence, runID: claim.runID, isLate: isLate, blocker: blocker), of: job)
            note(.waits(claim.occurrence, runID: claim.runID, for: blocker))
            if let by, !by.isOwn { wait(job, for: by) } else { mark(job) }
            if let index = waitingIndex(job, nominal) { makeWay(job, for: index, blocker: by) }
        case .skipped(let by):
            account(job, upTo: nominal)
            tell(job, claim.occurrence.job, OccurrenceSpan(nominal), .skipped(.overlap), by: by)
        case .outdated, .done, .lost: break
        }
    }

    private mutating func beginAnswered(
        _ answer: LedgerAnswer, _ job: Int, _ claim: LedgerClaim, _ nominalTime: Timestamp, mutexes: [Int],
        at moment: SchedulerMoment
    ) {
        guard let index = waitingIndex(job, nominalTime) else { return }
        switch answer {
        case .started:
            let isLate = jobs[job].waiting[index].isLate
            unhold(job, index)
            start(job, claim, isLate: isLate, mutexes: mutexes, at: moment)
        case .held(let by):
            jobs[job].waiting[index].phase = .waiting
            jobs[job].waiting[index].isUnsure = false
            if let by { jobs[job].waiting[index].blocker = by }
            if mode == .tick, jobs[job].job.policy.overlap == .skip, let by, !by.isOwn, by.mutex == nil {
                // A tick does not wait for runs of other processes.
                jobs[job].waiting[index].verdict = .skipped(.overlap)
                return mark(job)
            }
            wait(job, for: by)
            makeWay(job, for: index, blocker: by)
        case .lost, .skipped, .outdated, .done:
            lose(job, index)
        }
    }

    private mutating func giveUpAnswered(
        _ answer: LedgerAnswer, _ job: Int, _ occurrence: OccurrenceID, _ nominalTime: Timestamp, _ passed: PassedOver
    ) {
        guard let index = waitingIndex(job, nominalTime) else { return }
        if answer == .lost { return lose(job, index) }
        let blocker = jobs[job].waiting[index].blocker
        unhold(job, index)
        tell(job, occurrence.job, OccurrenceSpan(nominalTime), passed, by: blocker)
    }

    private mutating func finishAnswered(_ answer: LedgerAnswer, _ handle: RunHandle) {
        guard let run = runs[handle] else { return }
        runs.remove(handle)
        if answer == .lost {
            jobs[run.job].counts.lost += 1
            note(
                .lost(OccurrenceID(job: jobs[run.job].job.name, nominalTime: run.nominalTime), runID: run.runID))
        } else if case .finished(let result) = run.end {
            jobs[run.job].counts.add(result)
        }
    }

    private mutating func lose(_ job: Int, _ index: Int) {
        let claim = jobs[job].waiting[index]
        unhold(job, index)
        if claim.isUnsure { return }
        jobs[job].counts.lost += 1
        note(
            .lost(
                OccurrenceID(job: jobs[job].job.name, nominalTime: claim.occurrence.nominalTime),
                runID: claim.runID))
    }

    private mutating func tell(
        _ job: Int, _ name: String, _ span: OccurrenceSpan, _ passed: PassedOver, by blocker: Blocker?
    ) {
        jobs[job].counts.add(span.count, passed)
        switch passed {
        case .skipped(let reason):
            note(.skipped(job: name, span, reason, by: reason == .overlap ? blocker : nil))
        case .missed(let reason):
            note(.missed(job: name, span, reason))
        }
    }

    private mutating func takeOver(_ standing: ScheduleStanding, _ job: Int, _ stale: inout [Int]) {
        note(.outdated(standing))
        jobs[job].accountedUpTo = standing.accountedUpTo
        makeStale(job, &stale)
        // Perhaps it was not somebody else.
        for claim in jobs[job].unsure where claim.occurrence.nominalTime <= standing.accountedUpTo {
            hold(claim, of: job)
            mark(job)
        }
        jobs[job].unsure.removeAll { $0.occurrence.nominalTime <= standing.accountedUpTo }
    }

    private mutating func makeStale(_ job: Int, _ stale: inout [Int]) {
        guard !jobs[job].isStale else { return }
        jobs[job].isStale = true
        stale.append(job)
    }

    /// Finds anew what is next of jobs whose requests were refused.
    private mutating func refresh(_ stale: [Int]) {
        for job in stale {
            jobs[job].isStale = false
            guard !jobs[job].isRemoved else { continue }
            jobs[job].decidedUpTo = jobs[job].accountedUpTo
            findNext(job)
            if let next = jobs[job].next { due.set(job, to: next.fireTime) } else { due.remove(job) }
            if let lastLook { tellIfAhead(job, at: lastLook.wall) }
        }
    }
}
