internal import JobFile
internal import JobModel
internal import Reactor
internal import Timing

/// `fnrun run`: runs jobs of a file once, one after another, in file order.
package struct RunJobs: Sendable {
    private let common: CommonSettings
    private let run: RunSettings
    private let file: String
    /// Nil is all.
    private let jobNames: [String]?

    package init(common: CommonSettings, run: RunSettings, file: String, jobNames: [String]?) {
        self.common = common
        self.run = run
        self.file = file
        self.jobNames = jobNames
    }

    /// - Throws: ``CommandFailure`` for everything that keeps a run from starting.
    package func execute() async throws -> ExitStatus {
        try common.refuseCurl(unless: run.isDryRun)
        let console = Console(settings: common)
        let time = SystemTimeSource()
        let zones = TimeZoneDatabase.system
        let files = JobFiles(
            common: common, console: console, zones: zones, lenientAccount: run.isDryRun || common.usesSandbox,
            formatIsGiven: run.inputFormat != nil)
        let document = try files.load(file)
        let jobs = try jobNames.map { try document.select($0, hint: "say --job NAME or --all") } ?? document.jobs
        guard run.resume == nil || jobs.count == 1 else {
            throw CommandFailure(.usage, "--resume goes on with one job: say --job NAME")
        }
        let execution = JobExecution(
            console: console, settings: run, zones: zones, time: time, trigger: .manual)
        guard !run.isDryRun else {
            let dryRun = DryRun(console: console, format: common.format)
            return ExitStatus.decisive(
                among: try jobs.flatMap { job in
                    try dryRun.printAll(
                        try execution.prepareDryRun(job, of: document), account: document.account)
                })
        }
        // An input that is missing shall be known before the first job sends anything.
        for job in jobs.dropFirst() { try JobPreparation.checkInput(of: job) }
        let session = try await RunSession.start(common: common, run: run, console: console, time: time)
        return try await session.execute { () async throws(CommandFailure) in
            var statuses: [ExitStatus] = []
            for (position, job) in jobs.enumerated() where session.signals.status == nil {
                do throws(CommandFailure) {
                    // The jobs of one command share the file that a flag names.
                    statuses += try await execution.run(
                        job, of: document, appends: run.appends || (run.output != nil && position > 0), in: session)
                } catch {
                    console.error(error.message)
                    return statuses + [error.status]
                }
                if statuses.contains(where: session.isFinal) { break }
            }
            return statuses
        }
    }
}
