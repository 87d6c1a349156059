internal import Glibc
internal import JobModel
internal import LivePerson
internal import Logging
internal import Reactor
internal import Results
internal import Status
internal import Synchronization

/// What a daemon has besides its scheduler: reloads, the status server, the service manager, an eye on its accounts.
final class ScheduleDaemon: Sendable {
    private struct State {
        var files: FileWatch?
        /// Before the plan in force was read.
        var filesBefore: FileSnapshot
        /// Of those, the ones that the plan in force names.
        var secretFiles: Set<String> = []
        var server: StatusServer?
        var accounts: [String: AccountWatch] = [:]
        var reload: ReloadStatus?
        var watchdog: Alarm?
        var recall: LedgerRecall?
    }

    let setup: SchedulerSetup
    private let notifier: ServiceNotifier?
    private let queue = SerialQueue(label: "fnrun.daemon")
    private let state: Mutex<State>
    private let time = SystemTimeSource()
    let startedAt: Timestamp

    init(setup: SchedulerSetup) {
        self.setup = setup
        state = Mutex(State(filesBefore: setup.filesBefore))
        startedAt = time.wallNow()
        do throws(StatusError) {
            notifier = try ServiceNotifier(environment: ProcessEnvironment.current)
        } catch {
            setup.logger.warning("\(error.message)")
            notifier = nil
        }
    }

    /// Begins to schedule, and says so.
    ///
    /// - Throws: ``CommandFailure`` with status 7 if the ledger cannot be written, 64 if nobody can listen on the address.
    func start(listeningOn address: ListenAddress?) async throws(CommandFailure) {
        if let address { try await listen(on: address) }
        try setup.start()
        if address != nil { recall() }
        let now = time.wallNow()
        state.withLock { $0.reload = ReloadStatus(at: now, lastSuccess: now) }
        watchAccounts()
        watchFiles(secrets: setup.plan.secretFiles)
        watchdog()
        let count = setup.plan.scheduledCount
        setup.logger.notice("scheduling \(DisplayText.count(count, "job", "jobs"))\(nextText)")
        if count == 0 { setup.logger.warning("no job of these files has a schedule") }
        tell(.ready, .status("scheduling \(DisplayText.count(count, "job", "jobs"))"))
    }

    /// Ends what ``start(listeningOn:)`` has begun.
    func end() async {
        let server = state.withLock { state in
            state.files = nil
            state.watchdog = nil
            state.recall = nil
            defer { state.server = nil }
            return state.server
        }
        await server?.shutdown()
    }

    /// Nil before the jobs are scheduled.
    var lastReload: ReloadStatus? { state.withLock { $0.reload } }

    /// What signals do.
    var signalTarget: StopSignals.Target {
        let target = setup.signalTarget
        return StopSignals.Target(
            stop: { @Sendable [self] in
                tell(.stopping)
                target.stop()
            }, abort: target.abort,
            status: { @Sendable [self] in
                setup.logsAreJSON
                    ? String(
                        decoding: StatusJSON.bytes(
                            of: snapshot(), now: time.wallNow(), monotonicNow: time.monotonicNow()), as: UTF8.self)
                    : ScheduleSnapshotText.lines(snapshot(), at: time.wallNow()).joined(separator: "\n")
            })
    }

    /// Reads the files anew; wrong ones change nothing.
    func reload(because cause: String) {
        queue.async { @Sendable [self] in
            tell(.reloading(uptimeMicroseconds: time.uptimeMicroseconds()))
            let now = time.wallNow()
            let before = setup.filesNow
            do throws(CommandFailure) {
                let plan = try setup.readPlan()
                state.withLock { $0.filesBefore = before }
                setup.driver.replacePlan(by: plan) { @Sendable [weak self] in self?.reloaded(plan) }
            } catch {
                defer { tell(.ready) }
                if setup.logsAreJSON { setup.console.say(error.json) } else { setup.console.failure(error) }
                setup.logger.error("\(cause): the new files are wrong; the plan in force stays")
                state.withLock { state in
                    let before = state.reload?.lastSuccess ?? now
                    state.reload = ReloadStatus(at: now, lastSuccess: before, problem: error.firstProblem)
                }
            }
        }
    }

