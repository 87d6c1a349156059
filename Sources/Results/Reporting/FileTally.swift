internal import Glibc
import JobModel

/// The records of one result file, counted.
struct FileTally {
    private struct Run {
        var facts: RecordedRun
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
        var history = GroupHistory()
        /// Of the last answer of each row; 0 if there was none, or it is above 1023.
        var statuses = PagedRows<UInt16>()
        var generations = 0
        var startedAt: Timestamp?
    }

    private let file: String
    private var runs: [Run] = []
    private var runOfID: [String: Int] = [:]
    private var grouping = RunGrouping()
    private var groups: [Group] = []
    private var jobs: [(name: String, totals: ReportTotals, shards: Set<Shard>)] = []
    private var jobOfName: [String: Int] = [:]
    /// The run of the last record: most records follow one of their own run.
    private var current = (id: [UInt8](), run: 0)

    init(file: String) {
        self.file = file
    }

    mutating func add(_ record: borrowing RecordScanner) {
        switch record.kind {
        case .run: begin(record)
        case .invocation: count(record)
        case .summary:
            let run = run(of: record)
            runs[run].isComplete = record.boolean(.complete)
            runs[run].duration = record.microseconds(.durationMs)
            groups[runs[run].group].history.add(record)
        case .window, .carried:
            // They do not name their job.
            guard isCurrent(record.json(.runID)) || runOfID[record.text(.runID) ?? ""] != nil else { break }
            groups[runs[run(of: record)].group].history.add(record)
        case .other: break
        }
    }

    // MARK: - Runs

    private mutating func begin(_ record: borrowing RecordScanner) {
        let run = run(of: record)
        let startedAt = record.text(.startedAt).flatMap { Timestamp(rfc3339: $0) }
        runs[run].startedAt = startedAt
        let group = runs[run].group
        if groups[group].startedAt == nil { groups[group].startedAt = startedAt }
    }

    /// The run that a record names. One whose `run` record is missing (a file that was cut at its head) is made up.
    private mutating func run(of record: borrowing RecordScanner) -> Int {
        let id = record.json(.runID)
        if !runs.isEmpty, isCurrent(id) { return current.run }
        if !runs.isEmpty { groups[runs[current.run].group].history.end() }
        current.id = Array(id)
        var facts = RecordedRun(record)
        if let known = runOfID[facts.runID] {
            current.run = known
            facts = runs[known].facts
            // What it replaced once is not replaced again.
            facts.acceptsChanges = false
        } else {
            runs.append(Run(facts: facts, group: group(for: record)))
            current.run = runs.count - 1
            runOfID[facts.runID] = current.run
            let job = groups[runs[current.run].group].job
            jobs[job].totals.runs += 1
            if let shard = facts.shard, facts.only == nil { jobs[job].shards.insert(shard) }
        }
        groups[runs[current.run].group].history.begin(facts)
        return current.run
    }

    private func isCurrent(_ id: UnsafeBufferPointer<UInt8>) -> Bool {
        guard id.count == current.id.count, let base = id.baseAddress else { return false }
        return current.id.withUnsafeBytes { known in
            guard let start = known.baseAddress else { return id.isEmpty }
            return memcmp(start, base, known.count) == 0
        }
    }

    private mutating func group(for record: borrowing RecordScanner) -> Int {
        let name = record.text(.job) ?? ""
        let group = grouping.group(
            job: name, trigger: record.text(.trigger).flatMap(Trigger.init(rawValue:)),
            nominalTime: record.text(.nominalTime), isAppended: record.boolean(.appended) == true)
        if group == groups.count { groups.append(Group(job: job(named: name))) }
        return group
    }

    private mutating func job(named name: String) -> Int {
        if let known = jobOfName[name] { return known }
        jobs.append((name, ReportTotals(), []))
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
        groups[group].history.add(record)
        if groups[group].generations != groups[group].history.replaced {
            groups[group].generations = groups[group].history.replaced
            groups[group].statuses = PagedRows()
        }
        let status = record.integer(.status).flatMap { (1...1023).contains($0) ? UInt16($0) : nil } ?? 0
        groups[group].statuses[index] = status
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

    /// Adds what the file says of each job to what is known of it, in the order of the file.
    ///
    /// - Parameter add: finds a job by its name and hands it to a change.
    /// - Returns: the jobs of which rows are in doubt.
    mutating func finish(adding add: (_ job: String, _ change: (inout JobTally) -> Void) -> Void) -> [Report.Doubt] {
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
        for job in jobs {
            add(job.name) { tally in
                tally.merge(job.totals)
                for shard in job.shards { tally.add(shard) }
            }
        }
        var doubts: [Report.Doubt] = []
        for position in groups.indices {
            groups[position].history.end()
            let group = groups[position]
            let name = jobs[group.job].name
            let rows = group.history.generation.doubts
            if rows > 0 { doubts.append(Report.Doubt(file: file, job: name, rows: rows)) }
            add(name) { tally in
                tally.add(
                    ReportedRows(file: file, startedAt: group.startedAt), of: group.history.generation,
                    statuses: group.statuses)
            }
        }
        return doubts
    }

    func incompleteRuns() -> [Report.IncompleteRun] {
        // The last run of a group that went to the end makes up for every one before it.
        var lastComplete = [Int](repeating: -1, count: groups.count)
        for (position, run) in runs.enumerated() where run.isComplete == true { lastComplete[run.group] = position }
        return runs.enumerated().filter { $1.isComplete != true }.map { position, run in
            Report.IncompleteRun(
                file: file, runID: run.facts.runID, job: jobs[groups[run.group].job].name,
                reason: run.isComplete == nil ? .noSummary : .stopped, isResumed: lastComplete[run.group] > position,
                shard: run.facts.shard)
        }
    }

    /// A time as a JSON string.
    private static func time(_ json: [UInt8]) -> Timestamp? {
        guard json.count > 2 else { return nil }
        return Timestamp(rfc3339: String(decoding: json[1..<(json.count - 1)], as: UTF8.self))
    }
}
