internal import JobFile
internal import JobModel

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
        let opened = try OpenedJobFile(
            file, common: common, run: run, trigger: .manual, formatIsGiven: run.inputFormat != nil)
        let (document, console) = (opened.document, opened.console)
        let jobs = try jobNames.map { try document.select($0, hint: "say --job NAME or --all") } ?? document.jobs
        guard run.resume == nil || jobs.count == 1 else {
            throw CommandFailure(.usage, "--resume goes on with one job: say --job NAME")
        }
        guard !run.isDryRun else { return try opened.dryRun(jobs) }
        // An input that is missing shall be known before the first job sends anything.
        for job in jobs.dropFirst() { try JobPreparation.checkInput(of: job) }
        let session = try await opened.startSession()
        return try await session.execute { () async throws(CommandFailure) in
            var statuses: [ExitStatus] = []
            for (position, job) in jobs.enumerated() where session.signals.status == nil {
                do throws(CommandFailure) {
                    // The jobs of one command share the file that a flag names.
                    statuses += try await opened.execution.run(
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
