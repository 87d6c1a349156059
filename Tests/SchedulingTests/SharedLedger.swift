import JobModel

/// A ledger for several processes that may die: plain and slow, and it notes every breach of its rules.
final class SharedLedger {
    struct Row {
        var span: OccurrenceSpan
        var state: OccurrenceState
        var owner = ""
        var claim: LedgerClaim?
        var hasBegun = false
        /// Counts the beginnings of runs.
        var beginning = 0
        var isStopRequested = false
        var resumptions = 0

        var isGoing: Bool { state == .claimed && hasBegun }
        var entry: LedgerEntry {
            var entry = LedgerEntry(job: claim?.occurrence.job ?? "", nominalTime: span.first, state: state)
            entry.lastNominalTime = span.last
            entry.count = span.count
            entry.trigger = claim?.trigger
            entry.runID = claim?.runID
            entry.startedAt = hasBegun ? claim?.startedAt : nil
            entry.lateness = hasBegun ? claim?.lateness : nil
            entry.claimant = owner
            entry.resumptions = resumptions
            return entry
        }
    }

    struct Job {
        var beginning: Timestamp
        var accountedUpTo: Timestamp
        var fingerprint: String
        var isSuspended: Bool
        var closed: [Row] = []
        /// Claims that wait or whose runs are going.
        var open: [Row] = []
        var rows: [Row] { closed + open }

        mutating func close(_ place: Int, as state: OccurrenceState) {
            var row = open.remove(at: place)
            row.state = state
            closed.append(row)
        }
    }

    private(set) var jobs: [String: Job] = [:]
    /// Renewed at, in nanoseconds.
    private var leases: [String: Int64] = [:]
    private(set) var violations: [String] = []
    private var beginnings = 0

    func register(_ schedules: [ScheduleRegistration], at now: Timestamp) -> [ScheduleStanding] {
        schedules.map { schedule in
            guard var job = jobs[schedule.job] else {
                jobs[schedule.job] = Job(
                    beginning: schedule.beginning, accountedUpTo: schedule.beginning,
                    fingerprint: schedule.fingerprint, isSuspended: schedule.isSuspended)
                return ScheduleStanding(job: schedule.job, accountedUpTo: schedule.beginning)
            }
            if job.fingerprint != schedule.fingerprint { job.accountedUpTo = now }
            job.fingerprint = schedule.fingerprint
            let standing = ScheduleStanding(
                job: schedule.job, accountedUpTo: job.accountedUpTo, wasSuspended: job.isSuspended)
            job.isSuspended = schedule.isSuspended
            jobs[schedule.job] = job
            return standing
        }
    }

    func setAccounted(_ job: String, upTo time: Timestamp) { jobs[job]?.accountedUpTo = time }

    /// A run that is going, of whoever, put there.
    func plant(_ job: String, _ nominal: Timestamp, owner: String, mutexes: [String] = []) {
        var claim = LedgerClaim(
            occurrence: OccurrenceID(job: job, nominalTime: nominal), runID: "\(owner)-run", trigger: .schedule,
            startedAt: nominal, lateness: .zero)
        claim.mutexes = mutexes
        jobs[job]?.open.append(
            Row(span: OccurrenceSpan(nominal), state: .claimed, owner: owner, claim: claim, hasBegun: true))
        leases[owner] = .max / 2
    }

    func row(_ occurrence: OccurrenceID) -> Row? {
        func includes(_ row: Row) -> Bool {
            row.span.first <= occurrence.nominalTime && occurrence.nominalTime <= row.span.last
        }
        return jobs[occurrence.job]?.open.first(where: includes) ?? jobs[occurrence.job]?.closed.last(where: includes)
    }

    func apply(_ requests: [LedgerRequest], by owner: String, at now: Int64) -> [LedgerAnswer] {
        leases[owner] = max(leases[owner] ?? 0, now)
        return requests.map { answer($0, owner) }
    }

    private func answer(_ request: LedgerRequest, _ owner: String) -> LedgerAnswer {
        switch request {
        case .claim(let claim, let after): return answer(claim, after, owner)
        case .passOver(let name, let span, let passed, let after):
            guard let job = jobs[name] else { return .lost }
            if span.count < 1 || span.last < span.first || (span.count == 1) != (span.first == span.last) {
                violations.append("\(name): not a span: \(span)")
            }
            guard job.accountedUpTo == after, span.first > after else { return outdated(name) }
            insert(Row(span: span, state: OccurrenceState(passed)), name)
            return .done
        case .begin(let claim):
            guard let place = place(claim.occurrence, owner) else { return .lost }
            if jobs[claim.occurrence.job]?.open[place].hasBegun == true {
                return jobs[claim.occurrence.job]?.open[place].claim?.runID == claim.runID ? .started : .lost
            }
            if let blocker = blocker(of: claim, owner) { return .held(by: blocker) }
            jobs[claim.occurrence.job]?.open[place].hasBegun = true
            jobs[claim.occurrence.job]?.open[place].claim = claim
            beginnings += 1
            jobs[claim.occurrence.job]?.open[place].beginning = beginnings
            return .started
        case .giveUp(let occurrence, let passed):
            guard let place = place(occurrence, owner), jobs[occurrence.job]?.open[place].hasBegun == false
            else { return .lost }
            jobs[occurrence.job]?.close(place, as: OccurrenceState(passed))
            return .done
        case .finish(let occurrence, let runID, let result, _, _, _):
            guard let row = row(occurrence), row.owner == owner, row.claim?.runID == runID else { return .lost }
            if row.state == .ran(result) { return .done }
            guard row.isGoing, let place = place(occurrence, owner) else { return .lost }
            jobs[occurrence.job]?.close(place, as: .ran(result))
            return .done
        case .askToStop(let occurrence):
            if let index = jobs[occurrence.job]?.open.firstIndex(where: { $0.span.first == occurrence.nominalTime }) {
                jobs[occurrence.job]?.open[index].isStopRequested = true
            }
            return .done
        case .release(let occurrence, let runID):
            guard let place = place(occurrence, owner), let row = row(occurrence) else { return .lost }
            guard row.isGoing, row.claim?.runID == runID else { return row.hasBegun ? .lost : .done }
            jobs[occurrence.job]?.open[place].hasBegun = false
            return .done
        case .backfill, .takeMutexes, .dropMutexes: return .lost
        }
    }

