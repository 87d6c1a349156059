internal import JobModel
internal import Results
internal import Status

/// A scheduler's state in a few lines, for SIGUSR1.
enum ScheduleSnapshotText {
    static func lines(_ snapshot: StatusSnapshot, at now: Timestamp) -> [String] {
        let jobs = snapshot.jobs
        let occurrences = jobs.map(\.occurrences)
        func sum(_ part: (OccurrenceTally) -> Int) -> Int { occurrences.reduce(0) { $0 + part($1) } }
        var lines = [
            "\(DisplayText.count(jobs.count, "job", "jobs")); since \(snapshot.startedAt.rfc3339(fractionDigits: 0)): "
                + "\(sum { $0.ran }) ran (\(sum { $0[.ran(.failed)] }) failed, \(sum { $0[.ran(.crashed)] }) crashed), "
                + "\(sum { $0.skipped }) skipped, \(sum { $0.missed }) missed"
        ]
        for job in jobs {
            for run in job.going {
                let id = OccurrenceID(job: job.name, nominalTime: run.nominalTime)
                let done =
                    "\(DisplayText.count(run.counts.finished, "row", "rows")) done, "
                    + "\(run.counts.failed + run.counts.unknown) failed, \(run.inFlight) in flight"
                lines.append("  going: \(id), for \(DisplayText.duration(now - run.startedAt)): \(done)")
            }
            if job.waiting > 0 { lines.append("  waiting: \(job.name), \(job.waiting)") }
        }
        let next = jobs.compactMap { job in job.nextFire.map { (time: $0, name: job.name) } }.min { $0.time < $1.time }
        if let next { lines.append("  next: \(next.name) at \(next.time.shortestRFC3339)") }
        for account in snapshot.accounts {
            let left = account.tokenLeft.map { ", token for another \(DisplayText.duration($0))" } ?? ""
            let problem = account.problem.map { ", \($0)" } ?? ""
            lines.append("  account \(account.id): \(account.inFlight) in flight\(left)\(problem)")
        }
        return lines
    }
}
