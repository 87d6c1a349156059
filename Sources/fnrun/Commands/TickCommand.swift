import ArgumentParser
import RunnerKit

struct TickCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tick",
        abstract: "Run whatever is due since the last time, then exit.",
        discussion: """
            For hosts without a daemon: cron, systemd timers, Kubernetes CronJobs, CI
            schedules. Each occurrence runs once, however often or late tick is called. On
            a ledger that does not know a job yet, nothing before now is due; --since looks
            further back. Exit code 8: occurrences were missed.

            Examples:
              fnrun tick jobs/
              fnrun tick jobs/ --since 1h --state .fnrun
            """)

    @Argument(help: ArgumentHelp("Job files or folders of them.", valueName: "file|dir"))
    var paths: [String]

    @Option(
        help: ArgumentHelp("Look so far back for jobs that the ledger does not know.", valueName: "duration"))
    var since = DurationArgument(ScheduleSettings().since)

    @OptionGroup(title: "Running") var options: SchedulerOptions
    @OptionGroup(title: "Ledger") var ledger: StateOptions
    @OptionGroup(title: "Sandbox") var sandbox: SandboxOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        var settings = options.settings(ledger: ledger)
        settings.since = since.duration
        let command = TickOnce(common: try common.settings(with: sandbox), settings: settings, paths: paths)
        try await exit(common.format) { try await command.execute() }
    }
}
