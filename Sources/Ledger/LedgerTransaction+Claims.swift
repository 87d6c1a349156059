internal import GRDB
internal import JobModel

extension LedgerTransaction {
    mutating func claim(_ claim: LedgerClaim, after: Timestamp) throws -> LedgerAnswer {
        let (name, time) = (claim.occurrence.job, claim.occurrence.nominalTime)
        let job = try registered(name)
        guard time > after else { throw Self.outOfOrder(claim.occurrence, after) }
        guard try advance(job, from: after, to: time) else {
            if let answer = try answered(claim, of: job) { return answer }
            return .outdated(try standing(job, name))
        }
        var blocker: Blocker?
        if !claim.waits {
            if claim.isExclusive, let run = try run(of: job, name) {
                if claim.ifBlocked == .skip {
                    try join(OccurrenceSpan(time), of: job, as: .skipped(.overlap), after: after)
                    return .skipped(by: run)
                }
                blocker = run
            }
            if blocker == nil { blocker = try holder(of: claim.mutexes) }
        }
        let begins = !claim.waits && blocker == nil
        try insert(claim, of: job, begins: begins)
        return begins ? .started : .held(by: blocker)
    }

    mutating func passOver(
        _ name: String, _ span: OccurrenceSpan, as cause: PassedOver, after: Timestamp
    ) throws -> LedgerAnswer {
        let job = try registered(name)
        guard span.first > after else {
            throw Self.outOfOrder(OccurrenceID(job: name, nominalTime: span.first), after)
        }
        guard span.last >= span.first, span.count >= 1, span.count > 1 || span.last == span.first else {
            throw LedgerError(
                .failed,
                message: "\(name): no span of occurrences: \(span.count) from \(span.first.shortestRFC3339) to "
                    + span.last.shortestRFC3339)
        }
        guard try advance(job, from: after, to: span.last) else { return .outdated(try standing(job, name)) }
        try join(span, of: job, as: cause, after: after)
        return .done
    }

    mutating func begin(_ claim: LedgerClaim) throws -> LedgerAnswer {
        let job = try registered(claim.occurrence.job)
        guard let (id, hasBegun) = try ownClaim(claim, of: job) else { return .lost }
        if hasBegun { return .started }
        if claim.isExclusive, let run = try run(of: job, claim.occurrence.job) { return .held(by: run) }
        if let holder = try holder(of: claim.mutexes) { return .held(by: holder) }
        try db.change(
            """
            UPDATE occurrence SET triggered_by = ?, run_id = ?, started_at = ?, lateness = ?, results = ?,
                is_exclusive = ?, is_stop_requested = 0 WHERE id = ?
            """,
            [
                claim.trigger.rawValue, claim.runID, claim.startedAt.microseconds, claim.lateness.wholeMicroseconds,
                claim.results, claim.isExclusive, id,
            ])
        try take(claim.mutexes, for: id)
        return .started
    }

    mutating func giveUp(_ occurrence: OccurrenceID, as cause: PassedOver) throws -> LedgerAnswer {
        let job = try registered(occurrence.job)
        let (state, detail) = cause.columns
        let changed = try db.change(
            """
            UPDATE occurrence SET state = ?, detail = ?, triggered_by = NULL, run_id = NULL, results = NULL,
                owner = NULL, is_exclusive = NULL
            WHERE job = ? AND nominal_time = ? AND state = 'claimed' AND owner = ? AND started_at IS NULL
            """, [state, detail, job.id, occurrence.nominalTime.microseconds, owner])
        return changed == 1 ? .done : .lost
    }

    mutating func finish(
        _ occurrence: OccurrenceID, runID: String, _ result: OccurrenceResult, at time: Timestamp,
        startedAt: Timestamp?, _ message: String?
    ) throws -> LedgerAnswer {
        let job = try registered(occurrence.job)
        let key: StatementArguments = [job.id, occurrence.nominalTime.microseconds, owner, runID]
        let changed = try db.change(
            """
            UPDATE occurrence SET state = 'ran', detail = ?, finished_at = ?, message = ?,
                lateness = lateness + ifnull(? - started_at, 0), started_at = ifnull(?, started_at)
            WHERE job = ? AND nominal_time = ? AND owner = ? AND run_id = ? AND state = 'claimed'
                AND started_at IS NOT NULL
            """, [result.rawValue, time.microseconds, message, startedAt?.microseconds, startedAt?.microseconds] + key)
        if changed == 1 { return .done }
        // Asked once more, since it was not known whether the first time had come to disk.
        let before = try db.row(
            """
            SELECT 1 FROM occurrence WHERE job = ? AND nominal_time = ? AND owner = ? AND run_id = ?
                AND state = 'ran' AND detail = ? AND finished_at = ?
            """, key + [result.rawValue, time.microseconds])
        return before == nil ? .lost : .done
    }

