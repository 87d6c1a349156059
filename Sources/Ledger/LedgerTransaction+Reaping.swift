internal import GRDB
internal import JobModel

/// An open claim whose owner's lease has ended.
struct EndedClaim {
    let row: Int64
    let job: Int64
    let policy: CrashPolicy
}

extension EndedClaim {
    /// The ended claims of jobs.
    ///
    /// - Parameter owner: who asks, and therefore lives.
    static func all(
        of jobs: [String: CrashPolicy], in db: Database, besides owner: LedgerOwner, at moment: LedgerMoment
    ) throws -> [EndedClaim] {
        var reader = EntryReader(db, at: moment)
        let own = try db.number("SELECT id FROM owner WHERE uuid = ?", [owner.id])
        var ended: [EndedClaim] = []
        let open = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT id, job, owner FROM occurrence INDEXED BY occurrence_open WHERE state = 'claimed'"))
        while let row = try open.next() {
            let claimant: Int64 = row[2]
            guard claimant != own, try !reader.isLive(claimant) else { continue }
            guard let policy = jobs[try reader.name(ofJob: row[1])] else { continue }
            ended.append(EndedClaim(row: row[0], job: row[1], policy: policy))
        }
        return ended
    }
}

extension LedgerTransaction {
    /// - Returns: the claims in the order of their nominal times.
    mutating func reap(_ claims: [EndedClaim]) throws -> [ReapedClaim] {
        var reaped: [(time: Timestamp, job: String, claim: ReapedClaim)] = []
        for claim in claims {
            let entry = try entry(claim.row)
            guard let outcome = try reap(claim, entry) else { continue }
            reaped.append((entry.nominalTime, entry.job, outcome))
        }
        reaped.sort { ($0.time, $0.job) < ($1.time, $1.job) }
        return reaped.map(\.claim)
    }

    private mutating func reap(_ claim: EndedClaim, _ entry: LedgerEntry) throws -> ReapedClaim? {
        guard entry.startedAt != nil else {
            try db.change("UPDATE occurrence SET owner = ? WHERE id = ?", [owner, claim.row])
            return .inherited(try self.entry(claim.row))
        }
        // What has killed its process again and again would kill the next one, too.
        switch entry.resumptions < Self.mostResumptions ? claim.policy : .report {
        case .report:
            try db.change(
                "UPDATE occurrence SET state = 'ran', detail = 'crashed', finished_at = ? WHERE id = ?",
                [entry.finishedAt?.microseconds, claim.row])
            return .crashed(entry)
        case .resume:
            // While it was dead it stood in nobody's way. What began then comes first; it is looked at again later.
            if try isBlocked(claim, entry) { return nil }
            try db.change(
                """
                UPDATE occurrence SET owner = ?, resumptions = resumptions + 1, is_stop_requested = 0 WHERE id = ?
                """, [owner, claim.row])
            return .resumed(try self.entry(claim.row))
        }
    }

    private static let mostResumptions = 3

    private mutating func isBlocked(_ claim: EndedClaim, _ entry: LedgerEntry) throws -> Bool {
        let isExclusive = try db.number("SELECT is_exclusive FROM occurrence WHERE id = ?", [claim.row]) == 1
        if isExclusive, try run(of: KnownJobs.Job(id: claim.job), entry.job) != nil { return true }
        let names = try String.fetchAll(
            db.cachedStatement(sql: "SELECT name FROM mutex WHERE occurrence = ?"), arguments: [claim.row])
        return try holder(of: names) != nil
    }

    private mutating func entry(_ row: Int64) throws -> LedgerEntry {
        let found = try db.row("SELECT \(EntryReader.columns) FROM occurrence o WHERE o.id = ?", [row])
        guard let found else { throw LedgerError(.failed, message: "the ledger has lost row \(row)") }
        return try entries.entry(found)
    }
}
