package import JobModel

/// Decides when and whether the jobs of one process run.
///
/// Pure: events go in, then ``advance(to:)`` lets time pass and returns what is to be done. Equal events and equal
/// randomness give equal actions. Nothing is ever computed from "now": a job's due occurrences are those after the time
/// up to which the ledger accounts for it, and no run begins before the ledger has its claim.
///
/// An occurrence is on time if it became due between two looks at the clock that were at most ``longestGap`` apart on
/// both clocks, and is not left undecided for more than ``longestDelay``; else it is late, and the job's catch-up policy
/// decides.
package struct SchedulerMachine {
    package enum Mode: Sendable, Hashable {
        /// Fires what comes due until it is stopped.
        case daemon
        /// Runs once what is due when it is loaded; all of that is late.
        case tick
    }

    /// How long nobody may look for occurrences to be on time: a machine that is busy may take a while for a look, one
    /// that was suspended, or a process that was stopped, takes longer.
    package static var longestGap: Duration { .microseconds(longestGapMicroseconds) }
    static let longestGapMicroseconds: Int64 = 3_000_000
    /// How long the ledger may keep occurrences waiting for them to be on time.
    static let longestDelay = Duration.seconds(10)
    /// The clock is looked at at least so often.
    package static let lookInterval = Duration.seconds(1)
    /// From then on a run that waited is told to be late.
    package static let notableLateness = Duration.seconds(1)
    /// A ledger that is further ahead of the clock is told of.
    package static let clockTolerance = Duration.seconds(60)

    package let mode: Mode
    var random: any RandomNumberGenerator
    private let endDelay: Duration

    // The plan.
    var jobs: [JobState] = []
    var places: [String: Int] = [:]
    var accounts: [String: Int] = [:]
    var accountIsPaused: [Bool] = []
    var due = DueQueue()
    var mutexes = MutexTable()
    var runs = RunTable()

    // What goes to the ledger.
    var batch = LedgerBatch()
    var outstanding: LedgerBatch?
    /// Ends of runs that the ledger has not been told.
    var ends: [(request: LedgerRequest, run: RunHandle?)] = []
    /// Since when there are some.
    private var endsSince: MonotonicInstant?
    var stopsToAsk: [OccurrenceID] = []
    /// Jobs with claims that the ledger may have or not.
    var doubtful: [Int] = []
    var pass: UInt64 = 0
    /// After a failure of the ledger, when to try again.
    var retryAt = MonotonicInstant(nanoseconds: .min)

    // Claims that wait.
    var waitingClaims = 0
    /// Jobs whose waiting claims may begin.
    var marked: [Int] = []
    /// Mutexes whose waiters may begin.
    var freed: [Int] = []
    /// Jobs and mutexes that somebody else's run keeps, and when to ask again.
    var pollers: [Int] = []
    var polledMutexes: [Int] = []
    var pollAt: SchedulerMoment?

    // Looks at the clock.
    var lastLook: SchedulerMoment?
    /// What fired up to then was not noticed in time.
    var continuousSince = Timestamp(microseconds: .min)
    /// Of a tick: later occurrences are left to the next one.
    var horizon: Timestamp?

    // Changes of the plan, and the end.
    var holdThrough: Timestamp?
    var toldReady = false
    package private(set) var isStopping = false
    var actions: [SchedulerAction] = []

    /// - Parameters:
    ///   - random: makes run ids: two numbers a claim, so a generator that asks the system each time is dear.
    ///   - endDelay: how long ends of runs may wait for a claim, to go to the ledger in one transaction with it.
    package init(mode: Mode, random: any RandomNumberGenerator, endDelay: Duration = .zero) {
        self.mode = mode
        self.random = random
        self.endDelay = endDelay
    }

    /// Lets time pass, decides what is due, and returns what is to be done, in order. Needed after every event, and at
    /// ``nextWake``.
    package mutating func advance(to moment: SchedulerMoment) -> [SchedulerAction] {
        look(moment)
        if ends.isEmpty { endsSince = nil } else { endsSince = endsSince ?? moment.monotonic }
        if outstanding == nil, moment.monotonic >= retryAt { decide(at: moment) }
        announceReload()
        defer { actions = [] }
        return actions
    }

    /// When ``advance(to:)`` is needed again if nothing happens before, on the wall clock: at most a second after the
    /// last time. Whoever sleeps must also wake after a second of the monotonic clock, for the wall clock may be set.
    package var nextWake: Timestamp {
        guard let last = lastLook else { return Timestamp(microseconds: .max) }
        var wake = last.wall + Self.lookInterval
        guard outstanding == nil, !isStopping, holdThrough == nil, last.monotonic >= retryAt else { return wake }
        if let pollAt { wake = min(wake, pollAt.wall) }
        if let endsSince, !ends.isEmpty {
            wake = min(wake, last.wall + last.monotonic.duration(to: endsSince.advanced(by: endDelay)))
        }
        if horizon == nil, let first = due.first { wake = min(wake, first.fireTime) }
        return wake
    }

    /// When the next occurrence fires of all jobs; nil if none ever does.
    package var nextFireTime: Timestamp? { due.first?.fireTime }

    /// All that was to be done is done and on disk: of a tick, and of a daemon that was stopped.
    package var isIdle: Bool {
        guard outstanding == nil, ends.isEmpty, runs.count == 0 else { return false }
        if isStopping { return true }
        guard let horizon, waitingClaims == 0 else { return false }
        return due.first.map { $0.fireTime > horizon } ?? true
    }

    /// The ledger is being told something, or could not be told of ends of runs.
    package var awaitsLedger: Bool { outstanding != nil || !ends.isEmpty }

    /// Others ask for our runs of these occurrences to stop.
    package mutating func stopRequested(_ occurrences: [OccurrenceID]) {
        for occurrence in occurrences {
            guard let job = places[occurrence.job] else { continue }
            for handle in jobs[job].going where runs[handle]?.nominalTime == occurrence.nominalTime {
                cancel(handle, for: .asked)
            }
        }
    }

    /// An account's credentials were rejected: its occurrences are skipped until ``accountResumed(_:)``.
    package mutating func accountPaused(_ account: String) { accountIsPaused[place(ofAccount: account)] = true }

    package mutating func accountResumed(_ account: String) { accountIsPaused[place(ofAccount: account)] = false }

    /// Claims and begins nothing more. Runs that the ledger is just being asked to begin still begin; claims that wait
    /// stay claimed, until the ledger is told to resign.
    package mutating func stop() {
        isStopping = true
        holdThrough = nil
    }

    mutating func place(ofAccount account: String) -> Int {
        if let known = accounts[account] { return known }
        accounts[account] = accountIsPaused.count
        accountIsPaused.append(false)
        return accountIsPaused.count - 1
    }

    mutating func note(_ note: SchedulerNote) { actions.append(.note(note)) }

    private func mustTellEnds(at moment: SchedulerMoment) -> Bool {
        if mode == .tick || isStopping || holdThrough != nil { return true }
        return endsSince.map { moment.monotonic >= $0.advanced(by: endDelay) } ?? true
    }

    private mutating func decide(at moment: SchedulerMoment) {
        pass &+= 1
        if !doubtful.isEmpty, !isStopping { clearDoubts(at: moment) }
        if !isStopping {
            for occurrence in stopsToAsk { batch.append(.askToStop(occurrence), for: .askToStop) }
            stopsToAsk = []
            if holdThrough == nil { beginWaiting(at: moment) }
            decideDue(at: moment)
        }
        if !ends.isEmpty, !batch.isEmpty || mustTellEnds(at: moment) {
            // Before the claims, which they may stand in the way of.
            batch.prepend(ends)
            ends.removeAll(keepingCapacity: true)
            endsSince = nil
        }
        guard !batch.isEmpty else { return }
        actions.append(.apply(batch.requests))
        outstanding = batch
        batch = LedgerBatch()
    }
}
