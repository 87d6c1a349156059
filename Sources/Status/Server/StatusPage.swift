import JobModel

/// The page for people: no scripts, nothing from elsewhere.
struct StatusPage {
    /// Of more jobs the first of these are shown: those that something is up with, then those that fire next.
    static let jobLimit = 500

    private var html = HTMLText()
    private let now: Timestamp

    static func bytes(of snapshot: StatusSnapshot, health: Health, now: Timestamp) -> [UInt8] {
        var page = StatusPage(now: now)
        page.writeHead(snapshot, health)
        page.writeJobs(snapshot)
        page.writeRuns(snapshot)
        page.writeAccounts(snapshot)
        page.html.markup("</body></html>\n")
        return page.html.bytes
    }

    private init(now: Timestamp) {
        self.now = now
    }

    private mutating func writeHead(_ snapshot: StatusSnapshot, _ health: Health) {
        html.markup(
            """
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="15">\
            <meta name="viewport" content="width=device-width"><title>fnrun</title><style>\
            body{font:14px/1.5 system-ui,sans-serif;margin:2em;color:#222;background:#fff}\
            table{border-collapse:collapse;margin:.5em 0 2em}th,td{text-align:left;padding:.2em .8em;\
            border-bottom:1px solid #ddd;white-space:nowrap}td.n{text-align:right}.bad{color:#b00020;font-weight:600}\
            .good{color:#1b6e2c}.dim{color:#777}h1{font-size:1.4em}h2{font-size:1.1em}</style></head><body><h1>fnrun \

            """)
        html.text(snapshot.version)
        html.markup("</h1><p>")
        html.markup(health == .good ? "<span class=\"good\">" : "<span class=\"bad\">")
        html.text(health.reason ?? snapshot.phase.rawValue)
        html.markup("</span> · up ")
        html.text(Self.rough(now - snapshot.startedAt))
        html.markup(" · ")
        html.text(now.rfc3339(fractionDigits: 0))
        html.markup("</p>")
        if let reload = snapshot.reload, let problem = reload.problem {
            html.markup("<p class=\"bad\">The reload at ")
            html.text(reload.at.rfc3339(fractionDigits: 0))
            html.markup(" failed, the plan before it is in force: ")
            html.text(problem)
            html.markup("</p>")
        }
        html.markup("<p>")
        html.text(
            "\(snapshot.attempts) attempts, \(snapshot.attemptsInFlight) in flight, \(snapshot.retries) retries, "
                + "\(snapshot.retriesWaiting) waiting for another attempt")
        html.markup("</p>")
    }

    private mutating func writeJobs(_ snapshot: StatusSnapshot) {
        html.markup("<h2>Jobs</h2>")
        let jobs = Self.selection(of: snapshot.jobs)
        if jobs.count < snapshot.jobs.count {
            html.markup("<p class=\"dim\">")
            html.text("\(jobs.count) of \(snapshot.jobs.count) jobs; all are in /status.json")
            html.markup("</p>")
        }
        html.markup(
            """
            <table><thead><tr><th>Job<th>Schedule<th>Next<th>Last<th>Going<th>Waiting<th>Ran<th>Skipped<th>Missed\
            <th>Invocations ok<th>Failed</tr></thead><tbody>
            """)
        for job in jobs { write(job) }
        html.markup("</tbody></table>")
    }

