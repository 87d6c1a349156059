package import JobModel

extension SchedulerMachine {
    /// A run has ended.
    ///
    /// - Parameters:
    ///   - message: why it did not do its work, for the ledger; nil if it did.
    ///   - time: the wall clock's.
    package mutating func runFinished(
        _ handle: RunHandle, _ result: OccurrenceResult, message: String? = nil, at time: Timestamp
    ) {
        let startedAt = runs[handle]?.startedAt
        guard let (occurrence, runID) = end(handle, as: .finished(result)) else { return }
        ends.append(
            (.finish(occurrence, runID: runID, result, at: time, startedAt: startedAt, message: message), handle))
    }

    /// A run was called off before it had sent anything, since this scheduler stops: whoever comes next may run its
    /// occurrence.
    package mutating func runReleased(_ handle: RunHandle) {
        guard let (occurrence, runID) = end(handle, as: .released) else { return }
        ends.append((.release(occurrence, runID: runID), handle))
    }

    private mutating func end(
        _ handle: RunHandle, as ending: RunTable.RunEnding
    ) -> (occurrence: OccurrenceID, runID: String)? {
        guard var run = runs[handle], run.end == nil else { return nil }
        run.end = ending
        runs[handle] = run
        let job = run.job
        jobs[job].going.removeAll { $0 == handle }
        if run.isLate { jobs[job].lateGoing -= 1 }
        release(run.mutexes)
        if !jobs[job].waiting.isEmpty { mark(job) }
        return (OccurrenceID(job: jobs[job].job.name, nominalTime: run.nominalTime), run.runID)
    }

    /// What became of the claims of processes that have died.
    package mutating func reaped(_ claims: [ReapedClaim], at moment: SchedulerMoment) {
        for claim in claims {
            switch claim {
            case .crashed(let entry):
                note(.crashed(entry))
                if let job = places[entry.job] { jobs[job].counts.crashed += 1 }
                // It may have stood in the way.
                if let pollAt { self.pollAt = SchedulerMoment(monotonic: moment.monotonic, wall: pollAt.wall) }
            case .resumed(let entry):
                resume(entry, at: moment)
            case .inherited(let entry):
                inherit(entry, at: moment)
            }
        }
    }

    private mutating func resume(_ entry: LedgerEntry, at moment: SchedulerMoment) {
        // Who stops leaves it to whoever comes next.
        guard !isStopping, let runID = entry.runID else { return }
        let occurrence = OccurrenceID(job: entry.job, nominalTime: entry.nominalTime)
        guard let job = places[entry.job], !jobs[job].isRemoved else {
            note(.crashed(entry))
            return ends.append((.finish(occurrence, runID: runID, .crashed, at: moment.wall), nil))
        }
        let start = adopt(
            RunTable.Run(
                job: job, nominalTime: entry.nominalTime, runID: runID, startedAt: entry.startedAt ?? moment.wall,
                lateness: entry.lateness ?? .zero, isLate: true, mutexes: jobs[job].mutexes),
            trigger: entry.trigger ?? .schedule)
        actions.append(.resume(start, entry))
    }

    private mutating func inherit(_ entry: LedgerEntry, at moment: SchedulerMoment) {
        guard !isStopping, let job = places[entry.job], waitingIndex(job, entry.nominalTime) == nil else { return }
        var occurrence = ScheduledOccurrence(nominalTime: entry.nominalTime, fireTime: entry.nominalTime)
        if let planned = jobs[job].job.calendar.next(after: entry.nominalTime.justBefore),
            planned.nominalTime == entry.nominalTime
        {
            occurrence = planned
        }
        var claim = HeldClaim(
            occurrence: occurrence, runID: entry.runID ?? UUIDText.version7(at: moment.wall, using: &random),
            isLate: true)
        if isInTime(job, occurrence, at: moment) { note(.inherited(entry)) } else { claim.verdict = .missed(.window) }
        hold(claim, of: job)
        mark(job)
    }

    /// The ledger has a claim's run as begun: it begins when the ledger has said so, however long that took.
    mutating func start(_ job: Int, _ claim: LedgerClaim, isLate: Bool, mutexes: [Int], at moment: SchedulerMoment) {
        jobs[job].counts.started += 1
        let startedAt = max(claim.startedAt, moment.wall)
        let lateness = claim.lateness + (startedAt - claim.startedAt)
        let start = adopt(
            RunTable.Run(
                job: job, nominalTime: claim.occurrence.nominalTime, runID: claim.runID, startedAt: startedAt,
                lateness: lateness, isLate: isLate, mutexes: mutexes),
            trigger: claim.trigger, claimedAt: claim.startedAt)
        actions.append(.start(start))
        if isLate {
            note(.caughtUp(claim.occurrence, runID: claim.runID, lateness: lateness))
        } else if lateness >= Self.notableLateness {
            note(.late(claim.occurrence, runID: claim.runID, lateness: lateness))
        }
    }

    private mutating func adopt(
        _ run: RunTable.Run, trigger: Trigger, claimedAt: Timestamp? = nil
    ) -> RunStart {
        let handle = runs.add(run)
        jobs[run.job].going.append(handle)
        if run.isLate { jobs[run.job].lateGoing += 1 }
        for place in run.mutexes { mutexes[place].holders += 1 }
        return RunStart(
            handle: handle, job: run.job,
            occurrence: OccurrenceID(job: jobs[run.job].job.name, nominalTime: run.nominalTime), runID: run.runID,
            trigger: trigger, startedAt: run.startedAt, claimedAt: claimedAt ?? run.startedAt, lateness: run.lateness,
            isCatchUp: run.isLate)
    }
}
