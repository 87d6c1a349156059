internal import JobFile
internal import JobModel

/// `fnrun run`: runs jobs of a file once, one after another, in file order.
package struct RunJobs: Sendable {
    private let common: CommonSettings
    private let run: RunSettings
    private let file: String
    /// Nil is all.
    private let jobNames: [String]?
    private let state: String?

    /// - Parameters:
    ///   - jobNames: nil is all.
    ///   - state: the state directory, of a run in the place of an occurrence or of a job with mutexes; nil is `.fnrun`
    ///     beside the file.
    package init(common: CommonSettings, run: RunSettings, file: String, jobNames: [String]?, state: String? = nil) {
        self.state = state
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
                    statuses += try await execute(
                        job, opened, appends: run.appends || (run.output != nil && position > 0), in: session)
                } catch {
                    console.failure(error)
                    return statuses + [error.status]
                }
                if statuses.contains(where: session.isFinal) { break }
            }
            return statuses
        }
    }

    /// Runs one job; at a nominal time of its schedule, in the place of that occurrence.
    private func execute(
        _ job: JobDefinition, _ opened: OpenedJobFile, appends: Bool, in session: RunSession
    ) async throws(CommandFailure) -> [ExitStatus] {
        let state = StateDirectory(state, besides: [file])
        return try await MutexPermit.holding(
            mutexesOf: job, state: state, signals: session.signals, console: opened.console
        ) { identity async throws(CommandFailure) in
            let backfill = try run.nominalTime.flatMap { time throws(CommandFailure) in
                try Backfill.begin(
                    job, of: opened.document, at: time, identity: identity, state: state, console: opened.console
                ) { run.resume ?? run.output ?? opened.document.outputFile(of: job, run: $0, nominalTime: time) }
            }
            var execution = opened.execution
            if backfill != nil { execution.trigger = .backfill }
            do throws(CommandFailure) {
                let statuses = try await execution.run(
                    job, of: opened.document, appends: appends, identity: backfill?.identity ?? identity, in: session)
                backfill?.finish(statuses, console: opened.console)
                return statuses
            } catch {
                backfill?.finish([error.status], message: error.message, console: opened.console)
                throw error
            }
        }
    }
}