    private mutating func write(_ job: JobStatus) {
        html.markup("<tr>")
        html.cell(job.name, title: [job.description, job.file].compactMap(\.self).joined(separator: " – "))
        html.cell(job.schedule)
        if job.isSuspended {
            html.cell("suspended", style: "dim")
        } else if let next = job.nextFire {
            html.cell(Self.relative(next, to: now), title: next.shortestRFC3339)
        } else {
            html.cell("never", style: "dim")
        }
        if let last = job.last {
            let words = OccurrenceWords(last.state)
            let reason = words.reason.map { " (\($0))" } ?? ""
            html.cell(
                "\(words.result ?? words.state)\(reason) \(Self.relative(last.lastNominalTime, to: now))",
                title: last.lastNominalTime.shortestRFC3339, style: Self.isBad(last.state) ? "bad" : nil)
        } else {
            html.cell("–", style: "dim")
        }
        for number in [
            job.going.count, job.waiting, job.occurrences.ran, job.occurrences.skipped, job.occurrences.missed,
            job.invocations.count(of: .succeeded),
            job.invocations.count(of: .failed) + job.invocations.count(of: .unknown),
        ] {
            html.cell("\(number)", style: "n")
        }
        html.markup("</tr>")
    }

    private mutating func writeRuns(_ snapshot: StatusSnapshot) {
        let runs = snapshot.jobs.lazy.flatMap { job in job.going.lazy.map { (job.name, $0) } }.prefix(Self.jobLimit)
        guard !runs.isEmpty else { return }
        html.markup(
            """
            <h2>Runs going</h2><table><thead><tr><th>Job<th>Nominal time<th>Started<th>Rows<th>Done<th>Failed\
            <th>In flight<th>Run</tr></thead><tbody>
            """)
        for (job, run) in runs {
            html.markup("<tr>")
            html.cell(job)
            html.cell(run.nominalTime.shortestRFC3339)
            html.cell(Self.relative(run.startedAt, to: now), title: run.startedAt.shortestRFC3339)
            for number in [
                run.counts.rows, run.counts.finished, run.counts.failed + run.counts.unknown, run.inFlight,
            ] {
                html.cell("\(number)", style: "n")
            }
            html.cell(run.runID)
            html.markup("</tr>")
        }
        html.markup("</tbody></table>")
    }

    private mutating func writeAccounts(_ snapshot: StatusSnapshot) {
        html.markup(
            """
            <h2>Accounts</h2><table><thead><tr><th>Account<th>State<th>Token good for<th>Renewals<th>In flight\
            </tr></thead><tbody>
            """)
        for account in snapshot.accounts {
            html.markup("<tr>")
            html.cell(account.id)
            if let problem = account.problem {
                html.cell("\(account.stateName): \(problem)", style: "bad")
            } else {
                html.cell(account.stateName)
            }
            html.cell(account.tokenLeft.map(Self.rough) ?? "–")
            html.cell("\(account.tokenRenewals)", style: "n")
            html.cell("\(account.inFlight)", style: "n")
            html.markup("</tr>")
        }
        html.markup("</tbody></table>")
    }

    /// All jobs in their order; of too many those that something is up with first.
    static func selection(of jobs: [JobStatus]) -> [JobStatus] {
        guard jobs.count > jobLimit else { return jobs }
        func rank(_ job: JobStatus) -> (Int, Timestamp) {
            let isUp = !job.going.isEmpty || job.waiting > 0 || job.last.map { isBad($0.state) } ?? false
            return (isUp ? 0 : 1, job.nextFire ?? Timestamp(microseconds: .max))
        }
        let order = jobs.indices.sorted { rank(jobs[$0]) < rank(jobs[$1]) }
        return order.prefix(jobLimit).map { jobs[$0] }
    }

    private static func isBad(_ state: OccurrenceState) -> Bool {
        switch state {
        case .claimed, .ran(.succeeded), .skipped(.overlap), .skipped(.suspended), .missed(.catchup): false
        case .ran(.failed), .ran(.crashed), .skipped(.credentialsRejected), .missed(.window): true
        }
    }

    /// Such as `in 5m` or `2h3m ago`.
    static func relative(_ time: Timestamp, to now: Timestamp) -> String {
        time > now ? "in \(rough(time - now))" : "\(rough(now - time)) ago"
    }

    /// The two largest units of a duration.
    static func rough(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        let unit: Int64 = seconds >= 86_400 ? 3600 : seconds >= 3600 ? 60 : 1
        return Duration.seconds(seconds / unit * unit).durationText
    }
}