    private func reloaded(_ plan: SchedulePlan) {
        queue.async { @Sendable [self] in
            let now = time.wallNow()
            state.withLock { $0.reload = ReloadStatus(at: now, lastSuccess: now) }
            watchAccounts(of: plan)
            if plan.secretFiles != state.withLock({ $0.secretFiles }) { watchFiles(secrets: plan.secretFiles) }
            let count = DisplayText.count(plan.scheduledCount, "job", "jobs")
            tell(.ready, .status("scheduling \(count)"))
        }
    }

    private func recall() {
        let recall = setup.recall
        state.withLock { $0.recall = recall }
        recall.start()
    }

    private var nextText: String {
        guard let next = setup.driver.pulse?.nextDue, next > time.wallNow() else { return "" }
        return "; the next occurrence fires at \(next.shortestRFC3339)"
    }

    private func listen(on address: ListenAddress) async throws(CommandFailure) {
        if !address.isLoopback {
            setup.logger.warning("\(address): others can reach the status pages, which ask nobody for a password")
        }
        do throws(StatusError) {
            let server = try await StatusServer.start(on: address, source: self)
            state.withLock { $0.server = server }
            setup.logger.notice("status pages on http://\(server.address)/")
        } catch {
            throw CommandFailure(.usage, error.message)
        }
    }

    private func watchAccounts(of plan: SchedulePlan? = nil) {
        let accounts = setup.accounts(of: plan ?? setup.plan)
        // Nobody asks any more for those that are gone.
        state.withLock { state in state.accounts = state.accounts.filter { accounts[$0.key] != nil } }
        setup.services.keep(only: accounts.values)
        for (key, account) in accounts {
            let watch = AccountWatch { @Sendable [weak self] gateway in self?.account(key, account.id, is: gateway) }
            let isNew = state.withLock { state in
                guard state.accounts[key] == nil else { return false }
                state.accounts[key] = watch
                return true
            }
            if isNew { setup.services.gateway(for: account).observe(watch) }
        }
    }

    private func account(_ key: String, _ id: String, is gateway: GatewayState) {
        switch gateway {
        case .refused(let why):
            setup.logger.error("account \(id) is paused, and tried again every 60 s: \(why)")
            setup.driver.account(key, isPaused: true)
        case .unreachable(let why): setup.logger.warning("account \(id) is out of reach: \(why)")
        case .ready: setup.driver.account(key, isPaused: false)
        case .preparing: break
        }
    }

    private func watchFiles(secrets: Set<String>) {
        let (files, folders) = setup.sources
        do throws(FileWatchError) {
            let watch = try FileWatch(
                files: files + secrets, folders: folders, named: JobFilePaths.isJobFile, queue: queue
            ) { @Sendable [weak self] event in
                switch event {
                case .changed: self?.reload(because: "a file has changed")
                case .incomplete(let why): self?.setup.logger.warning("changes of files may go unnoticed: \(why)")
                }
            }
            state.withLock { state in
                state.files = watch
                state.secretFiles = secrets
            }
            // What has changed since they were read, the watch has never seen otherwise. Files of secrets are not known
            // before that.
            if setup.filesNow != state.withLock({ $0.filesBefore }) { reload(because: "a file has changed") }
        } catch {
            setup.logger.warning("\(error.message); reload by SIGHUP")
        }
    }

    private func watchdog() {
        guard let interval = notifier?.watchdogInterval else { return }
        let alarm = Alarm(queue: queue, time: time) { @Sendable [weak self] in
            guard let self else { return }
            // A scheduler that does not look at the clock any more is to be restarted.
            if let pulse = setup.driver.pulse, pulse.lookedAt.duration(to: time.monotonicNow()) < .seconds(10) {
                tell(.watchdog)
            }
            state.withLock { $0.watchdog }?.arm(at: time.monotonicNow().advanced(by: interval))
        }
        state.withLock { $0.watchdog = alarm }
        alarm.arm(at: time.monotonicNow().advanced(by: interval))
    }

    private func tell(_ messages: ServiceNotifier.Message...) {
        for message in messages {
            do throws(StatusError) { try notifier?.send(message) } catch { setup.logger.debug("\(error.message)") }
        }
    }
}
