internal import GRDB
internal import JobModel

/// Carries out an owner's requests, in one transaction.
struct LedgerTransaction {
    let db: Database
    let moment: LedgerMoment
    /// The row of who asks; its lease has just been renewed.
    let owner: Int64
    var known: KnownJobs
    var entries: EntryReader

    /// Renews the owner's lease.
    init(_ db: Database, known: KnownJobs, by owner: LedgerOwner, at moment: LedgerMoment) throws {
        self.db = db
        self.known = known
        self.moment = moment
        self.owner = try Self.renew(owner, in: db, at: moment)
        entries = EntryReader(db, at: moment)
    }

    mutating func carryOut(_ request: LedgerRequest) throws -> LedgerAnswer {
        switch request {
        case .claim(let claim, let after): try self.claim(claim, after: after)
        case .passOver(let job, let span, let cause, let after): try passOver(job, span, as: cause, after: after)
        case .begin(let claim): try begin(claim)
        case .giveUp(let occurrence, let cause): try giveUp(occurrence, as: cause)
        case .finish(let occurrence, let runID, let result, let time, let startedAt, let message):
            try finish(occurrence, runID: runID, result, at: time, startedAt: startedAt, message)
        case .release(let occurrence, let runID): try release(occurrence, runID: runID)
        case .askToStop(let occurrence): try askToStop(occurrence)
        case .backfill(let claim, let previous, let next): try backfill(claim, previous: previous, next: next)
        case .takeMutexes(let hold): try takeMutexes(hold)
        case .dropMutexes(let runID): try dropMutexes(of: runID)
        }
    }

    /// The owner's runs that others ask to stop.
    func runsToStop() throws -> [OccurrenceID] {
        try db.rows(
            """
            SELECT j.name, o.nominal_time FROM occurrence o INDEXED BY occurrence_stop JOIN job j ON j.id = o.job
            WHERE o.owner = ? AND o.is_stop_requested = 1 AND o.state = 'claimed' ORDER BY o.nominal_time, j.name
            """, [owner]
        ).map { OccurrenceID(job: $0[0], nominalTime: Timestamp(microseconds: $0[1])) }
    }

    private static func renew(_ owner: LedgerOwner, in db: Database, at moment: LedgerMoment) throws -> Int64 {
        let id = try db.number(
            """
            INSERT INTO owner (uuid, host, process, boot, monotonic, wall, has_resigned) VALUES (?, ?, ?, ?, ?, ?, 0)
            ON CONFLICT (uuid) DO UPDATE SET boot = excluded.boot, monotonic = excluded.monotonic,
                wall = excluded.wall, has_resigned = 0
            RETURNING id
            """,
            [
                owner.id, owner.host, owner.process, moment.boot, moment.monotonic.nanoseconds,
                moment.wall.microseconds,
            ])
        guard let id else { throw LedgerError(.failed, message: "the ledger did not take the lease of \(owner.id)") }
        return id
    }

    // MARK: What several requests need

    mutating func registered(_ name: String) throws -> KnownJobs.Job {
        guard let job = try known.find(name, in: db) else {
            throw LedgerError(.failed, message: "the ledger does not know the job \(name): it was not registered")
        }
        return job
    }

    func standing(_ job: KnownJobs.Job, _ name: String) throws -> ScheduleStanding {
        let row = try db.row(
            "SELECT w.accounted_up_to, j.is_suspended FROM job j JOIN watermark w ON w.job = j.id WHERE j.id = ?",
            [job.id])
        guard let row else { throw LedgerError(.corrupt, message: "the ledger has lost the standing of \(name)") }
        return ScheduleStanding(job: name, accountedUpTo: Timestamp(microseconds: row[0]), wasSuspended: row[1])
    }

    /// Moves a job's watermark; false if it is not where it was supposed to be.
    func advance(_ job: KnownJobs.Job, from: Timestamp, to: Timestamp) throws -> Bool {
        try db.change(
            "UPDATE watermark SET accounted_up_to = ? WHERE job = ? AND accounted_up_to = ?",
            [to.microseconds, job.id, from.microseconds]) == 1
    }

    /// A going run of the job.
    mutating func run(of job: KnownJobs.Job, _ name: String) throws -> Blocker? {
        try live(
            db.rows(
                """
                SELECT ?, nominal_time, run_id, owner FROM occurrence INDEXED BY occurrence_open
                WHERE job = ? AND state = 'claimed' AND started_at IS NOT NULL ORDER BY nominal_time
                """, [name, job.id]), mutex: nil)
    }

    /// The first whose owner is alive: a dead one's runs stand in nobody's way.
    mutating func live(_ rows: [Row], mutex: String?) throws -> Blocker? {
        for row in rows {
            let id: Int64 = row[3]
            guard try entries.isLive(id) else { continue }
            return Blocker(
                occurrence: OccurrenceID(job: row[0], nominalTime: Timestamp(microseconds: row[1])), runID: row[2],
                isOwn: id == owner, mutex: mutex)
        }
        return nil
    }

    func insert(_ span: OccurrenceSpan, of job: Int64, file: Int64?, state: String, detail: String?) throws {
        try db.change(
            """
            INSERT INTO occurrence (job, nominal_time, last_nominal_time, count, state, detail, file)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [job, span.first.microseconds, span.last.microseconds, span.count, state, detail, file])
    }

    func insert(_ claim: LedgerClaim, of job: KnownJobs.Job, begins: Bool) throws {
        let time = claim.occurrence.nominalTime.microseconds
        try db.change(
            """
            INSERT INTO occurrence (job, nominal_time, last_nominal_time, count, state, triggered_by, run_id,
                started_at, lateness, results, file, owner, is_exclusive)
            VALUES (?, ?, ?, 1, 'claimed', ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                job.id, time, time, claim.trigger.rawValue, claim.runID,
                begins ? claim.startedAt.microseconds : nil, begins ? claim.lateness.wholeMicroseconds : nil,
                claim.results, job.file, owner, claim.isExclusive,
            ])
        if begins, !claim.mutexes.isEmpty { try take(claim.mutexes, for: db.lastInsertedRowID) }
    }
}
