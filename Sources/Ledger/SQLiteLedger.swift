internal import GRDB
package import JobModel
internal import Synchronization

/// The ledger as an SQLite database, `ledger.sqlite` in a state directory, for any number of processes of one machine.
///
/// One connection, used by one thread at a time. What a call has changed is on disk when it returns: the write-ahead log is
/// synced with every commit (`synchronous=FULL`). A call waits at most 10 s for other processes. Requests that were
/// carried out may be repeated after an error that leaves this open: they are answered as before.
package final class SQLiteLedger: OccurrenceLedger {
    let connection: DatabaseQueue
    private let file: LedgerFile
    private let known = Mutex(KnownJobs())

    init(connection: DatabaseQueue, file: LedgerFile) {
        self.connection = connection
        self.file = file
    }

    deinit {
        // The last connection to close deletes the write-ahead log by its name, which may be another database's now.
        if !file.isInPlace { _ = Unmanaged.passRetained(connection) }
    }

    package func register(
        _ schedules: [ScheduleRegistration], at moment: LedgerMoment
    ) throws(LedgerError) -> [ScheduleStanding] {
        try write { db, known in
            var registry = try ScheduleRegistry(db, known: known, at: moment)
            known = KnownJobs()
            let standings = try schedules.map { try registry.register($0) }
            known = registry.known
            return standings
        }
    }

    package func apply(
        _ requests: [LedgerRequest], by owner: LedgerOwner, at moment: LedgerMoment
    ) throws(LedgerError) -> [LedgerAnswer] {
        try write(by: owner, at: moment) { transaction in
            try requests.map { try transaction.carryOut($0) }
        }
    }

    /// A run that shall be stopped is named with each renewal until it has ended.
    package func renew(_ owner: LedgerOwner, at moment: LedgerMoment) throws(LedgerError) -> [OccurrenceID] {
        try write(by: owner, at: moment) { try $0.runsToStop() }
    }

    /// A run that is to be resumed while another stands in its way is left for a later call; so are crashes of other
    /// jobs, for an owner that schedules them. The owner's lease is renewed if it gets something.
    package func reap(
        for jobs: [String: CrashPolicy], by owner: LedgerOwner, at moment: LedgerMoment
    ) throws(LedgerError) -> [ReapedClaim] {
        // Nearly always there is nothing, and reading costs no sync.
        guard try read({ try !EndedClaim.all(of: jobs, in: $0, besides: owner, at: moment).isEmpty }) else { return [] }
        return try write(by: owner, at: moment) { transaction in
            let ended = try EndedClaim.all(of: jobs, in: transaction.db, besides: owner, at: moment)
            return try transaction.reap(ended)
        }
    }

    package func resign(_ owner: LedgerOwner, at moment: LedgerMoment) throws(LedgerError) {
        try write { db, _ in
            _ = try db.change(
                "UPDATE owner SET has_resigned = 1, wall = ? WHERE uuid = ?", [moment.wall.microseconds, owner.id])
        }
    }

    package func entries(_ query: LedgerQuery, at moment: LedgerMoment) throws(LedgerError) -> [LedgerEntry] {
        try read { try EntryQuery(query).entries($0, at: moment) }
    }

    package func latestOutcomes(at moment: LedgerMoment) throws(LedgerError) -> [LatestOutcome] {
        try read { db in
            var reader = EntryReader(db, at: moment)
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT \(EntryReader.columns),
                        (SELECT s.finished_at FROM occurrence s INDEXED BY occurrence_job
                            WHERE s.job = j.id AND s.state = 'ran' AND s.detail = 'succeeded'
                            ORDER BY s.nominal_time DESC LIMIT 1) AS last_success
                    FROM job j CROSS JOIN occurrence o ON o.id =
                        (SELECT e.id FROM occurrence e INDEXED BY occurrence_job
                            WHERE e.job = j.id AND e.state <> 'claimed' ORDER BY e.nominal_time DESC LIMIT 1)
                    ORDER BY j.name
                    """)
            var outcomes: [LatestOutcome] = []
            while let row = try rows.next() {
                let success: Int64? = row["last_success"]
                outcomes.append(
                    LatestOutcome(
                        entry: try reader.entry(row), lastSuccess: success.map(Timestamp.init(microseconds:))))
            }
            return outcomes
        }
    }

    /// In parts, so that claims need not wait for all of it: if it fails, what it took until then is gone.
    package func forget(before time: Timestamp, at moment: LedgerMoment) throws(LedgerError) -> Int {
        if try read({ try !EndedClaim.abandoned(in: $0, at: moment).isEmpty }) {
            try write { db, _ in
                for claim in try EndedClaim.abandoned(in: db, at: moment) { try claim.close(in: db) }
            }
        }
        var total = 0
        while true {
            let taken = try write { db, _ in
                try db.change(
                    """
                    DELETE FROM occurrence WHERE id IN (
                        SELECT id FROM occurrence INDEXED BY occurrence_time
                        WHERE nominal_time < ? AND last_nominal_time < ? AND state <> 'claimed' LIMIT 5000)
                    """, [time.microseconds, time.microseconds])
            }
            total += taken
            if taken < 5000 { break }
        }
        try write { db, _ in
            _ = try db.change(
                """
                DELETE FROM owner WHERE wall < ? AND id NOT IN (
                    SELECT owner FROM occurrence INDEXED BY occurrence_open WHERE state = 'claimed')
                """, [time.microseconds])
        }
        return total
    }

    private func write<Answer>(
        by owner: LedgerOwner, at moment: LedgerMoment, _ body: (inout LedgerTransaction) throws -> Answer
    ) throws(LedgerError) -> Answer {
        try write { db, known in
            var transaction = try LedgerTransaction(db, known: known, by: owner, at: moment)
            known = KnownJobs()
            let answer = try body(&transaction)
            known = transaction.known
            return answer
        }
    }

    private func write<Answer>(
        _ body: (Database, inout KnownJobs) throws -> Answer
    ) throws(LedgerError) -> Answer {
        // Taken out, not copied; forgotten after an error, since the rows may have gone with the transaction.
        var jobs = known.withLock { known in
            let jobs = known
            known = KnownJobs()
            return jobs
        }
        let answer: Answer
        do {
            answer = try connection.inDatabase { db in
                try db.beginTransaction(.immediate)
                do {
                    try file.check()
                    let answer = try body(db, &jobs)
                    try db.commit()
                    return answer
                } catch {
                    // SQLite has ended the transaction by itself after some errors.
                    try? db.rollback()
                    throw error
                }
            }
        } catch {
            throw LedgerError(error, at: file.path)
        }
        known.withLock { $0 = jobs }
        return answer
    }

    private func read<Answer>(_ body: (Database) throws -> Answer) throws(LedgerError) -> Answer {
        do {
            return try connection.inDatabase { db in
                try db.beginTransaction(.deferred)
                defer { try? db.rollback() }
                return try body(db)
            }
        } catch {
            throw LedgerError(error, at: file.path)
        }
    }
}
