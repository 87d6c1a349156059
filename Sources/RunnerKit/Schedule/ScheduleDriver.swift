internal import JobModel
internal import Reactor
internal import Scheduling
internal import Status
internal import Synchronization

/// Carries out what the scheduler machine decides: the ledger, the runs, the alarm.
///
/// Decisions are made on one queue, the ledger has another; what comes due while the ledger writes goes into its next
/// transaction.
final class ScheduleDriver: Sendable {
    /// What the driver tells of, from a queue of its own; must not block.
    struct Listener: Sendable {
        var noted: @Sendable (SchedulerNote, SchedulePlan) -> Void
        var began: @Sendable (ScheduledRun, RunStart) -> Void
        var ended: @Sendable (ScheduledRun, ScheduledRunEnd) -> Void
        var released: @Sendable (ScheduledRun) -> Void
        /// A transaction has taken so long, and has succeeded or not.
        var wrote: @Sendable (Duration, _ hasSucceeded: Bool) -> Void
        /// Nil when the ledger can be written again.
        var ledgerTroubled: @Sendable (LedgerError?) -> Void
        var reloaded: @Sendable (_ old: SchedulePlan, _ new: SchedulePlan) -> Void
    }

    /// A plan that is to take the place of the present one.
    private struct NextPlan {
        var number: UInt64
        var plan: SchedulePlan
        var isInForce: @Sendable () -> Void
    }

    /// Used on the decision queue alone; the lock is there for the compiler and for snapshots.
    private struct Core {
        var machine: SchedulerMachine
        var plan: SchedulePlan
        /// Is registered when the machine is ready for it.
        var next: NextPlan?
        var trouble: LedgerError?
        var troubledSince: MonotonicInstant?
        var alarm: WallAlarm?
        var lookedAt: MonotonicInstant
        /// When nothing was due and undecided.
        var caughtUpAt: MonotonicInstant
        var isLoaded = false
        var isDone = false
        var done: CheckedContinuation<Void, Never>?
    }

    /// Where claims follow each other closely, half of all transactions are spared; nobody else would notice so little.
    private static let endDelay = Duration.milliseconds(10)
    /// How long an end waits for a ledger that cannot be written.
    private static let ledgerPatience = Duration.seconds(10)

    private let ledger: any OccurrenceLedger
    private let clock: LedgerClock
    private let launcher: RunLauncher
    private let listener: Listener
    private let mode: SchedulerMachine.Mode
    private let queue = SerialQueue(label: "fnrun.schedule")
    private let ledgerQueue = SerialQueue(label: "fnrun.ledger")
    private let core: Mutex<Core>
    private let heartbeat = Mutex<Alarm?>(nil)
    /// How long the ledger remembers what became of occurrences.
    private let keep: Duration
    private let forgottenAt: Mutex<MonotonicInstant>

    init(
        mode: SchedulerMachine.Mode, plan: SchedulePlan, ledger: any OccurrenceLedger, clock: LedgerClock,
        launcher: RunLauncher, keep: Duration, listener: Listener
    ) {
        self.mode = mode
        self.keep = keep
        forgottenAt = Mutex(clock.time.monotonicNow())
        self.ledger = ledger
        self.clock = clock
        self.launcher = launcher
        self.listener = listener
        core = Mutex(
            Core(
                machine: SchedulerMachine(mode: mode, random: BufferedRandom(), endDelay: Self.endDelay), plan: plan,
                lookedAt: clock.time.monotonicNow(), caughtUpAt: clock.time.monotonicNow()))
    }

    /// Makes the plan known to the ledger and begins to carry it out.
    ///
    /// - Parameter beginning: of jobs that the ledger does not know, occurrences from then on count.
    /// - Throws: ``LedgerError`` if the ledger cannot be written.
    func start(from beginning: Timestamp) throws(LedgerError) {
        let plan = plan
        let jobs = plan.scheduled
        let standings = try ledger.register(jobs.map { $0.registration(from: beginning) }, at: clock.now)
        _ = try ledger.forget(before: clock.time.wallNow() - keep, at: clock.now)
        let reaped = try reap(plan)
        queue.sync {
            core.withLock { core in
                core.isLoaded = true
                core.lookedAt = clock.time.monotonicNow()
                core.caughtUpAt = core.lookedAt
                core.machine.load(jobs, standings: standings, at: moment)
                core.machine.reaped(reaped, at: moment)
                core.alarm = WallAlarm(queue: queue, time: clock.time) { @Sendable [weak self] in self?.pass() }
            }
        }
        let beat = Alarm(queue: ledgerQueue, time: clock.time) { @Sendable [weak self] in self?.beat() }
        heartbeat.withLock { $0 = beat }
        beat.arm(at: clock.time.monotonicNow().advanced(by: LedgerOwner.heartbeat))
        queue.async { @Sendable [self] in pass() }
    }

