internal import GRDB
internal import JobModel

extension EndedClaim {
    /// A claim that nobody has reaped.
    struct Abandoned {
        let row: Int64
        /// The end of its owner's lease, on the wall clock.
        let end: Timestamp
        let hasBegun: Bool

        func close(in db: Database) throws {
            if hasBegun {
                try db.change(
                    "UPDATE occurrence SET state = 'ran', detail = 'crashed', finished_at = ? WHERE id = ?",
                    [end.microseconds, row])
            } else {
                let (state, detail) = PassedOver.missed(.window).columns
                try db.change(
                    "UPDATE occurrence SET state = ?, detail = ?, owner = NULL WHERE id = ?", [state, detail, row])
            }
        }
    }

    /// Claims whose owners have not been heard of for ``LedgerOwner/abandonment``.
    static func abandoned(in db: Database, at moment: LedgerMoment) throws -> [Abandoned] {
        var reader = EntryReader(db, at: moment)
        let latest = moment.wall - LedgerOwner.abandonment
        return try db.rows(
            """
            SELECT o.id, o.owner, w.wall, o.started_at FROM occurrence o INDEXED BY occurrence_open
            JOIN owner w ON w.id = o.owner WHERE o.state = 'claimed' AND w.wall < ?
            """, [latest.microseconds]
        ).compactMap { row in
            // The wall clock may have been set.
            guard try !reader.isLive(row[1]) else { return nil }
            return Abandoned(
                row: row[0], end: Timestamp(microseconds: row[2]) + LedgerOwner.lease,
                hasBegun: (row[3] as Int64?) != nil)
        }
    }
}
