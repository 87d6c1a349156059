import ArgumentParser
import RunnerKit

struct TickCommand: JobFilesCommand {
    struct Ledger: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "Look so far back, such as 1h, for jobs that are new to the ledger.", valueName: "duration"))
        var since = DurationArgument(ScheduleSettings().since)

        @OptionGroup var options: SchedulerOptions
    }

    static let configuration = CommandConfiguration(
        commandName: "tick",
        abstract: "Run what is due since the last time, then exit.",
        usage: "fnrun tick <file|dir> ... [<options>]",
        discussion: """
            For hosts without a daemon: cron, systemd timers, Kubernetes CronJobs, schedules
            of CI. Each occurrence runs once, however often or late tick is called. Exit
            code 8: occurrences were missed.

            Examples:
              fnrun tick jobs/
              fnrun tick jobs/ --since 1h --state state   # on a new ledger, look back
            """)

    @Argument(help: ArgumentHelp("Job files, or folders of them.", valueName: "file|dir"), completion: .jobFiles)
    var paths: [String]

    @OptionGroup(title: "Ledger") var ledger: Ledger
    @OptionGroup(title: "Without an account") var sandbox: SandboxOptions
    @OptionGroup(title: "Connections") var connections: ConnectionOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        var settings = ledger.options.settings(connections)
        settings.since = ledger.since.duration
        let command = TickOnce(common: try common.settings(with: sandbox), settings: settings, paths: paths)
        try await exit(common.format) { try await command.execute() }
    }
}
