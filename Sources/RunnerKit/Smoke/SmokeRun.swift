internal import Execution
internal import Expectations
internal import JobFile
internal import JobModel
internal import LivePerson
internal import Results

/// Runs the cases of one job, and those that fail again.
struct SmokeRun: Sendable {
    let element: SmokeSelection.Element
    let execution: JobExecution
    let session: RunSession
    let settings: SmokeSettings
    let calledOff: CallOff
    let drain: Duration
    /// Where the mutexes of jobs are.
    let state: StateDirectory
    let time: any TimeSource

    private var job: JobDefinition { element.job }

    /// What a run of a job came to.
    struct End {
        var suite: SmokeSuite
        /// What it amounts to besides its cases.
        var statuses: [ExitStatus]
    }

    /// - Parameter appends: to an output that exists.
    /// - Returns: a suite with a problem for everything that keeps the job from running to its end.
    func run(appends: Bool) async -> End {
        let begin = time.monotonicNow()
        var suite = SmokeSuite(
            file: element.document.path, job: job.name, line: job.location.line, startedAt: time.wallNow())
        var statuses: [ExitStatus] = []
        do throws(CommandFailure) {
            // How many failures are too many is for the expectations to say.
            var job = job
            job.policy.tolerate = nil
            statuses = try await MutexPermit.holding(
                mutexesOf: job, state: state, signals: session.signals, console: execution.console
            ) { [job] identity async throws(CommandFailure) in
                let ready = try execution.ready(job, of: element.document, appends: appends, identity: identity)
                defer { ready.file.close() }
                suite.runID = ready.preparation.description.runID
                suite.results = ready.file.isStandardOutput ? nil : ready.file.name
                return try await tryAll(ready, &suite)
            }
            if suite.runID.isEmpty { suite.problem = RunSummaryText.reason(.stopped) }
        } catch {
            suite.problem = error.message
            statuses.append(error.status)
        }
        suite.duration = begin.duration(to: time.monotonicNow())
        return End(suite: suite, statuses: statuses)
    }

    private func tryAll(_ first: ReadyRun, _ suite: inout SmokeSuite) async throws(CommandFailure) -> [ExitStatus] {
        guard let expectations = job.expectations, let cases = first.preparation.cases else { return [] }
        let account = try session.accountToUse(element.document.account)
        let judge = CaseJudge(expectations: expectations, mask: SecretMask(echoed: account.clientSecret))
        var ready = first
        var expected: @Sendable (Int) -> [RenderedValue?] = { cases.take($0) }
        var statuses: [ExitStatus] = []
        for attempt in 0...settings.retries {
            let (end, recorder) = try await tryOnce(
                ready, account, judge, expected: expected, keepsFailed: attempt < settings.retries)
            suite.cases = attempt == 0 ? recorder.cases : Self.merged(suite.cases, recorder.cases)
            suite.problem = problem(of: end).map(judge.mask.masked)
            // That no repeat could be sent says nothing of what was sent before.
            let later = self.statuses(of: end)
            statuses = attempt > 0 && end.reason == .completed ? later.filter(statuses.contains) : later
            let rows = recorder.repeatable
            guard end.reason == .completed, !rows.isEmpty, session.signals.status == nil else { break }
            let byIndex = Dictionary(uniqueKeysWithValues: rows.map { ($0.row.index, $0.expected) })
            expected = { byIndex[$0] ?? [] }
            let again = RepeatedRows(rows, window: recorder.window)
            ready = ReadyRun(preparation: first.preparation.repeated(again, at: time.wallNow()), file: first.file)
        }
        return statuses
    }

    /// Why not all cases were run, if that is for a reason of the whole run.
    private func problem(of end: RunEnd) -> String? {
        if end.reason == .completed, end.counts.rows == 0, execution.settings.limit != 0 {
            return "its input has no rows: nothing was tested"
        }
        return calledOff.isCalledOff ? nil : RunSummaryText.reason(end.reason)
    }

    private func tryOnce(
        _ ready: ReadyRun, _ account: Account, _ judge: CaseJudge,
        expected: @escaping @Sendable (Int) -> [RenderedValue?], keepsFailed: Bool
    ) async throws(CommandFailure) -> (RunEnd, CaseRecorder) {
        // The recording of each try closes its own part.
        _ = ready.file.share()
        let recorder = CaseRecorder(
            try session.recorder(of: ready), judge: judge, expected: expected, calledOff: calledOff,
            keepsFailed: keepsFailed)
        let end = await session.run(ready.preparation, account: account, recorder: recorder, of: ready.file) {
            [drain] handle in
            calledOff.direct(to: { handle.stop(drainFor: drain) })
        }
        calledOff.direct(to: nil)
        return (end, recorder)
    }

    /// Only expectations decide between 0 and 1; and whoever wanted the end gets no other status for it.
    private func statuses(of end: RunEnd) -> [ExitStatus] {
        ExitStatus.statuses(of: end, tolerates: true, signal: session.signals.status).filter { status in
            switch status {
            case .failed: false
            case .interrupted, .terminated: session.signals.status != nil
            default: true
            }
        }
    }

    private static func merged(_ cases: [SmokeCase], _ repeated: [SmokeCase]) -> [SmokeCase] {
        let later = Dictionary(uniqueKeysWithValues: repeated.map { ($0.index, $0) })
        return cases.map { one in later[one.index].map { one.followed(by: $0) } ?? one }
    }
}
