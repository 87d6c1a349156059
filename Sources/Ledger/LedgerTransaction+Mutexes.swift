internal import GRDB
internal import JobModel

extension LedgerTransaction {
    /// A going run that has one of these names.
    mutating func holder(of mutexes: [String]) throws -> Blocker? {
        for name in mutexes {
            let rows = try db.rows(
                """
                SELECT j.name, o.nominal_time, o.run_id, o.owner
                FROM mutex m JOIN occurrence o ON o.id = m.occurrence JOIN job j ON j.id = o.job
                WHERE m.name = ? ORDER BY o.nominal_time
                """, [name])
            if let holder = try live(rows, mutex: name) { return holder }
            let manual = try db.rows(
                "SELECT job, started_at, run_id, owner FROM manual_mutex WHERE name = ? ORDER BY started_at", [name])
            if let holder = try live(manual, mutex: name) { return holder }
        }
        return nil
    }

    /// An occurrence's run begins with its mutexes.
    func take(_ mutexes: [String], for occurrence: Int64) throws {
        for name in mutexes {
            try db.change("INSERT OR IGNORE INTO mutex (occurrence, name) VALUES (?, ?)", [occurrence, name])
        }
    }

    mutating func takeMutexes(_ hold: MutexHold) throws -> LedgerAnswer {
        // What runs left behind whose processes have died goes with the first who wants it.
        try dropMutexes(ofRunsBesides: hold)
        if let holder = try holder(of: hold.mutexes), holder.runID != hold.runID { return .held(by: holder) }
        for name in hold.mutexes {
            try db.change(
                "INSERT OR IGNORE INTO manual_mutex (name, run_id, job, started_at, owner) VALUES (?, ?, ?, ?, ?)",
                [name, hold.runID, hold.job, hold.startedAt.microseconds, owner])
        }
        return .started
    }

    func dropMutexes(of runID: String) throws -> LedgerAnswer {
        try db.change("DELETE FROM manual_mutex WHERE run_id = ?", [runID])
        return .done
    }

    private mutating func dropMutexes(ofRunsBesides hold: MutexHold) throws {
        for name in hold.mutexes {
            let rows = try db.rows(
                "SELECT run_id, owner FROM manual_mutex WHERE name = ? AND run_id <> ?", [name, hold.runID])
            for row in rows where try !entries.isLive(row[1]) { _ = try dropMutexes(of: row[0]) }
        }
    }
}
