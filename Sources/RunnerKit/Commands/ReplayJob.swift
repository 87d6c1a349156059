internal import JobFile
internal import JobModel
internal import Results

/// `fnrun replay`: one job over the rows of a file.
package struct ReplayJob: Sendable {
    private let common: CommonSettings
    private let run: RunSettings
    private let replay: ReplaySettings
    private let file: String
    private let jobName: String?
    private let state: String?

    /// - Parameters:
    ///   - jobName: nil is the only job of the file.
    ///   - state: the state directory, of a job with mutexes; nil is `.fnrun` beside the file.
    package init(
        common: CommonSettings, run: RunSettings, replay: ReplaySettings, file: String, jobName: String?,
        state: String? = nil
    ) {
        self.state = state
        self.common = common
        self.run = run
        self.replay = replay
        self.file = file
        self.jobName = jobName
    }

    /// - Throws: ``CommandFailure`` for everything that keeps the run from starting.
    package func execute() async throws -> ExitStatus {
        let opened = try OpenedJobFile(file, common: common, run: run, trigger: .replay, formatIsGiven: true)
        let document = opened.document
        var job = try document.select(jobName.map { [$0] } ?? [], hint: "say --job NAME")[0]
        job.input = try input(of: job)
        let redrive = try redrive(of: job, opened.console)
        guard !run.isDryRun else { return try opened.dryRun([job], redrive: redrive) }
        let session = try await opened.startSession()
        return try await session.execute { [job] () async throws(CommandFailure) in
            try await MutexPermit.holding(
                mutexesOf: job, state: StateDirectory(state, besides: [file]), signals: session.signals,
                console: opened.console
            ) { identity async throws(CommandFailure) in
                try await opened.execution.run(
                    job, of: document, redrive: redrive, appends: run.appends, identity: identity, in: session)
            }
        }
    }

    /// The job's input with the file of the command line. A name that tells its format beats the job file's.
    private func input(of job: JobDefinition) throws(CommandFailure) -> JobInput {
        var input = job.input
        guard let path = replay.redrives ? replay.originalInput : replay.from else { return input }
        guard path == "-" || !ResultReader(path: path).beginsWithRun else {
            throw CommandFailure(.usage, "\(path): is a result file; add --only failed to send what failed again")
        }
        input.source = .file(written: path, path: path)
        input.format = InputFormat(inputName: path) ?? input.format
        return input
    }

    /// - Throws: ``CommandFailure`` with status 2 if the result file cannot be read or holds no run of the job.
    private func redrive(of job: JobDefinition, _ console: Console) throws(CommandFailure) -> Redrive? {
        guard replay.redrives else { return nil }
        let history: ResultHistory
        do {
            history = try ResultHistory.read(ResultReader(path: replay.from), job: job.name)
        } catch {
            throw CommandFailure(.invalid, error.message)
        }
        guard history.lastRun != nil else {
            let others = history.otherJobs.joined(separator: ", ")
            throw CommandFailure(
                .invalid,
                history.isEmpty
                    ? "\(replay.from): holds no records; --only failed wants a result file"
                    : "\(replay.from): holds runs of \(others), none of \(job.name)")
        }
        let takesUnknown = job.policy.idempotent || run.retriesUnknown
        let redrive = Redrive(
            results: replay.from, originalInput: replay.originalInput, history: history, takesUnknown: takesUnknown,
            limit: run.limit)
        let left = RedriveSet(history, takesUnknown: true).count - redrive.rows.count
        if left > 0 {
            console.notice("\(replay.from): leaves out \(left) unknown (may have run); --retry-unknown takes them too")
        }
        let unrecorded = Swift.max(0, history.inDoubt - left)
        if unrecorded > 0, !takesUnknown {
            console.notice(
                "\(replay.from): \(unrecorded) rows may have run and left no record; --resume goes on with them")
        }
        return redrive
    }
}
