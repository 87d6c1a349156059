package import JobModel

/// A ledger in memory for a single process that never dies: answers as an ``OccurrenceLedger`` does, keeps no history.
package struct VirtualLedger {
    private struct Run {
        var nominalTime: Timestamp
        var runID: String
        var mutexes: [String]
    }

    private struct Job {
        var accountedUpTo: Timestamp
        var fingerprint: String
        var isSuspended: Bool
        var going: [Run] = []
        var held: [Timestamp] = []
    }

    private var jobs: [Job] = []
    private var places: [String: Int] = [:]
    private var mutexHolders: [String: Blocker] = [:]

    package init() {}

    /// See ``OccurrenceLedger/register(_:at:)``.
    package mutating func register(_ schedules: [ScheduleRegistration], at now: Timestamp) -> [ScheduleStanding] {
        schedules.map { schedule in
            guard let place = places[schedule.job] else {
                places[schedule.job] = jobs.count
                jobs.append(
                    Job(
                        accountedUpTo: schedule.beginning, fingerprint: schedule.fingerprint,
                        isSuspended: schedule.isSuspended))
                return ScheduleStanding(job: schedule.job, accountedUpTo: schedule.beginning)
            }
            if jobs[place].fingerprint != schedule.fingerprint {
                jobs[place].fingerprint = schedule.fingerprint
                jobs[place].accountedUpTo = now
            }
            defer { jobs[place].isSuspended = schedule.isSuspended }
            return ScheduleStanding(
                job: schedule.job, accountedUpTo: jobs[place].accountedUpTo, wasSuspended: jobs[place].isSuspended)
        }
    }

    /// Answers each request.
    package mutating func apply(_ requests: [LedgerRequest]) -> [LedgerAnswer] {
        var answers: [LedgerAnswer] = []
        answers.reserveCapacity(requests.count)
        for request in requests { answers.append(answer(request)) }
        return answers
    }

    private mutating func answer(_ request: LedgerRequest) -> LedgerAnswer {
        switch request {
        case .claim(let claim, let after):
            guard let place = places[claim.occurrence.job] else { return .lost }
            return self.claim(claim, after: after, place)
        case .passOver(let name, let span, _, let after):
            guard let place = places[name] else { return .lost }
            guard jobs[place].accountedUpTo == after else { return outdated(name, place) }
            jobs[place].accountedUpTo = span.last
            return .done
        case .begin(let claim):
            guard let place = places[claim.occurrence.job],
                let index = jobs[place].held.firstIndex(of: claim.occurrence.nominalTime)
            else { return .lost }
            if let blocker = blocker(of: claim, place) { return .held(by: blocker) }
            jobs[place].held.remove(at: index)
            begin(claim, place)
            return .started
        case .giveUp(let occurrence, _):
            guard let place = places[occurrence.job],
                let index = jobs[place].held.firstIndex(of: occurrence.nominalTime)
            else { return .lost }
            jobs[place].held.remove(at: index)
            return .done
        case .finish(let occurrence, let runID, _, _, _, _):
            return end(runID, of: occurrence) == nil ? .lost : .done
        case .release(let occurrence, let runID):
            guard let place = end(runID, of: occurrence) else { return .lost }
            jobs[place].held.append(occurrence.nominalTime)
            return .done
        case .askToStop, .dropMutexes: return .done
        case .takeMutexes(let hold):
            for name in hold.mutexes { if let holder = mutexHolders[name] { return .held(by: holder) } }
            return .started
        case .backfill(let claim, _, _):
            guard let place = places[claim.occurrence.job] else { return .lost }
            if let blocker = blocker(of: claim, place) { return .held(by: blocker) }
            begin(claim, place)
            return .started
        }
    }

    private mutating func claim(_ claim: LedgerClaim, after: Timestamp, _ place: Int) -> LedgerAnswer {
        guard jobs[place].accountedUpTo == after else { return outdated(claim.occurrence.job, place) }
        let nominal = claim.occurrence.nominalTime
        jobs[place].accountedUpTo = nominal
        if claim.waits {
            jobs[place].held.append(nominal)
            return .held(by: nil)
        }
        guard let blocker = blocker(of: claim, place) else {
            begin(claim, place)
            return .started
        }
        if claim.ifBlocked == .skip, blocker.mutex == nil { return .skipped(by: blocker) }
        jobs[place].held.append(nominal)
        return .held(by: blocker)
    }

    /// The job's own runs before mutexes.
    private func blocker(of claim: LedgerClaim, _ place: Int) -> Blocker? {
        if claim.isExclusive, let run = jobs[place].going.first {
            return Blocker(
                occurrence: OccurrenceID(job: claim.occurrence.job, nominalTime: run.nominalTime), runID: run.runID,
                isOwn: true)
        }
        for name in claim.mutexes { if let holder = mutexHolders[name] { return holder } }
        return nil
    }

    private mutating func begin(_ claim: LedgerClaim, _ place: Int) {
        jobs[place].going.append(
            Run(nominalTime: claim.occurrence.nominalTime, runID: claim.runID, mutexes: claim.mutexes))
        for name in claim.mutexes {
            mutexHolders[name] = Blocker(
                occurrence: claim.occurrence, runID: claim.runID, isOwn: true, mutex: name)
        }
    }

    /// - Returns: the job's place; nil if there is no such run.
    private mutating func end(_ runID: String, of occurrence: OccurrenceID) -> Int? {
        guard let place = places[occurrence.job],
            let index = jobs[place].going.firstIndex(where: { $0.runID == runID })
        else { return nil }
        for name in jobs[place].going[index].mutexes { mutexHolders[name] = nil }
        jobs[place].going.remove(at: index)
        return place
    }

    private func outdated(_ name: String, _ place: Int) -> LedgerAnswer {
        .outdated(
            ScheduleStanding(
                job: name, accountedUpTo: jobs[place].accountedUpTo, wasSuspended: jobs[place].isSuspended))
    }
}
