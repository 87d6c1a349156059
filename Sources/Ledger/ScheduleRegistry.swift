internal import GRDB
internal import JobModel

/// Makes schedules known, in one transaction.
struct ScheduleRegistry {
    /// A job as the ledger has it.
    private struct Job {
        var id: Int64
        var fingerprint: String
        var isSuspended: Bool
        var file: Int64?
        var accountedUpTo: Timestamp
    }

    let db: Database
    let moment: LedgerMoment
    var known: KnownJobs
    /// All of them: one query for each of many thousands would take several times as long.
    private let jobs: [String: Job]
    private var files: [String: Int64] = [:]

    init(_ db: Database, known: KnownJobs, at moment: LedgerMoment) throws {
        self.db = db
        self.known = known
        self.moment = moment
        var jobs: [String: Job] = [:]
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT j.name, j.id, j.fingerprint, j.is_suspended, j.file, w.accounted_up_to
                    FROM job j JOIN watermark w ON w.job = j.id
                    """))
        while let row = try rows.next() {
            jobs[row[0]] = Job(
                id: row[1], fingerprint: row[2], isSuspended: row[3], file: row[4],
                accountedUpTo: Timestamp(microseconds: row[5]))
        }
        self.jobs = jobs
    }

    mutating func register(_ schedule: ScheduleRegistration) throws -> ScheduleStanding {
        let file = try file(schedule.file)
        guard let job = jobs[schedule.job] else { return try insert(schedule, file: file) }
        var standing = ScheduleStanding(
            job: schedule.job, accountedUpTo: job.accountedUpTo, wasSuspended: job.isSuspended)
        known[schedule.job] = KnownJobs.Job(id: job.id, file: file)
        if job.fingerprint != schedule.fingerprint {
            // Never back: what a clock that was ahead accounted for keeps its rows.
            standing.accountedUpTo = max(standing.accountedUpTo, moment.wall)
            try db.change(
                "UPDATE watermark SET accounted_up_to = ? WHERE job = ?", [standing.accountedUpTo.microseconds, job.id])
        } else if standing.wasSuspended == schedule.isSuspended, job.file == file {
            return standing
        }
        try db.change(
            "UPDATE job SET fingerprint = ?, is_suspended = ?, file = ? WHERE id = ?",
            [schedule.fingerprint, schedule.isSuspended, file, job.id])
        return standing
    }

    private mutating func insert(_ schedule: ScheduleRegistration, file: Int64) throws -> ScheduleStanding {
        try db.change(
            "INSERT INTO job (name, fingerprint, is_suspended, file) VALUES (?, ?, ?, ?)",
            [schedule.job, schedule.fingerprint, schedule.isSuspended, file])
        let id = db.lastInsertedRowID
        try db.change(
            "INSERT INTO watermark (job, accounted_up_to) VALUES (?, ?)", [id, schedule.beginning.microseconds])
        known[schedule.job] = KnownJobs.Job(id: id, file: file)
        return ScheduleStanding(job: schedule.job, accountedUpTo: schedule.beginning)
    }

    private mutating func file(_ path: String) throws -> Int64 {
        if let known = files[path] { return known }
        let id: Int64
        if let found = try db.number("SELECT id FROM file WHERE path = ?", [path]) {
            id = found
        } else {
            try db.change("INSERT INTO file (path) VALUES (?)", [path])
            id = db.lastInsertedRowID
        }
        files[path] = id
        return id
    }
}