    mutating func release(_ occurrence: OccurrenceID, runID: String) throws -> LedgerAnswer {
        let job = try registered(occurrence.job)
        let row = try db.row(
            """
            SELECT id, started_at, run_id FROM occurrence
            WHERE job = ? AND nominal_time = ? AND owner = ? AND state = 'claimed'
            """, [job.id, occurrence.nominalTime.microseconds, owner])
        guard let row else { return .lost }
        let (id, hasBegun, known) = (row[0] as Int64, (row[1] as Int64?) != nil, row[2] as String?)
        // Asked once more, since it was not known whether the first time had come to disk.
        if !hasBegun, known == nil { return .done }
        guard hasBegun, known == runID else { return .lost }
        // Another run begins it: under an id of its own, since this one's may be in a result file.
        try db.change(
            """
            UPDATE occurrence SET run_id = NULL, started_at = NULL, lateness = NULL, results = NULL,
                is_stop_requested = 0 WHERE id = ?
            """, [id])
        try db.change("DELETE FROM mutex WHERE occurrence = ?", [id])
        return .done
    }

    mutating func askToStop(_ occurrence: OccurrenceID) throws -> LedgerAnswer {
        let job = try registered(occurrence.job)
        try db.change(
            """
            UPDATE occurrence SET is_stop_requested = 1
            WHERE job = ? AND nominal_time = ? AND state = 'claimed' AND started_at IS NOT NULL
            """, [job.id, occurrence.nominalTime.microseconds])
        return .done
    }

    /// The answer to a claim that was granted before: asked once more, since it was not known whether it had come to
    /// disk.
    private func answered(_ claim: LedgerClaim, of job: KnownJobs.Job) throws -> LedgerAnswer? {
        guard let (_, hasBegun) = try ownClaim(claim, of: job, runID: claim.runID) else { return nil }
        return hasBegun ? .started : .held(by: nil)
    }

    /// This owner's open claim of the occurrence, with this run if it has begun.
    private func ownClaim(
        _ claim: LedgerClaim, of job: KnownJobs.Job, runID: String? = nil
    ) throws -> (id: Int64, hasBegun: Bool)? {
        let row = try db.row(
            """
            SELECT id, started_at, run_id FROM occurrence
            WHERE job = ? AND nominal_time = ? AND state = 'claimed' AND owner = ?
            """, [job.id, claim.occurrence.nominalTime.microseconds, owner])
        guard let row else { return nil }
        let hasBegun = (row[1] as Int64?) != nil
        if hasBegun || runID != nil, row[2] != claim.runID { return nil }
        return (row[0], hasBegun)
    }

    /// Enters occurrences that do not run: as part of the job's last row if that ends where these begin, and has the
    /// same cause.
    private func join(
        _ span: OccurrenceSpan, of job: KnownJobs.Job, as cause: PassedOver, after: Timestamp
    ) throws {
        let (state, detail) = cause.columns
        let last = try db.row(
            """
            SELECT id, last_nominal_time, state, detail FROM occurrence
            WHERE job = ? ORDER BY nominal_time DESC LIMIT 1
            """, [job.id])
        if let last, last[1] == after.microseconds, last[2] == state, last[3] == detail {
            try db.change(
                "UPDATE occurrence SET last_nominal_time = ?, count = count + ? WHERE id = ?",
                [span.last.microseconds, span.count, last[0] as Int64])
        } else {
            try insert(span, of: job.id, file: job.file, state: state, detail: detail)
        }
    }

    private static func outOfOrder(_ occurrence: OccurrenceID, _ after: Timestamp) -> LedgerError {
        LedgerError(.failed, message: "\(occurrence) is not after \(after.shortestRFC3339)")
    }
}
