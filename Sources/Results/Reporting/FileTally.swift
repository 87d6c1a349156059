import JobModel

/// The records of one result file, counted.
struct FileTally {
    private struct Run {
        var id: String
        var group: Int
        var startedAt: Timestamp?
        /// Of the summary.
        var isComplete: Bool?
        var duration: Int64?
        /// The JSON of the last invocation's `startedAt`, and its `durationMs`: they end a run without a summary.
        var lastStart: [UInt8] = []
        var lastDuration: Int64 = 0
    }

    /// Runs that share their rows.
    private struct Group {
        var job: Int
        var isOccurrence: Bool
        var nominalTime: String?
        var rows = RowLedger()
    }

    private var runs: [Run] = []
    private var runOfID: [String: Int] = [:]
    private var groups: [Group] = []
    private var jobs: [(name: String, totals: ReportTotals)] = []
    private var jobOfName: [String: Int] = [:]
    /// The run of the last record: most records follow one of their own run.
    private var current = (id: [UInt8](), run: 0)

    mutating func add(_ record: borrowing RecordScanner) {
        switch record.kind {
        case .run: begin(record)
        case .invocation: count(record)
        case .summary:
            let run = run(of: record)
            runs[run].isComplete = record.boolean(.complete)
            runs[run].duration = record.microseconds(.durationMs)
        case .window, .carried, .other: break
        }
    }

    // MARK: - Runs

    private mutating func begin(_ record: borrowing RecordScanner) {
        let run = run(of: record)
        runs[run].startedAt = record.text(.startedAt).flatMap { Timestamp(rfc3339: $0) }
    }

    /// The run that a record names. One whose `run` record is missing (a file that was cut at its head) is made up.
    private mutating func run(of record: borrowing RecordScanner) -> Int {
        let id = record.json(.runID)
        if !runs.isEmpty, id.elementsEqual(current.id) { return current.run }
        current.id = Array(id)
        let text = record.text(.runID) ?? ""
        if let known = runOfID[text] {
            current.run = known
        } else {
            runs.append(Run(id: text, group: group(for: record)))
            current.run = runs.count - 1
            runOfID[text] = current.run
            jobs[groups[runs[current.run].group].job].totals.runs += 1
        }
        return current.run
    }

    private mutating func group(for record: borrowing RecordScanner) -> Int {
        let job = job(named: record.text(.job) ?? "")
        let trigger = record.text(.trigger).flatMap(Trigger.init(rawValue:))
        let isOccurrence = trigger == .schedule || trigger == .tick || trigger == .backfill
        let nominalTime = record.text(.nominalTime)
        let found = groups.lastIndex { group in
            guard group.job == job else { return false }
            // A run by hand goes on with the occurrence of its nominal time, if there is one.
            if nominalTime != nil && group.nominalTime == nominalTime { return true }
            return !isOccurrence && !group.isOccurrence
        }
        if let found { return found }
        groups.append(Group(job: job, isOccurrence: isOccurrence, nominalTime: nominalTime))
        return groups.count - 1
    }

    private mutating func job(named name: String) -> Int {
        if let known = jobOfName[name] { return known }
        jobs.append((name, ReportTotals()))
        jobOfName[name] = jobs.count - 1
        return jobs.count - 1
    }

    // MARK: - Invocations

    private mutating func count(_ record: borrowing RecordScanner) {
        guard let index = record.integer(.index), let outcome = record.outcome else { return }
        let run = run(of: record)
        let group = runs[run].group
        let job = groups[group].job
        let error = outcome == .succeeded ? nil : record.error
        groups[group].rows.note(
            index: index,
            RowLedger.Entry(outcome: outcome, errorClass: error?.errorClass, status: record.integer(.status)))
        let attempts = max(0, record.integer(.attempts) ?? 0)
        jobs[job].totals.records += 1
        jobs[job].totals.attempts += attempts
        jobs[job].totals.retries += max(0, attempts - 1)
        jobs[job].totals.sent += attempts > 0 ? 1 : 0
        if let latency = record.microseconds(.latencyMs) { jobs[job].totals.latencies.record(microseconds: latency) }
        if let error { jobs[job].totals.count(error) }
        runs[run].lastStart.removeAll(keepingCapacity: true)
        runs[run].lastStart.append(contentsOf: record.json(.startedAt))
        runs[run].lastDuration = record.microseconds(.durationMs) ?? 0
    }

    // MARK: - The end

    /// Each job's totals, in the order of the file.
    mutating func finish() -> [(name: String, totals: ReportTotals)] {
        for group in groups { jobs[group.job].totals.count(group.rows) }
        for run in runs {
            let job = groups[run.group].job
            if run.isComplete != true { jobs[job].totals.incompleteRuns += 1 }
            guard let start = run.startedAt ?? Self.time(run.lastStart) else { continue }
            let end: Timestamp
            if let duration = run.duration {
                end = start + .microseconds(duration)
            } else {
                end = Self.time(run.lastStart).map { $0 + .microseconds(run.lastDuration) } ?? start
            }
            jobs[job].totals.addSpan(from: start, to: end)
        }
        return jobs
    }

    func incompleteRuns(file: String) -> [Report.IncompleteRun] {
        // The last run of a group that went to the end makes up for every one before it.
        var lastComplete = [Int](repeating: -1, count: groups.count)
        for (position, run) in runs.enumerated() where run.isComplete == true { lastComplete[run.group] = position }
        return runs.enumerated().filter { $1.isComplete != true }.map { position, run in
            Report.IncompleteRun(
                file: file, runID: run.id, job: jobs[groups[run.group].job].name,
                reason: run.isComplete == nil ? .noSummary : .stopped, isResumed: lastComplete[run.group] > position)
        }
    }

    /// A time as a JSON string.
    private static func time(_ json: [UInt8]) -> Timestamp? {
        guard json.count > 2 else { return nil }
        return Timestamp(rfc3339: String(decoding: json[1..<(json.count - 1)], as: UTF8.self))
    }
}
