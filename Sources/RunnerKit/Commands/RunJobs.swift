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
        try checkFormat()
        let console = Console(settings: common)
        let time = SystemTimeSource()
        let zones = TimeZoneDatabase.system
        let files = JobFiles(
            common: common, console: console, zones: zones, lenientAccount: run.isDryRun || common.usesSandbox,
            formatIsGiven: run.inputFormat != nil)
        let document = try files.load(file)
        let jobs = try select(from: document)
        guard !run.isDryRun else {
            return try DryRun(console: console, format: common.format, settings: run, zones: zones, time: time)
                .execute(jobs: jobs, document: document)
        }
        // An input that is missing shall be known before the first job sends anything.
        for job in jobs.dropFirst() { try JobPreparation.checkInput(of: job) }
        let session = try await RunSession.start(
            common: common, run: run, console: console, time: time)
        var statuses: [ExitStatus] = []
        do {
            for (position, job) in jobs.enumerated() where session.signals.status == nil {
                let preparation = try JobPreparation(
                    job: job, vars: document.vars, settings: run, trigger: .manual, zones: zones, time: time)
                let output = try run.output ?? document.resolve(preparation.outputPath(of: job.output))
                // The jobs of one command share the file that a flag names.
                let appends = run.appends || (run.output != nil && position > 0)
                statuses += try await session.run(
                    preparation, account: document.account, output: output, appends: appends)
                if statuses.contains(where: session.isFinal) { break }
            }
        } catch let failure as CommandFailure {
            console.error(failure.message)
            statuses.append(failure.status)
        }
        await session.end()
        if let status = session.signals.status { statuses.append(status) }
        return ExitStatus.decisive(among: statuses)
    }

    private func checkFormat() throws(CommandFailure) {
        guard common.format == .curl, !run.isDryRun else { return }
        throw CommandFailure(.usage, "--format curl: only with --dry-run")
    }

    /// - Throws: status 64 for names that do not exist, or none where several jobs are.
    private func select(from document: JobFileDocument) throws(CommandFailure) -> [JobDefinition] {
        guard let jobNames else { return document.jobs }
        let known = document.jobs.map(\.name).joined(separator: ", ")
        if jobNames.isEmpty {
            guard document.jobs.count == 1 else {
                throw CommandFailure(.usage, "\(file) has several jobs (\(known)): say --job NAME or --all")
            }
            return document.jobs
        }
        for name in jobNames where document.job(named: name) == nil {
            throw CommandFailure(.usage, "\(file) has no job '\(name)'; it has \(known)")
        }
        return document.jobs.filter { jobNames.contains($0.name) }
    }
}
