internal import JobFile
internal import JobModel
internal import Reactor
internal import Timing

/// A job file that was read for a command that runs its jobs, and what that command works with.
struct OpenedJobFile: Sendable {
    let document: JobFileDocument
    let console: Console
    let execution: JobExecution
    private let common: CommonSettings
    private let run: RunSettings

    /// - Parameter formatIsGiven: the command line tells the format of inputs.
    /// - Throws: ``CommandFailure`` with status 2 if the file is wrong, 64 for settings that need a dry run.
    init(
        _ path: String, common: CommonSettings, run: RunSettings, trigger: Trigger, formatIsGiven: Bool
    ) throws(CommandFailure) {
        try common.refuseCurl(unless: run.isDryRun)
        self.common = common
        self.run = run
        console = Console(settings: common)
        let zones = TimeZoneDatabase.system
        let files = JobFiles(
            common: common, console: console, zones: zones, lenientAccount: run.isDryRun || common.usesSandbox,
            formatIsGiven: formatIsGiven)
        document = try files.load(path)
        execution = JobExecution(
            console: console, settings: run, zones: zones, time: SystemTimeSource(), trigger: trigger)
    }

    /// Prints what jobs would send.
    func dryRun(_ jobs: [JobDefinition], redrive: Redrive? = nil) throws(CommandFailure) -> ExitStatus {
        let dryRun = DryRun(console: console, format: common.format)
        var statuses: [ExitStatus] = []
        for job in jobs {
            let preparation = try execution.prepareDryRun(job, of: document, redrive: redrive)
            statuses += try dryRun.printAll(preparation, account: document.account)
        }
        return ExitStatus.decisive(among: statuses)
    }

    /// - Throws: ``CommandFailure`` if the engine or the sandbox does not start.
    func startSession() async throws -> RunSession {
        try await RunSession.start(common: common, run: run, console: console, time: execution.time)
    }
}