    /// Waits for the end: of a tick when all that was due is done, of a daemon when it was stopped and its runs have ended.
    /// Then gives up what is still claimed.
    func finish() async {
        await withCheckedContinuation { continuation in
            queue.async { @Sendable [self] in
                let isDone = core.withLock { core in
                    if !core.isDone { core.done = continuation }
                    return core.isDone
                }
                if isDone { continuation.resume() }
            }
        }
        heartbeat.withLock { $0 = nil }
        ledgerQueue.sync {
            // A tick that waited for a dead process's lease is done before its next beat.
            if mode == .tick, let reaped = try? reap(plan) { tellOfCrashes(among: reaped) }
            // What cannot be written now ends with the lease.
            try? ledger.resign(clock.owner, at: clock.now)
        }
    }

    /// Starts nothing new and lets runs drain.
    func stop() {
        queue.async { @Sendable [self] in
            core.withLock { $0.machine.stop() }
            launcher.stopAll()
            pass()
        }
    }

    /// Puts another plan in place of the present one, when all that has fired so far is decided, and the ledger knows it.
    ///
    /// - Parameter isInForce: called when it is, on a queue of the driver's; not if yet another plan has come.
    func replacePlan(by plan: SchedulePlan, then isInForce: @escaping @Sendable () -> Void) {
        queue.async { @Sendable [self] in
            core.withLock { core in
                core.next = NextPlan(number: (core.next?.number ?? 0) &+ 1, plan: plan, isInForce: isInForce)
                core.machine.prepareReload(at: clock.time.wallNow())
            }
            pass()
        }
    }

    /// An account's credentials were rejected, or are good again.
    func account(_ key: String, isPaused: Bool) {
        queue.async { @Sendable [self] in
            core.withLock { core in
                if isPaused { core.machine.accountPaused(key) } else { core.machine.accountResumed(key) }
            }
            pass()
        }
    }

    /// How things are.
    var status: SchedulerStatus { core.withLock { $0.machine.status } }

    /// Signs of life; nil before the jobs are loaded.
    var pulse: SchedulerPulse? {
        core.withLock { core in
            guard core.isLoaded else { return nil }
            return SchedulerPulse(
                lookedAt: core.lookedAt, caughtUpAt: core.caughtUpAt,
                nextDue: core.machine.oldestUnhandled?.fireTime ?? core.machine.nextFireTime)
        }
    }

    /// Nothing new is started.
    var isStopping: Bool { core.withLock { $0.machine.isStopping } }

    /// The ledger cannot be written.
    var isTroubled: Bool { core.withLock { $0.trouble != nil } }

    var plan: SchedulePlan { core.withLock { $0.plan } }

    private var moment: SchedulerMoment {
        SchedulerMoment(monotonic: clock.time.monotonicNow(), wall: clock.time.wallNow())
    }

    private func pass() {
        let now = moment
        let (actions, done) = core.withLock { core -> ([SchedulerAction], CheckedContinuation<Void, Never>?) in
            guard core.isLoaded, !core.isDone else { return ([], nil) }
            core.lookedAt = now.monotonic
            let actions = core.machine.advance(to: now)
            if core.machine.oldestUnhandled == nil { core.caughtUpAt = now.monotonic }
            core.alarm?.arm(at: core.machine.nextWake)
            guard isFinished(core, at: now.monotonic) else { return (actions, nil) }
            core.isDone = true
            core.alarm = nil
            defer { core.done = nil }
            return (actions, core.done)
        }
        for action in actions { carryOut(action) }
        done?.resume()
    }

    /// A ledger that cannot be written must not keep a process for ever that has nothing else to do.
    private func isFinished(_ core: Core, at now: MonotonicInstant) -> Bool {
        if core.machine.isIdle { return true }
        guard mode == .tick || core.machine.isStopping, launcher.count == 0, let since = core.troubledSince else {
            return false
        }
        return now >= since.advanced(by: Self.ledgerPatience)
    }

    private func carryOut(_ action: SchedulerAction) {
        switch action {
        case .apply(let requests): apply(requests)
        case .start(let start): begin(start, resuming: nil)
        case .resume(let start, let entry): begin(start, resuming: entry)
        case .cancel(let cancellation): launcher.stop(cancellation.runID)
        case .note(let note): listener.noted(note, plan)
        case .readyToReload(let through): reload(through: through)
        }
    }

    private func apply(_ requests: [LedgerRequest]) {
        let plan = plan
        ledgerQueue.async { @Sendable [self] in
            let outcome: Result<[LedgerAnswer], LedgerError>
            let requests = requests.map { $0.naming(results: plan) }
            let began = clock.time.monotonicNow()
            do throws(LedgerError) {
                outcome = .success(try ledger.apply(requests, by: clock.owner, at: clock.now))
            } catch {
                outcome = .failure(error)
            }
            let hasWritten = if case .success = outcome { true } else { false }
            listener.wrote(began.duration(to: clock.time.monotonicNow()), hasWritten)
            var resumable: [ReapedClaim] = []
            // What such a run stood in the way of comes before the job's next occurrence.
            if hasWritten, requests.contains(where: plan.mayLetResume) { resumable = (try? reap(plan)) ?? [] }
            queue.async { @Sendable [self, resumable] in
                switch outcome {
                case .success(let answers):
                    noteTrouble(nil)
                    core.withLock { core in
                        core.machine.answered(answers, at: moment)
                        core.machine.reaped(resumable, at: moment)
                    }
                case .failure(let error):
                    noteTrouble(error)
                    core.withLock { $0.machine.ledgerFailed() }
                }
                pass()
            }
        }
    }

