internal import GRDB
internal import JobModel

/// Makes schedules known, in one transaction.
struct ScheduleRegistry {
    let db: Database
    let moment: LedgerMoment
    var known: KnownJobs
    private var files: [String: Int64] = [:]

    init(_ db: Database, known: KnownJobs, at moment: LedgerMoment) {
        self.db = db
        self.known = known
        self.moment = moment
    }

    mutating func register(_ schedule: ScheduleRegistration) throws -> ScheduleStanding {
        let file = try file(schedule.file)
        guard
            let row = try db.row(
                """
                SELECT j.id, j.fingerprint, j.is_suspended, j.file, w.accounted_up_to
                FROM job j JOIN watermark w ON w.job = j.id WHERE j.name = ?
                """, [schedule.job])
        else { return try insert(schedule, file: file) }
        let id: Int64 = row[0]
        let fingerprint: String = row[1]
        var standing = ScheduleStanding(
            job: schedule.job, accountedUpTo: Timestamp(microseconds: row[4]), wasSuspended: row[2])
        known[schedule.job] = KnownJobs.Job(id: id, file: file)
        if fingerprint != schedule.fingerprint {
            // Never back: what a clock that was ahead accounted for keeps its rows.
            standing.accountedUpTo = max(standing.accountedUpTo, moment.wall)
            try db.change(
                "UPDATE watermark SET accounted_up_to = ? WHERE job = ?", [standing.accountedUpTo.microseconds, id])
        } else if standing.wasSuspended == schedule.isSuspended, row[3] == file {
            return standing
        }
        try db.change(
            "UPDATE job SET fingerprint = ?, is_suspended = ?, file = ? WHERE id = ?",
            [schedule.fingerprint, schedule.isSuspended, file, id])
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