    private func answer(_ claim: LedgerClaim, _ after: Timestamp, _ owner: String) -> LedgerAnswer {
        let (name, nominal) = (claim.occurrence.job, claim.occurrence.nominalTime)
        guard let job = jobs[name] else { return .lost }
        guard job.accountedUpTo == after, nominal > after else {
            guard let place = place(claim.occurrence, owner), job.open[place].claim?.runID == claim.runID
            else { return outdated(name) }
            return job.open[place].hasBegun ? .started : .held(by: nil)
        }
        var row = Row(span: OccurrenceSpan(nominal), state: .claimed, owner: owner, claim: claim)
        let blocker = claim.waits ? nil : blocker(of: claim, owner)
        if let blocker, blocker.mutex == nil, claim.ifBlocked == .skip {
            row = Row(span: OccurrenceSpan(nominal), state: .skipped(.overlap))
            insert(row, name)
            return .skipped(by: blocker)
        }
        row.hasBegun = !claim.waits && blocker == nil
        beginnings += 1
        row.beginning = beginnings
        insert(row, name)
        return row.hasBegun ? .started : .held(by: blocker)
    }

    func renew(_ owner: String, at now: Int64) -> [OccurrenceID] {
        leases[owner] = now
        return jobs.flatMap { name, job in
            job.open.filter { $0.owner == owner && $0.isGoing && $0.isStopRequested }.map {
                OccurrenceID(job: name, nominalTime: $0.span.first)
            }
        }
    }

    func resign(_ owner: String) { leases[owner] = nil }

    func reap(for policies: [String: CrashPolicy], by owner: String, at now: Int64) -> [ReapedClaim] {
        leases[owner] = now
        var reaped: [ReapedClaim] = []
        for (name, policy) in policies.sorted(by: { $0.key < $1.key }) {
            for row in jobs[name]?.open ?? [] where row.owner != owner {
                guard let index = place(OccurrenceID(job: name, nominalTime: row.span.first), row.owner) else {
                    continue
                }
                guard now - (leases[row.owner] ?? 0) > LedgerOwner.lease.wholeNanoseconds else { continue }
                if !row.hasBegun {
                    jobs[name]?.open[index].owner = owner
                    reaped.append(.inherited(row.entry))
                } else if policy == .report {
                    jobs[name]?.close(index, as: .ran(.crashed))
                    reaped.append(.crashed(row.entry))
                } else if let claim = row.claim, blocker(of: claim, owner) == nil {
                    jobs[name]?.open[index].owner = owner
                    jobs[name]?.open[index].resumptions += 1
                    beginnings += 1
                    jobs[name]?.open[index].beginning = beginnings
                    jobs[name]?.open[index].isStopRequested = false
                    reaped.append(.resumed(row.entry))
                }
            }
        }
        return reaped
    }

    /// A run in the way of another; a run of a process that is dead but not yet known to be is still in the way.
    private func blocker(of claim: LedgerClaim, _ owner: String) -> Blocker? {
        if claim.isExclusive, let row = jobs[claim.occurrence.job]?.open.first(where: { isInTheWay($0, of: claim) }) {
            return blocker(row, owner, mutex: nil)
        }
        for name in claim.mutexes {
            for job in jobs.keys.sorted() {
                let holder = jobs[job]?.open.first {
                    isInTheWay($0, of: claim) && $0.claim?.mutexes.contains(name) == true
                }
                if let holder { return blocker(holder, owner, mutex: name) }
            }
        }
        return nil
    }

    private func isInTheWay(_ row: Row, of claim: LedgerClaim) -> Bool {
        row.isGoing && row.claim?.occurrence != claim.occurrence
    }

    private func blocker(_ row: Row, _ owner: String, mutex: String?) -> Blocker? {
        row.claim.map {
            Blocker(occurrence: $0.occurrence, runID: $0.runID, isOwn: row.owner == owner, mutex: mutex)
        }
    }

    private func insert(_ row: Row, _ name: String) {
        if let last = jobs[name]?.accountedUpTo, row.span.first <= last {
            violations.append("\(name)@\(row.span.first.microseconds): accounted for already")
        }
        if row.state == .claimed { jobs[name]?.open.append(row) } else { jobs[name]?.closed.append(row) }
        jobs[name]?.accountedUpTo = row.span.last
    }

    private func place(_ occurrence: OccurrenceID, _ owner: String) -> Int? {
        jobs[occurrence.job]?.open.firstIndex {
            $0.owner == owner && $0.span.first == occurrence.nominalTime
        }
    }

    private func outdated(_ name: String) -> LedgerAnswer {
        .outdated(
            ScheduleStanding(
                job: name, accountedUpTo: jobs[name]?.accountedUpTo ?? Timestamp(seconds: 0),
                wasSuspended: jobs[name]?.isSuspended ?? false))
    }
}
