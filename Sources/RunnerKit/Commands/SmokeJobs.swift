internal import JobFile
internal import JobModel
internal import Reactor
internal import Results
internal import Templating
internal import Timing

/// `fnrun smoke`: runs the jobs that have expectations and tells what is not as expected.
package struct SmokeJobs: Sendable {
    private let common: CommonSettings
    private let run: RunSettings
    private let smoke: SmokeSettings
    private let paths: [String]
    private let state: String?

    /// - Parameter state: the state directory, of jobs with mutexes; nil is `.fnrun` beside the first file.
    package init(
        common: CommonSettings, run: RunSettings, smoke: SmokeSettings, paths: [String], state: String? = nil
    ) {
        self.state = state
        self.common = common
        self.run = run
        self.smoke = smoke
        self.paths = paths
    }

    /// - Throws: ``CommandFailure`` for everything that keeps the test from starting.
    package func execute() async throws -> ExitStatus {
        try common.refuseCurl(unless: run.isDryRun)
        let console = Console(settings: common)
        let zones = TimeZoneDatabase.system
        let files = JobFiles(
            common: common, console: console, zones: zones, lenientAccount: run.isDryRun || common.usesSandbox,
            formatIsGiven: run.inputFormat != nil)
        let documents = try JobFileSet(paths, with: files).checked(console)
        let elements = try SmokeSelection(documents, smoke).elements
        let execution = JobExecution(
            console: console, settings: run, zones: zones, time: SystemTimeSource(), trigger: .smoke)
        guard !run.isDryRun else { return try dryRun(elements, execution, console) }
        // Nothing is sent before all is known to be there: reports and inputs.
        let reports = try SmokeOutputs(
            smoke, common: common,
            recordsAreOnStdout: elements.contains { (run.output ?? $0.job.output.constantText) == "-" },
            console: console)
        for element in elements { try JobPreparation.checkInput(of: element.job) }
        let session = try await RunSession.start(common: common, run: run, console: console, time: execution.time)
        return try await session.execute { () async throws(CommandFailure) in
            try await runAll(elements, execution, session, reports)
        }
    }

    private func runAll(
        _ elements: [SmokeSelection.Element], _ execution: JobExecution, _ session: RunSession, _ reports: SmokeOutputs
    ) async throws(CommandFailure) -> [ExitStatus] {
        let time = execution.time
        let (startedAt, begin) = (time.wallNow(), time.monotonicNow())
        let calledOff = CallOff(isWanted: smoke.failsFast)
        var suites: [SmokeSuite] = []
        var statuses: [ExitStatus] = []
        for (position, element) in elements.enumerated() {
            let mayRun = session.signals.status == nil && !statuses.contains(where: session.isFinal)
            guard mayRun, !calledOff.isCalledOff else {
                suites.append(SmokeSuite(skipping: element, at: time.wallNow()))
                try reports.tell(suites[position])
                continue
            }
            let end = await SmokeRun(
                element: element, execution: execution, session: session, settings: smoke, calledOff: calledOff,
                drain: run.shutdownTimeout, state: StateDirectory(state, besides: paths), time: time
            ).run(appends: run.appends || run.output != nil && position > 0)
            suites.append(end.suite)
            statuses += end.statuses
            if end.suite.isFailed { calledOff.failed() }
            try reports.tell(end.suite)
        }
        let report = SmokeReport(
            version: Version.current, startedAt: startedAt, duration: begin.duration(to: time.monotonicNow()),
            suites: suites)
        if report.isFailed { statuses.append(.failed) }
        return statuses + reports.finish(report)
    }

    private func dryRun(
        _ elements: [SmokeSelection.Element], _ execution: JobExecution, _ console: Console
    ) throws(CommandFailure) -> ExitStatus {
        let dryRun = DryRun(console: console, format: common.format)
        var statuses: [ExitStatus] = []
        for element in elements {
            let preparation = try execution.prepareDryRun(element.job, of: element.document)
            statuses += try dryRun.printAll(preparation, account: element.document.account)
        }
        return ExitStatus.decisive(among: statuses)
    }
}

extension SmokeSuite {
    /// A job that is not run because of what came before it.
    init(skipping element: SmokeSelection.Element, at now: Timestamp) {
        self.init(
            file: element.document.path, job: element.job.name, line: element.job.location.line, isSkipped: true,
            startedAt: now)
    }
}
