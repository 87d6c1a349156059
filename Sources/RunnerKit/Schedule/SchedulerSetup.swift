internal import JobFile
internal import JobModel
internal import Ledger
internal import Logging
internal import Reactor
internal import Scheduling
internal import Status
internal import Timing

/// Everything that a scheduler works with: files, ledger, services, hooks.
struct SchedulerSetup: Sendable {
    let console: Console
    let plan: SchedulePlan
    /// As they were before ``plan`` was read from them.
    let filesBefore: FileSnapshot
    let services: Services
    let launcher: RunLauncher
    let journal: ScheduleJournal
    let hooks: HookSender
    let driver: ScheduleDriver
    let logger: Logger
    private let sandbox: EmbeddedSandbox?
    private let clock: LedgerClock
    private let common: CommonSettings
    private let paths: [String]
    private let directory: StateDirectory
    /// Of jobs that the ledger does not know, occurrences from then on count.
    private let beginning: Timestamp

    /// How long hooks may take after the last run.
    private static let hookPatience = Duration.seconds(15)

    /// Reads the files, opens the ledger, and starts the services.
    ///
    /// - Throws: ``CommandFailure`` for everything that keeps the scheduler from starting.
    init(
        mode: SchedulerMachine.Mode, common: CommonSettings, settings: ScheduleSettings, paths: [String]
    ) async throws {
        let time = SystemTimeSource()
        let console = Console(settings: common)
        self.console = console
        self.common = common
        self.paths = paths
        let logger = console.logger("fnrun", settings: common)
        self.logger = logger
        filesBefore = Self.snapshot(paths, common)
        plan = try Self.readPlan(paths, common: common, console: console)
        clock = LedgerClock(time: time)
        directory = StateDirectory(settings.state, besides: paths)
        let opened = try Self.openLedger(directory, now: time.wallNow())
        if let damaged = opened.damaged { logger.error("\(damaged.message)") }
        // What ran is not known any more: nothing may run a second time.
        beginning = opened.damaged == nil ? time.wallNow() - settings.since : time.wallNow()
        services = try Services(
            settings: settings.run, time: time, logger: logger,
            retryRefusedEvery: mode == .daemon ? .seconds(60) : nil)
        sandbox =
            common.usesSandbox
            ? try await EmbeddedSandbox.start(script: common.sandboxScript, console: console, time: time) : nil
        launcher = RunLauncher(
            services: services, settings: settings.run, zones: .system, console: console,
            sandboxAccount: sandbox?.account)
        hooks = HookSender(transport: services.http, userAgent: "fnrun/\(Version.current)", time: time) {
            @Sendable note in logger.log(level: note.message.level, "\(note.message.text)")
        }
        journal = ScheduleJournal(mode: mode, logger: logger, hooks: hooks)
        driver = ScheduleDriver(
            mode: mode, plan: plan, ledger: opened.ledger, clock: clock, launcher: launcher, keep: settings.keep,
            listener: ScheduleDriver.Listener(
                noted: { @Sendable [journal] in journal.noted($0, under: $1) },
                began: { @Sendable [journal] in journal.began($0, $1) },
                ended: { @Sendable [journal] in journal.ended($0, $1) },
                released: { @Sendable [journal] in journal.released($0) },
                wrote: { @Sendable [journal] in journal.wrote(for: $0, hasSucceeded: $1) },
                ledgerTroubled: { @Sendable [journal] in journal.ledgerTroubled($0) },
                reloaded: { @Sendable [journal] in journal.reloaded($0, $1) }))
    }

    /// Makes the plan known to the ledger, forgets what is old, and begins.
    ///
    /// - Throws: ``CommandFailure`` with status 7 if the ledger cannot be written.
    func start() throws(CommandFailure) {
        do throws(LedgerError) {
            try driver.start(from: beginning)
        } catch {
            throw CommandFailure(.output, error.message)
        }
    }

    /// Tells the journal from now on what the ledger knows of jobs.
    var recall: LedgerRecall { LedgerRecall(of: directory, clock: clock, journal: journal, logger: logger) }

    /// Waits for the end of the scheduler and ends everything else.
    func finish() async {
        await driver.finish()
        await hooks.drain(within: Self.hookPatience)
        services.shutdown()
        await sandbox?.stop(console: console)
    }

    /// Ends what was started of a scheduler that does not begin.
    func abandon() async {
        services.shutdown()
        await sandbox?.stop(console: console)
    }

    /// What signals do.
    var signalTarget: StopSignals.Target {
        StopSignals.Target(
            stop: { @Sendable [driver] in driver.stop() },
            abort: { @Sendable [launcher] in launcher.abortAll() },
            status: { @Sendable [driver] in
                let status = driver.status
                return "\(status.goingRuns) going, \(status.waitingClaims) waiting"
            })
    }

    /// What the plan is read from: files, files of variables whether they are there or not, and folders.
    var sources: (files: [String], folders: [String]) { Self.sources(paths, common) }

    /// How the files of the plan are now.
    var filesNow: FileSnapshot { Self.snapshot(paths, common) }

    private static func sources(_ paths: [String], _ common: CommonSettings) -> (files: [String], folders: [String]) {
        let folders = paths.filter(JobFilePaths.isFolder)
        let variables =
            common.environmentFile.map { [$0] }
            ?? paths.map { path in
                JobFilePath.resolve(
                    ".env", beside: JobFilePaths.isFolder(path) && !path.hasSuffix("/") ? path + "/" : path)
            }
        return (paths.filter { !JobFilePaths.isFolder($0) } + variables, folders)
    }

    private static func snapshot(_ paths: [String], _ common: CommonSettings) -> FileSnapshot {
        let (files, folders) = sources(paths, common)
        return FileSnapshot(files: files, folders: folders, named: JobFilePaths.isJobFile)
    }

    /// Every line on stderr is to be an object.
    var logsAreJSON: Bool { common.logFormat == .json }

    /// Tells people something that is no log by itself.
    var notice: @Sendable (String) -> Void {
        if logsAreJSON { return { @Sendable [logger] in logger.notice("\($0)") } }
        return { @Sendable [console] in console.notice($0) }
    }

    /// The accounts of a plan by the names under which the scheduler knows them.
    func accounts(of plan: SchedulePlan) -> [String: Account] {
        sandbox.map { ["": $0.account] } ?? plan.accountsByKey
    }

    /// Reads the files anew.
    ///
    /// - Throws: ``CommandFailure`` with status 2 and every problem, rendered.
    func readPlan() throws(CommandFailure) -> SchedulePlan {
        try Self.readPlan(paths, common: common, console: console)
    }

    private static func readPlan(
        _ paths: [String], common: CommonSettings, console: Console
    ) throws(CommandFailure) -> SchedulePlan {
        let files = JobFiles(common: common, console: console, zones: .system, lenientAccount: common.usesSandbox)
        let documents = try JobFileSet(paths, with: files).checked(console)
        return SchedulePlan(documents, sandbox: common.usesSandbox)
    }

    private static func openLedger(
        _ directory: StateDirectory, now: Timestamp
    ) throws(CommandFailure) -> OpenedLedger {
        do throws(LedgerError) {
            return try SQLiteLedger.open(directory: directory.path, now: now)
        } catch {
            throw CommandFailure(.output, error.message)
        }
    }
}
