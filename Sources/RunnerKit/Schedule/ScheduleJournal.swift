internal import JobFile
internal import JobModel
internal import Logging
internal import Results
internal import Scheduling
internal import Status
internal import Synchronization

/// Keeps count of what a scheduler does and tells of it: the log, the hooks, the numbers for monitors.
final class ScheduleJournal: Sendable {
    /// What is known of a job since the process started.
    struct JobNumbers: Sendable {
        var occurrences = OccurrenceTally()
        var invocations = InvocationTally()
        var lastSuccess: Timestamp?
        var last: LedgerEntry?

        mutating func passedOver(_ span: OccurrenceSpan, of job: String, _ cause: PassedOver) {
            occurrences.add(span.count, cause)
            var entry = LedgerEntry(job: job, nominalTime: span.first, state: OccurrenceState(cause))
            (entry.lastNominalTime, entry.count) = (span.last, span.count)
            closed(entry)
        }

        /// An older one, whose run has ended late, is not the last.
        mutating func closed(_ entry: LedgerEntry) {
            if let last, last.lastNominalTime > entry.lastNominalTime { return }
            last = entry
        }
    }

    struct Numbers: Sendable {
        var jobs: [String: JobNumbers] = [:]
        var lateness = DurationHistogram.lateness
        var ledgerWrites = DurationHistogram.ledgerWrite
        var ledgerFailures = 0
        /// What the ledger knew of jobs when it was last asked, of earlier processes and of others.
        var recalled: [String: LatestOutcome] = [:]
        /// Of a tick, its exit code follows from these.
        var statuses: Set<ExitStatus> = []
    }

    private let isTick: Bool
    private let logger: Logger
    private let hooks: HookSender
    private let state = Mutex(Numbers())

    init(mode: SchedulerMachine.Mode, logger: Logger, hooks: HookSender) {
        isTick = mode == .tick
        self.logger = logger
        self.hooks = hooks
    }

    var numbers: Numbers { state.withLock { $0 } }

    /// What the ledger knows of jobs now, which others may have run.
    func recall(_ outcomes: [LatestOutcome]) {
        var recalled = Dictionary(outcomes.map { ($0.entry.job, $0) }) { first, _ in first }
        // What was known before is let go of outside of the lock.
        state.withLock { swap(&$0.recalled, &recalled) }
    }

    func noted(_ note: SchedulerNote, under plan: SchedulePlan) {
        var (level, text) = note.message
        // In a tick everything is late: nothing runs between ticks.
        if isTick, case .caughtUp = note { level = .info }
        logger.log(level: level, "\(text)")
        state.withLock { state in
            switch note {
            case .skipped(let job, let span, let reason, _):
                state.jobs[job, default: JobNumbers()].passedOver(span, of: job, .skipped(reason))
            case .missed(let job, let span, let reason):
                state.jobs[job, default: JobNumbers()].passedOver(span, of: job, .missed(reason))
                state.statuses.insert(.missed)
            case .crashed(let entry):
                state.statuses.insert(.failed)
                state.jobs[entry.job, default: JobNumbers()].occurrences[.ran(.crashed)] += 1
                state.jobs[entry.job]?.closed(entry)
            default: break
            }
        }
        if case .crashed(let entry) = note, let job = plan[entry.job]?.job { tell(job.hooks, of: entry) }
    }

    func began(_ run: ScheduledRun, _ start: RunStart) {
        let how = run.resumes == nil ? "" : ", going on after a crash"
        logger.info("\(run.occurrence): started\(how) (run \(start.runID))")
        state.withLock { $0.lateness.record(start.lateness) }
    }

