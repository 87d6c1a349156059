internal import JobFile
package import JobModel
internal import Reactor
internal import Scheduling
internal import Timing

/// `fnrun simulate`: the scheduler in virtual time.
package struct SimulateFiles: Sendable {
    private let common: CommonSettings
    private let paths: [String]
    private let from: Timestamp?
    private let span: Duration
    private let latency: Duration

    /// - Parameters:
    ///   - from: nil is now.
    ///   - latency: of each attempt.
    package init(common: CommonSettings, paths: [String], from: Timestamp?, span: Duration, latency: Duration) {
        self.common = common
        self.paths = paths
        self.from = from
        self.span = span
        self.latency = latency
    }

    /// - Throws: ``CommandFailure`` with status 2 if a file is wrong, 7 if stdout takes no more.
    package func execute() throws(CommandFailure) -> ExitStatus {
        let console = Console(settings: common)
        let files = JobFiles(common: common, console: console, zones: .system, lenientAccount: true)
        let plan = SchedulePlan(try JobFileSet(paths, with: files).checked(console), sandbox: false)
        let jobs = plan.scheduled
        if jobs.isEmpty { console.notice("no job of these files has a schedule") }
        let definitions = jobs.compactMap { plan[$0.name]?.job }
        let models = definitions.map { model(of: $0, console) }
        let lambdas = definitions.map(\.lambda)
        let begin = from ?? SystemTimeSource().wallNow()
        let load = LoadCounter()
        var simulation = Simulation(
            jobs: jobs, from: begin, to: begin + span, random: BufferedRandom(),
            duration: { job, _ in models[job].duration },
            onEvent: { time, event in
                guard case .started(let start) = event else { return }
                load.value.add(models[start.job], to: lambdas[start.job], from: time)
            })
        let report = simulation.run()
        let text = SimulationText(
            report: report, load: load.value, begin: begin, span: span,
            tokenRenewals: SimulatedLoad.tokenRenewals(in: span, accounts: plan.scheduledAccounts))
        switch common.format {
        case .json: try console.data(text.json())
        case .text, .curl: try console.data(text.lines(width: console.outputWidth).joined(separator: "\n"))
        }
        return .success
    }

    /// What the callback of a simulation counts.
    private final class LoadCounter {
        var value = SimulatedLoad()
    }

    private func model(of job: JobDefinition, _ console: Console) -> RunModel {
        let rows = RunModel.rows(of: job)
        if rows == nil { console.notice("\(job.name): the rows of its input cannot be counted; taken as 1") }
        return RunModel(of: job, rows: rows ?? 1, latency: latency)
    }
}