    private func noteTrouble(_ error: LedgerError?) {
        let hasChanged = core.withLock { core in
            defer {
                core.trouble = error
                core.troubledSince = error == nil ? nil : core.troubledSince ?? clock.time.monotonicNow()
            }
            return core.trouble != error
        }
        if hasChanged { listener.ledgerTroubled(error) }
    }

    private func begin(_ start: RunStart, resuming entry: LedgerEntry?) {
        guard let (job, document) = core.withLock({ $0.plan[start.occurrence.job] }) else {
            let message = "its job is no longer in the files"
            core.withLock { core in
                core.machine.runFinished(start.handle, .failed, message: message, at: clock.time.wallNow())
            }
            return pass()
        }
        let run = ScheduledRun(
            job: job, document: document, occurrence: start.occurrence,
            identity: RunIdentity(runID: start.runID, startedAt: start.startedAt, claimedAt: start.claimedAt),
            trigger: start.trigger, lateness: start.lateness, resumes: entry?.results)
        listener.began(run, start)
        launcher.launch(run) { @Sendable [self] end in
            // What is resumed has sent something before: begun anew, it would send that again.
            let isReleased = end.wasCalledOff && run.resumes == nil && core.withLock { $0.machine.isStopping }
            if isReleased { listener.released(run) } else { listener.ended(run, end) }
            queue.async { @Sendable [self] in
                core.withLock { core in
                    if isReleased {
                        core.machine.runReleased(start.handle)
                    } else {
                        core.machine.runFinished(
                            start.handle, end.result, message: end.explanation, at: end.finishedAt)
                    }
                }
                pass()
            }
        }
        // The ledger has answered after all runs were told to stop.
        if isStopping { launcher.stop(start.runID) }
    }

    /// - Parameter through: up to then all is decided under the present plan, from then on the next one holds.
    private func reload(through: Timestamp) {
        guard let next = core.withLock({ $0.next }) else { return }
        ledgerQueue.async { @Sendable [self] in
            let jobs = next.plan.scheduled
            var now = clock.now
            now.wall = through
            let outcome: Result<[ScheduleStanding], LedgerError>
            do throws(LedgerError) {
                outcome = .success(try ledger.register(jobs.map { $0.registration(from: through) }, at: now))
            } catch {
                outcome = .failure(error)
            }
            queue.async { @Sendable [self] in
                switch outcome {
                case .success(let standings): load(next, jobs, standings)
                case .failure(let error):
                    noteTrouble(error)
                    // Tried again when the ledger can be written.
                    core.withLock { $0.machine.abandonReload() }
                }
                pass()
            }
        }
    }

    private func load(_ next: NextPlan, _ jobs: [ScheduledJob], _ standings: [ScheduleStanding]) {
        let old = core.withLock { core in
            defer { core.plan = next.plan }
            core.machine.load(jobs, standings: standings, at: moment)
            if core.next?.number == next.number {
                core.next = nil
            } else {
                core.machine.prepareReload(at: clock.time.wallNow())
            }
            return core.plan
        }
        listener.reloaded(old, next.plan)
        next.isInForce()
    }

    /// Renews the lease, and deals with what others have left.
    private func beat() {
        do throws(LedgerError) {
            let asked = try ledger.renew(clock.owner, at: clock.now)
            let reaped = try reap(plan)
            queue.async { @Sendable [self] in
                // A lease that can be renewed is no sign that what waits can be written.
                if !core.withLock({ $0.machine.awaitsLedger }) { noteTrouble(nil) }
                core.withLock { core in
                    core.machine.stopRequested(asked)
                    core.machine.reaped(reaped, at: moment)
                    if core.next != nil { core.machine.prepareReload(at: clock.time.wallNow()) }
                }
                pass()
            }
            try forgetOld()
        } catch {
            queue.async { @Sendable [self] in noteTrouble(error) }
        }
        heartbeat.withLock { $0 }?.arm(at: clock.time.monotonicNow().advanced(by: LedgerOwner.heartbeat))
    }

    /// Every hour: a daemon may be up for years.
    private func forgetOld() throws(LedgerError) {
        let now = clock.time.monotonicNow()
        let isTime = forgottenAt.withLock { last in
            guard now >= last.advanced(by: .seconds(3600)) else { return false }
            last = now
            return true
        }
        if isTime { _ = try ledger.forget(before: clock.time.wallNow() - keep, at: clock.now) }
    }

    private func tellOfCrashes(among reaped: [ReapedClaim]) {
        for case .crashed(let entry) in reaped { listener.noted(.crashed(entry), plan) }
    }

    private func reap(_ plan: SchedulePlan) throws(LedgerError) -> [ReapedClaim] {
        try ledger.reap(for: plan.crashPolicies, by: clock.owner, at: clock.now)
    }
}
