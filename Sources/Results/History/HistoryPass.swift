internal import Glibc
import JobModel

/// One pass over a result file, for one group of one job's runs: the last one's, or the one that was asked for.
///
/// One group is held at a time. If the wanted one turns out to have been let go of before, a second pass with its
/// number known reads it whole.
struct HistoryPass {
    private let job: String?
    private let nominalTime: Timestamp?
    /// The group that alone is read; nil while it is not known.
    private let wanted: Int?

    private var grouping = RunGrouping()
    private var runsByID: [String: (group: Int, isOfJob: Bool, run: RecordedRun)] = [:]
    /// The JSON of the run's id that the last record named, and whether its group is held.
    private var current = (id: [UInt8](), isHeld: false)
    private(set) var held: Int?
    /// A run of the held group has the nominal time that was asked for.
    private var heldMatches = false
    private var left: Set<Int> = []
    private(set) var group = GroupHistory()
    /// HTTP requests, and how long the last of each invocation took, of all the group's records whatever became of
    /// them.
    private(set) var attempts = 0
    private(set) var latencies = LatencyHistogram()
    /// Earlier runs of the held group were passed over.
    private(set) var isPartial = false
    private(set) var sawRun = false
    /// Names of jobs, in the order of the file.
    private(set) var jobs: [String] = []

    private static let longestJobList = 100

    /// - Parameter job: nil takes the job that the file names first.
    init(job: String?, nominalTime: Timestamp?, wanted: Int? = nil) {
        self.job = job
        self.nominalTime = nominalTime
        self.wanted = wanted
    }

    mutating func add(_ record: borrowing RecordScanner) {
        if record.kind == .other { return }
        if record.kind == .run {
            begin(record)
        } else if !isOfCurrentRun(record) {
            goBack(record)
        }
        guard current.isHeld else { return }
        group.add(record)
        guard record.kind == .invocation else { return }
        attempts += max(0, record.integer(.attempts) ?? 0)
        if let latency = record.microseconds(.latencyMs) { latencies.record(microseconds: latency) }
    }

    /// - Returns: whether a second pass is needed to read the held group whole.
    mutating func finish() -> Bool {
        group.end()
        return isPartial && wanted == nil
    }

    /// Whether the group that was asked for is held.
    var isFound: Bool { held != nil && (wanted != nil || nominalTime == nil || heldMatches) }

    // MARK: - Runs

    private func isOfCurrentRun(_ record: borrowing RecordScanner) -> Bool {
        let id = record.json(.runID)
        guard let base = id.baseAddress, id.count == current.id.count, !id.isEmpty else { return false }
        return current.id.withUnsafeBytes { known in
            guard let start = known.baseAddress else { return false }
            return memcmp(start, base, known.count) == 0
        }
    }

    private mutating func begin(_ record: borrowing RecordScanner) {
        let name = record.text(.job) ?? ""
        note(job: name)
        let group = grouping.group(
            job: name, trigger: record.text(.trigger).flatMap(Trigger.init(rawValue:)),
            nominalTime: record.text(.nominalTime), isAppended: record.boolean(.appended) == true)
        let isOfJob = name == job ?? jobs.first
        let run = RecordedRun(record)
        runsByID[run.runID] = (group, isOfJob, run)
        enter(group, isOfJob: isOfJob, run, record)
    }

    /// A record of another run than the one before, without a `run` record in between: the file was cut at its head
    /// or put together by hand.
    private mutating func goBack(_ record: borrowing RecordScanner) {
        if var known = runsByID[record.text(.runID) ?? ""] {
            // What it replaced once is not replaced again.
            known.run.acceptsChanges = false
            enter(known.group, isOfJob: known.isOfJob, known.run, record)
        } else if record.has(.job) {
            begin(record)
        } else {
            // A window of a run that nothing is known of; its invocations name their job.
            leave(record)
            current.id = []
        }
    }

    private mutating func leave(_ record: borrowing RecordScanner) {
        if current.isHeld { group.end() }
        current = (Array(record.json(.runID)), false)
    }

    private mutating func enter(
        _ number: Int, isOfJob: Bool, _ run: RecordedRun, _ record: borrowing RecordScanner
    ) {
        leave(record)
        guard isOfJob else { return }
        let matches = nominalTime != nil && run.nominalTime == nominalTime
        guard holds(number, matches: matches) else {
            left.insert(number)
            return
        }
        heldMatches = heldMatches || matches
        current.isHeld = true
        group.begin(run)
    }

    /// Whether records of a group are to be read; takes it up if it is the better one.
    private mutating func holds(_ number: Int, matches: Bool) -> Bool {
        if let wanted, wanted != number { return false }
        guard number != held else { return true }
        if heldMatches && !matches { return false }
        if let held { left.insert(held) }
        held = number
        heldMatches = false
        isPartial = left.contains(number)
        (group, attempts, latencies) = (GroupHistory(), 0, LatencyHistogram())
        return true
    }

    private mutating func note(job name: String) {
        sawRun = true
        if jobs.count < Self.longestJobList, !jobs.contains(name) { jobs.append(name) }
    }
}
