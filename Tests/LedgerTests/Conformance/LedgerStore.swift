import JobModel
import TestSupport
import Testing

/// Where a kind of ledger keeps what it knows: each handle is to be as another process's.
protocol LedgerStore: Sendable {
    func open() throws -> any OccurrenceLedger
}

/// What any ledger must do, whoever keeps it.
struct ConformanceCheck: Sendable, CustomTestStringConvertible {
    let name: String
    let run: @Sendable (Scene) throws -> Void

    init(_ name: String, _ run: @escaping @Sendable (Scene) throws -> Void) {
        self.name = name
        self.run = run
    }

    var testDescription: String { name }

    static let all =
        registration + claims + passingOver + overlap + mutexes + endings + leases + reaping + backfilling + entries
        + forgetting + concurrency
}

/// A store, and a clock for all who use it.
struct Scene: Sendable {
    let store: any LedgerStore
    let clock = ManualTimeSource(wall: minute(0))

    init(_ store: any LedgerStore) {
        self.store = store
    }

    /// A process with the ledger open, that schedules jobs.
    func party(_ id: String = "a", boot: String = "boot", jobs: [String] = ["job"]) throws -> Party {
        let party = Party(
            ledger: try store.open(), owner: LedgerOwner(id: id, host: "host-\(id)", process: 7), clock: clock,
            boot: boot)
        try party.register(jobs)
        return party
    }
}

/// The minutes of all tests; 0 is when a job is registered.
func minute(_ number: Int) -> Timestamp { Timestamp(seconds: 1_795_000_020 + Int64(number) * 60) }

func occurrence(_ number: Int, _ job: String = "job") -> OccurrenceID {
    OccurrenceID(job: job, nominalTime: minute(number))
}

func span(_ first: Int, _ last: Int) -> OccurrenceSpan {
    OccurrenceSpan(first: minute(first), last: minute(last), count: last - first + 1)
}

/// The claim of a minute; its run id is `run-<minute>`.
func claim(
    _ number: Int, _ job: String = "job", exclusive: Bool = true, mutexes: [String] = [],
    ifBlocked: LedgerClaim.Blocked = .skip, waits: Bool = false, trigger: Trigger = .schedule
) -> LedgerClaim {
    LedgerClaim(
        occurrence: occurrence(number, job), runID: "run-\(number)", trigger: trigger,
        startedAt: minute(number) + .milliseconds(250), lateness: .milliseconds(200), isExclusive: exclusive,
        mutexes: mutexes, ifBlocked: ifBlocked, waits: waits)
}

/// A process that uses the ledger.
struct Party: Sendable {
    let ledger: any OccurrenceLedger
    let owner: LedgerOwner
    let clock: ManualTimeSource
    let boot: String

    var now: LedgerMoment {
        LedgerMoment(wall: clock.wallNow(), monotonic: clock.monotonicNow(), boot: boot)
    }

    @discardableResult
    func register(
        _ jobs: [String], fingerprint: String = "text", isSuspended: Bool = false, file: String = "jobs.yaml",
        beginning: Timestamp = minute(0)
    ) throws -> [ScheduleStanding] {
        try ledger.register(
            jobs.map {
                ScheduleRegistration(
                    job: $0, fingerprint: fingerprint, isSuspended: isSuspended, file: file, beginning: beginning)
            }, at: now)
    }

    @discardableResult
    func apply(_ requests: LedgerRequest...) throws -> [LedgerAnswer] {
        try ledger.apply(requests, by: owner, at: now)
    }

    /// Claims a minute, all before it being accounted for.
    @discardableResult
    func take(_ claim: LedgerClaim, after: Int) throws -> LedgerAnswer {
        try apply(.claim(claim, after: minute(after)))[0]
    }

    func finish(
        _ number: Int, _ job: String = "job", runID: String? = nil, as result: OccurrenceResult = .succeeded
    ) throws -> LedgerAnswer {
        try apply(
            .finish(
                occurrence(number, job), runID: runID ?? "run-\(number)", result,
                at: minute(number) + .seconds(30)))[0]
    }

    func renew() throws -> [OccurrenceID] { try ledger.renew(owner, at: now) }

    func reap(_ jobs: [String: CrashPolicy] = ["job": .report]) throws -> [ReapedClaim] {
        try ledger.reap(for: jobs, by: owner, at: now)
    }

    func resign() throws { try ledger.resign(owner, at: now) }

    func entries(_ job: String? = nil, _ change: (inout LedgerQuery) -> Void = { _ in }) throws -> [LedgerEntry] {
        var query = LedgerQuery()
        query.job = job
        change(&query)
        return try ledger.entries(query, at: now)
    }

    /// What became of the occurrences of a job, oldest first: `2 ran succeeded`, `3-5 skipped overlap (3)`.
    func story(_ job: String = "job") throws -> [String] {
        try entries(job).reversed().map { entry in
            func number(_ time: Timestamp) -> Int64 { (time.seconds - minute(0).seconds) / 60 }
            let times =
                entry.count == 1
                ? "\(number(entry.nominalTime))"
                : "\(number(entry.nominalTime))-\(number(entry.lastNominalTime))"
            let state =
                switch entry.state {
                case .claimed: entry.startedAt == nil ? "waits" : "runs"
                case .ran(let result): "ran \(result)"
                case .skipped(let reason): "skipped \(reason)"
                case .missed(let reason): "missed \(reason)"
                }
            return "\(times) \(state)" + (entry.count == 1 ? "" : " (\(entry.count))")
        }
    }

    /// How far a job is accounted for.
    func accounted(_ job: String = "job") throws -> Timestamp {
        let standings = try register([job])
        return standings[0].accountedUpTo
    }
}

/// A run in the way of another.
func blocker(_ number: Int, _ job: String = "job", isOwn: Bool, mutex: String? = nil) -> Blocker {
    Blocker(occurrence: occurrence(number, job), runID: "run-\(number)", isOwn: isOwn, mutex: mutex)
}