    func ended(_ run: ScheduledRun, _ end: ScheduledRunEnd) {
        log(run, end)
        var entry = LedgerEntry(
            job: run.occurrence.job, nominalTime: run.occurrence.nominalTime, state: .ran(end.result))
        entry.runID = run.identity.runID
        entry.trigger = run.trigger
        entry.file = run.document.path
        entry.startedAt = run.identity.startedAt
        entry.lateness = run.lateness
        entry.finishedAt = end.finishedAt
        entry.results = end.results
        entry.message = end.explanation
        state.withLock { state in
            state.statuses.formUnion(end.statuses)
            var job = state.jobs[run.occurrence.job] ?? JobNumbers()
            job.occurrences[.ran(end.result)] += 1
            job.closed(entry)
            if end.result == .succeeded { job.lastSuccess = end.finishedAt }
            if let own = end.end?.own {
                for outcome in Outcome.allCases {
                    var rest = own[outcome]
                    for (errorClass, count) in end.tally.ownErrors(outcome) {
                        job.invocations.add(count, .init(outcome, errorClass))
                        rest -= count
                    }
                    // Those that succeeded; and, once the disk takes no more, those that have no record.
                    if rest > 0 { job.invocations.add(rest, .init(outcome)) }
                }
            }
            state.jobs[run.occurrence.job] = job
        }
        guard !run.job.hooks.isEmpty else { return }
        hooks.send(
            HookEvent(
                job: run.occurrence.job, nominalTime: run.occurrence.nominalTime, runID: run.identity.runID,
                result: end.result, counts: end.end?.counts, startedAt: run.identity.startedAt,
                finishedAt: end.finishedAt, message: end.message),
            to: run.job.hooks)
    }

    /// A run was called off before it had sent anything; its occurrence is left to the next scheduler.
    func released(_ run: ScheduledRun) {
        logger.notice("\(run.occurrence): called off before anything was sent; the next scheduler decides on it anew")
    }

    /// A transaction of the ledger has taken so long.
    func wrote(for duration: Duration, hasSucceeded: Bool) {
        state.withLock { state in
            state.ledgerWrites.record(duration)
            if !hasSucceeded { state.ledgerFailures += 1 }
        }
    }

    func ledgerTroubled(_ error: LedgerError?) {
        if let error {
            logger.error("nothing is started while the ledger cannot be written: \(error.message)")
        } else {
            logger.notice("the ledger can be written again")
        }
    }

    func reloaded(_ old: SchedulePlan, _ new: SchedulePlan) {
        let changes = new.changes(since: old)
        let count = DisplayText.count(changes.count, "job differs", "jobs differ")
        logger.notice("reloaded: \(changes.isEmpty ? "no job differs" : count)")
        for change in changes { logger.notice("  \(change)") }
    }

    private func log(_ run: ScheduledRun, _ end: ScheduledRunEnd) {
        let level: Logger.Level = end.result == .succeeded ? .notice : .error
        var text = "\(run.occurrence): \(end.result.rawValue)"
        if let done = end.end {
            text += ": \(DisplayText.count(done.own.rows, "row", "rows")) in \(DisplayText.duration(done.duration))"
            if done.own.failed > 0 { text += ", \(done.own.failed) failed" }
            if done.own.unknown > 0 { text += ", \(done.own.unknown) unknown" }
            if done.own.cancelled > 0 { text += ", \(done.own.cancelled) not sent" }
            if !end.failureClasses.isEmpty { text += " (\(end.failureClasses))" }
        }
        if let message = end.message { text += ": \(message)" }
        if let results = end.results { text += "; \(results)" }
        logger.log(level: level, "\(TextFit.printable(text))")
    }

    private func tell(_ hooks: RunHooks, of entry: LedgerEntry) {
        guard !hooks.isEmpty else { return }
        let started = entry.startedAt ?? entry.nominalTime
        self.hooks.send(
            HookEvent(
                job: entry.job, nominalTime: entry.nominalTime, runID: entry.runID ?? "", result: .crashed,
                startedAt: started, finishedAt: entry.finishedAt ?? started, message: "the process that ran it died"),
            to: hooks)
    }
}
