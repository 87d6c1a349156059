internal import Execution
internal import JobFile
internal import JobModel
internal import Results

/// One command that runs jobs: the services, the embedded sandbox if there is one, the signals.
struct RunSession: Sendable {
    let signals: StopSignals
    private let services: Services
    private let sandbox: EmbeddedSandbox?
    private let run: RunSettings
    private let console: Console
    private let format: CommonSettings.Format

    /// - Throws: ``CommandFailure`` if the engine or the sandbox does not start.
    static func start(
        common: CommonSettings, run: RunSettings, console: Console, time: any TimeSource
    ) async throws -> RunSession {
        let signals = StopSignals(console: console)
        signals.watch()
        let services = try Services(
            settings: run, time: time,
            logger: console.logger("fnrun", settings: common))
        let sandbox =
            common.usesSandbox
            ? try await EmbeddedSandbox.start(script: common.sandboxScript, console: console, time: time) : nil
        return RunSession(
            signals: signals, services: services, sandbox: sandbox, run: run, console: console,
            format: common.format)
    }

    /// Does the work of a command, then ends what is in flight; a signal that came meanwhile is part of the outcome.
    func execute(
        _ work: () async throws(CommandFailure) -> [ExitStatus]
    ) async throws(CommandFailure) -> ExitStatus {
        var statuses: [ExitStatus]
        do {
            statuses = try await work()
        } catch {
            console.failure(error)
            statuses = [error.status]
        }
        await end()
        if let status = signals.status { statuses.append(status) }
        return ExitStatus.decisive(among: statuses)
    }

    /// Runs a job into a result file and tells of its end on stderr.
    ///
    /// - Parameter account: nil only with the embedded sandbox.
    /// - Returns: everything that the end amounts to.
    /// - Throws: ``CommandFailure`` with status 2 without an account.
    func run(_ ready: ReadyRun, account: Account?) async throws(CommandFailure) -> [ExitStatus] {
        let (preparation, file) = (ready.preparation, ready.file)
        let account = try accountToUse(account)
        if let warning = preparation.warning { console.notice("\(preparation.job.name): \(warning)") }
        let recorder = try recorder(of: ready)
        let end = await run(preparation, account: account, recorder: recorder, of: file)
        switch format {
        case .json:
            if !recorder.summary.isEmpty { console.notice(String(decoding: recorder.summary, as: UTF8.self)) }
        case .text, .curl:
            let lines = RunSummaryText.lines(
                job: preparation.job.name, end: end, tally: recorder.tally,
                output: file.isStandardOutput ? nil : file.name)
            console.notice(lines.joined(separator: "\n"))
        }
        if end.counts.rows == 0, end.reason == .completed {
            console.notice("\(preparation.job.name): there was no row to send")
        }
        if let why = RunSummaryText.reason(end.reason) {
            let cure =
                file.isRegular && !file.isStandardOutput && !why.contains("--resume")
                ? "; go on with --resume \(ShellText.word(file.name))" : ""
            console.error("\(preparation.job.name): stopped: \(why)\(cure)")
        }
        return statuses(of: end, preparation)
    }

    /// Writes the records of a run into its file.
    ///
    /// - Throws: ``CommandFailure`` with status 7 if that cannot be written.
    func recorder(of ready: ReadyRun) throws(CommandFailure) -> DurableRecorder {
        try ready.recorder(syncedBy: services.syncs)
    }

    /// Runs a job into any recorder.
    func run(
        _ preparation: JobPreparation, account: Account?, recorder: any RunRecorder
    ) async throws(CommandFailure) -> [ExitStatus] {
        let end = await run(preparation, account: try accountToUse(account), recorder: recorder)
        return statuses(of: end, preparation)
    }

    /// Runs a job into any recorder.
    ///
    /// - Parameters:
    ///   - file: where the records go, if the recorder writes them.
    ///   - started: gets the run as soon as it can be stopped.
    func run(
        _ preparation: JobPreparation, account: Account, recorder: any RunRecorder, of file: ResultFile? = nil,
        started: @Sendable (RunHandle) -> Void = { _ in }
    ) async -> RunEnd {
        let specification = preparation.specification(account: account)
        let gateway = services.gateway(for: account)
        let drain = run.shutdownTimeout
        let begin = services.time.monotonicNow()
        var progress: ProgressReporter?
        let end = await withCheckedContinuation { continuation in
            let handle = services.engine.start(
                specification, source: preparation.source, gateway: gateway, recorder: recorder
            ) { @Sendable end in continuation.resume(returning: end) }
            started(handle)
            signals.direct(
                to: .init(
                    stop: { handle.stop(drainFor: drain) }, abort: { handle.abort() },
                    status: { [time = services.time] in
                        var snapshot = preparation.snapshot(at: handle.progress)
                        let seconds = begin.duration(to: time.monotonicNow()).milliseconds / 1000
                        let done = snapshot.done - preparation.carried.settled.finished
                        snapshot.perSecond = seconds > 0 ? Double(done) / seconds : 0
                        return ProgressLine.plain(snapshot)
                    }))
            progress = ProgressReporter(console: console, progress: shownProgress(besides: file), time: services.time) {
                @Sendable in preparation.snapshot(at: handle.progress)
            }
        }
        signals.direct(to: nil)
        progress?.end()
        return end
    }

    /// Records that go by on the terminal are progress enough, and a live line among them would tear them.
    private func shownProgress(besides file: ResultFile?) -> RunSettings.Progress {
        let areSeen = file?.isStandardOutput == true && console.outputIsTerminal && console.isTerminal
        return areSeen && run.progress == .auto ? .none : run.progress
    }

    private func statuses(of end: RunEnd, _ preparation: JobPreparation) -> [ExitStatus] {
        ExitStatus.statuses(of: end, tolerates: preparation.policy.tolerate != nil, signal: signals.status)
    }

    /// Whether further jobs make no sense after a run that ended so.
    func isFinal(_ status: ExitStatus) -> Bool {
        switch status {
        case .output, .refused, .unreachable, .interrupted, .terminated: true
        default: false
        }
    }

    /// Ends what is in flight and stops the sandbox.
    func end() async {
        services.shutdown()
        await sandbox?.stop(console: console)
    }

    /// The embedded sandbox's account, if there is one; else the one that is given.
    ///
    /// - Throws: ``CommandFailure`` with status 2 without any.
    func accountToUse(_ account: Account?) throws(CommandFailure) -> Account {
        guard let account = sandbox?.account ?? account else {
            throw CommandFailure(.invalid, "the job file has no 'account'; add one, or try it with --sandbox")
        }
        return account
    }
}
