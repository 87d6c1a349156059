internal import GRDB
internal import JobModel

/// Answers a ``LedgerQuery``.
struct EntryQuery {
    private let query: LedgerQuery
    /// Rows count whose last nominal time is not before.
    private let from: Int64
    /// Rows count whose first nominal time is not after.
    private let through: Int64
    private let limit: Int

    init(_ query: LedgerQuery) {
        self.query = query
        let time = query.nominalTime?.microseconds
        from = max(query.from?.microseconds ?? .min, time ?? .min)
        let to = query.to?.microseconds ?? .max
        through = min(to == .max ? .max : to == .min ? .min : to - 1, time ?? .max)
        limit = query.limit.map { max($0, 0) } ?? -1
    }

    func entries(_ db: Database, at moment: LedgerMoment) throws -> [LedgerEntry] {
        var reader = EntryReader(db, at: moment)
        guard let rows = try rows(db) else { return [] }
        var entries: [LedgerEntry] = []
        while let row = try rows.next() { entries.append(try reader.entry(row)) }
        return entries
    }

    /// Where to begin to look is asked first: a row of several occurrences may begin long before `from`.
    private func rows(_ db: Database) throws -> RowCursor? {
        guard let job = query.job else {
            let span = try db.number(
                """
                SELECT min(nominal_time) FROM occurrence INDEXED BY occurrence_span
                WHERE count > 1 AND last_nominal_time >= ?
                """, [from])
            return try Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        SELECT \(EntryReader.columns)
                        FROM occurrence o INDEXED BY occurrence_time CROSS JOIN job j ON j.id = o.job
                        WHERE o.nominal_time >= ? AND o.nominal_time <= ? AND o.last_nominal_time >= ?
                        ORDER BY o.nominal_time DESC, j.name LIMIT ?
                        """), arguments: [min(from, span ?? from), through, from, limit])
        }
        guard let id = try db.number("SELECT id FROM job WHERE name = ?", [job]) else { return nil }
        let first = try db.number(
            "SELECT max(nominal_time) FROM occurrence WHERE job = ? AND nominal_time <= ?", [id, from])
        return try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT \(EntryReader.columns) FROM occurrence o INDEXED BY occurrence_job
                    WHERE o.job = ? AND o.nominal_time >= ? AND o.nominal_time <= ? AND o.last_nominal_time >= ?
                    ORDER BY o.nominal_time DESC LIMIT ?
                    """), arguments: [id, first ?? from, through, from, limit])
    }
}
