internal import Execution
internal import JobFile
internal import JobModel
internal import Reactor
internal import Results
internal import Synchronization
internal import Timing

/// Starts the runs that a scheduler decides upon, any number at once, and tells how each ended.
final class RunLauncher: Sendable {
    private enum Stage {
        /// Input and output are being opened; whether it has been called off meanwhile.
        case opening(isCalledOff: Bool)
        case going(RunHandle)
    }

    /// Scheduled work goes ahead of bulk work on a shared limit.
    private static let priority = 10
    /// How long to wait for a file that another process has locked.
    private static let retryInterval = Duration.seconds(1)

    private let services: Services
    private let settings: RunSettings
    private let zones: TimeZoneDatabase
    private let console: Console
    /// In place of every file's account.
    private let sandboxAccount: Account?
    private let outputs = OutputFiles()
    /// Open files, and wait for the disk meanwhile; the runs of a job have one of them.
    private let queues = (0..<4).map { SerialQueue(label: "fnrun.launch.\($0)") }
    private let stages = Mutex<[String: Stage]>([:])
    /// Of runs whose files other processes still have.
    private let retries = Mutex<[String: Alarm]>([:])

    init(
        services: Services, settings: RunSettings, zones: TimeZoneDatabase, console: Console, sandboxAccount: Account?
    ) {
        self.services = services
        self.settings = settings
        self.zones = zones
        self.console = console
        self.sandboxAccount = sandboxAccount
    }

    /// How many runs there are.
    var count: Int { stages.withLock { $0.count } }

    /// How far a run has come; nil before it has begun to send, and afterwards.
    func progress(of runID: String) -> RunProgress? {
        guard case .going(let handle) = stages.withLock({ $0[runID] }) else { return nil }
        return handle.progress
    }

    /// Begins a run.
    ///
    /// - Parameter report: called once, from a queue of the launcher's.
    func launch(_ run: ScheduledRun, then report: @escaping @Sendable (ScheduledRunEnd) -> Void) {
        stages.withLock { $0[run.identity.runID] = .opening(isCalledOff: false) }
        queue(of: run).async { @Sendable [self] in attempt(run, then: report) }
    }

    private func attempt(_ run: ScheduledRun, then report: @escaping @Sendable (ScheduledRunEnd) -> Void) {
        guard !isCalledOff(run) else {
            stages.withLock { $0[run.identity.runID] = nil }
            return report(
                ScheduledRunEnd(
                    statuses: [.failed], finishedAt: services.time.wallNow(),
                    message: RunSummaryText.reason(.stopped), wasCalledOff: true))
        }
        do throws(CommandFailure) {
            try begin(run, then: report)
        } catch {
            // Another process has the file. Of a run that is gone on with, it was not dead: frozen, perhaps, for longer than
            // its lease. Or it has another run of a job whose runs do not get in each other's way.
            if error.mayPass, run.resumes != nil || run.job.scheduling.overlap == .allowAll {
                return attemptLater(run, then: report)
            }
            stages.withLock { $0[run.identity.runID] = nil }
            report(
                ScheduledRunEnd(
                    statuses: [error.status], finishedAt: services.time.wallNow(), message: error.message))
        }
    }

    private func attemptLater(_ run: ScheduledRun, then report: @escaping @Sendable (ScheduledRunEnd) -> Void) {
        let alarm = Alarm(queue: queue(of: run), time: services.time) { @Sendable [self] in
            retries.withLock { $0[run.identity.runID] = nil }
            attempt(run, then: report)
        }
        retries.withLock { $0[run.identity.runID] = alarm }
        alarm.arm(at: services.time.monotonicNow().advanced(by: Self.retryInterval))
    }

    /// Starts nothing new in a run and lets what is in flight end, for as long as a stopped run may drain.
    func stop(_ runID: String) {
        let handle = stages.withLock { stages -> RunHandle? in
            switch stages[runID] {
            case .going(let handle): return handle
            case .opening:
                stages[runID] = .opening(isCalledOff: true)
                return nil
            case nil: return nil
            }
        }
        handle?.stop(drainFor: settings.shutdownTimeout)
    }

    /// Stops every run.
    func stopAll() {
        for runID in stages.withLock({ Array($0.keys) }) { stop(runID) }
    }

    /// Ends every run now.
    func abortAll() {
        let handles = stages.withLock { stages in
            stages.values.compactMap { stage -> RunHandle? in
                if case .going(let handle) = stage { handle } else { nil }
            }
        }
        stopAll()
        for handle in handles { handle.abort() }
    }

    private func queue(of run: ScheduledRun) -> SerialQueue {
        queues[Int(UInt(bitPattern: run.occurrence.job.hashValue) % UInt(queues.count))]
    }

    private func isCalledOff(_ run: ScheduledRun) -> Bool {
        stages.withLock { stages in
            if case .opening(true) = stages[run.identity.runID] { true } else { false }
        }
    }

    private func begin(
        _ run: ScheduledRun, then report: @escaping @Sendable (ScheduledRunEnd) -> Void
    ) throws(CommandFailure) {
        guard let account = sandboxAccount ?? run.document.account else {
            throw CommandFailure(.invalid, "\(run.document.path): has no 'account'; add one, or try it with --sandbox")
        }
        let ready = try execution(of: run).ready(
            run.job, of: run.document, appends: true, identity: run.resumes == nil ? run.identity : nil)
        let recorder = try ready.recorder(syncedBy: services.syncs)
        let preparation = ready.preparation
        var specification = preparation.specification(account: account)
        specification.priority = Self.priority
        let gateway = services.gateway(for: account)
        let queue = queue(of: run)
        let handle = services.engine.start(
            specification, source: preparation.source, gateway: gateway, recorder: recorder
        ) { @Sendable [self] end in
            queue.async { @Sendable [self] in
                stages.withLock { $0[run.identity.runID] = nil }
                report(ended(end, preparation, recorder, ready.file))
            }
        }
        let isCalledOff = stages.withLock { stages in
            defer { stages[run.identity.runID] = .going(handle) }
            if case .opening(true) = stages[run.identity.runID] { return true }
            return false
        }
        if isCalledOff { handle.stop(drainFor: settings.shutdownTimeout) }
    }

    private func ended(
        _ end: RunEnd, _ preparation: JobPreparation, _ recorder: DurableRecorder, _ file: ResultFile
    ) -> ScheduledRunEnd {
        var end = end
        // Told to stop when nothing was left to begin: it has done all its work.
        if end.reason == .stopped, end.inputEnded, end.counts.cancelled == 0 { end.reason = .completed }
        let statuses = ExitStatus.statuses(
            of: end, tolerates: preparation.policy.tolerate != nil, signal: .interrupted)
        return ScheduledRunEnd(
            end: end, statuses: statuses, finishedAt: end.finishedAt, message: RunSummaryText.reason(end.reason),
            results: file.isStandardOutput ? nil : file.name, tally: recorder.tally,
            wasCalledOff: end.reason == .stopped && end.own.attempts == 0)
    }

    private func execution(of run: ScheduledRun) -> JobExecution {
        var settings = settings
        settings.nominalTime = run.occurrence.nominalTime
        settings.resume = run.resumes
        return JobExecution(
            console: console, settings: settings, zones: zones, time: services.time, trigger: run.trigger,
            outputs: outputs)
    }
}
