internal import GRDB
internal import JobModel

extension LedgerTransaction {
    /// Neither overlap nor mutexes are asked: it is run by hand. While it goes, it stands in the way of others.
    mutating func backfill(_ claim: LedgerClaim, previous: Timestamp?, next: Timestamp?) throws -> LedgerAnswer {
        let (name, time) = (claim.occurrence.job, claim.occurrence.nominalTime)
        let job = try registered(name)
        let standing = try standing(job, name)
        // What is not accounted for yet is a scheduler's to decide: a row here would be in the way of its spans.
        guard time <= standing.accountedUpTo else { return .outdated(standing) }
        let row = try db.row(
            """
            SELECT id, nominal_time, last_nominal_time, count, state, detail, file, run_id, owner, started_at
            FROM occurrence WHERE job = ? AND nominal_time <= ? ORDER BY nominal_time DESC LIMIT 1
            """, [job.id, time.microseconds])
        if let row, (row[2] as Int64) >= time.microseconds {
            if let answer = try going(row, claim) { return answer }
            try db.change("DELETE FROM occurrence WHERE id = ?", [row[0] as Int64])
            let span = OccurrenceSpan(
                first: Timestamp(microseconds: row[1]), last: Timestamp(microseconds: row[2]), count: row[3])
            for part in span.split(at: time, previous: previous, next: next, earlier: claim.earlier) {
                try insert(part, of: job.id, file: row[6], state: row[4], detail: row[5])
            }
        }
        try insert(claim, of: job, begins: true)
        return .started
    }

    /// The answer if the occurrence has an open claim whose owner is alive.
    private mutating func going(_ row: Row, _ claim: LedgerClaim) throws -> LedgerAnswer? {
        guard row[4] == "claimed", let id = row[8] as Int64?, try entries.isLive(id) else { return nil }
        let runID = row[7] as String? ?? ""
        // Asked once more, since it was not known whether the first time had come to disk.
        if id == owner, runID == claim.runID, (row[9] as Int64?) != nil { return .started }
        return .held(by: Blocker(occurrence: claim.occurrence, runID: runID, isOwn: id == owner))
    }
}

extension OccurrenceSpan {
    /// What remains of a row of several occurrences when one of them gets a row of its own: none, one or two spans.
    ///
    /// - Parameters:
    ///   - previous, next: the schedule's neighbours of `time`.
    ///   - earlier: those before `time`. If it does not begin where the row begins, the rest is shared out as a
    ///     schedule of even steps would have it.
    func split(
        at time: Timestamp, previous: Timestamp?, next: Timestamp?, earlier: OccurrenceSpan?
    ) -> [OccurrenceSpan] {
        // The schedule may have changed since: a neighbour outside the row says nothing.
        let (justBefore, justAfter) = (time - .microseconds(1), time + .microseconds(1))
        let before = first < time ? (first, max(first, min(previous ?? first, justBefore))) : nil
        let after = time < last ? (min(last, max(next ?? last, justAfter)), last) : nil
        guard let before else { return after.map { [Self.part($0, of: count - 1)] } ?? [] }
        guard let after else { return [Self.part(before, of: count - 1)] }
        let rest = max(count - 1, 2)
        let number: Int
        if before.0 == before.1 {
            number = 1
        } else if after.0 == after.1 {
            number = rest - 1
        } else if let earlier, earlier.first == first {
            number = earlier.count
        } else {
            let (left, right) = ((before.1 - before.0).milliseconds, (after.1 - after.0).milliseconds)
            number = 1 + Int((Double(rest - 2) * left / (left + right)).rounded())
        }
        let share = min(max(number, 1), rest - 1)
        return [Self.part(before, of: share), Self.part(after, of: rest - share)]
    }

    /// A single occurrence counts once, several at least twice.
    private static func part(_ ends: (Timestamp, Timestamp), of count: Int) -> OccurrenceSpan {
        OccurrenceSpan(
            first: ends.0, last: ends.1, count: ends.0 == ends.1 ? 1 : max(count, 2))
    }
}
