internal import JobModel

/// Requests that go to the ledger together, and what each is for.
struct LedgerBatch {
    enum Purpose {
        case claim(job: Int, ScheduledOccurrence, isLate: Bool)
        /// `blocker` is a place in ``LedgerBatch/blockers``.
        case passOver(job: Int, blocker: Int?)
        case begin(job: Int, nominalTime: Timestamp, mutexes: [Int])
        case giveUp(job: Int, nominalTime: Timestamp)
        /// No run of somebody whose job is not known.
        case finish(RunHandle?)
        case askToStop
    }

    private(set) var requests: [LedgerRequest] = []
    private(set) var purposes: [Purpose] = []
    private(set) var blockers: [Blocker] = []
    /// The first fire time of the occurrences that are decided, and the job.
    private(set) var oldest: (job: Int, occurrence: ScheduledOccurrence)?

    var isEmpty: Bool { requests.isEmpty }

    mutating func append(_ request: LedgerRequest, for purpose: Purpose) {
        requests.append(request)
        purposes.append(purpose)
    }

    /// Puts ends of runs before everything else.
    mutating func prepend(_ ends: [(request: LedgerRequest, run: RunHandle?)]) {
        requests.insert(contentsOf: ends.map(\.request), at: 0)
        purposes.insert(contentsOf: ends.map { .finish($0.run) }, at: 0)
    }

    /// Consecutive occurrences of a job that do not run; joined to the ones before them that do not for the same cause.
    mutating func passOver(
        _ job: Int, named name: String, _ span: OccurrenceSpan, as passed: PassedOver, after: Timestamp,
        by blocker: Blocker?
    ) {
        if case .passOver(let previous, _)? = purposes.last, previous == job,
            case .passOver(_, let before, let same, let start)? = requests.last, same == passed, before.last == after
        {
            let joined = OccurrenceSpan(first: before.first, last: span.last, count: before.count + span.count)
            requests[requests.count - 1] = .passOver(job: name, joined, as: passed, after: start)
            return
        }
        var place: Int?
        if let blocker {
            place = blockers.count
            blockers.append(blocker)
        }
        append(.passOver(job: name, span, as: passed, after: after), for: .passOver(job: job, blocker: place))
    }

    mutating func note(_ job: Int, _ occurrence: ScheduledOccurrence) {
        if let oldest, oldest.occurrence.fireTime <= occurrence.fireTime { return }
        oldest = (job, occurrence)
    }
}
