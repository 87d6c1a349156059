import ArgumentParser
import RunnerKit

struct ScheduleCommand: JobFilesCommand {
    struct Status: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "Serve /healthz, /readyz, /metrics and a status page on this address.", valueName: "host:port"))
        var listen: String?
    }

    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Run scheduled jobs at their times, until stopped.",
        usage: "fnrun schedule <file|dir> ... [<options>]",
        discussion: """
            The ledger accounts for every nominal time: what ran, was skipped or missed, and
            why. Files are read again when they change, and on SIGHUP. SIGTERM drains
            and exits 0. SIGUSR1 prints a snapshot.

            Examples:
              fnrun schedule jobs/
              fnrun schedule jobs/ --sandbox                  # without an account
              fnrun schedule jobs/ more.yaml --state state --listen 127.0.0.1:9464
            """)

    @Argument(help: ArgumentHelp("Job files, or folders of them.", valueName: "file|dir"), completion: .jobFiles)
    var paths: [String]

    @OptionGroup(title: "Status") var status: Status
    @OptionGroup(title: "Ledger") var ledger: SchedulerOptions
    @OptionGroup(title: "Without an account") var sandbox: SandboxOptions
    @OptionGroup(title: "Connections") var connections: ConnectionOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        var settings = ledger.settings(connections)
        settings.listen = status.listen
        let command = RunSchedule(common: try common.settings(with: sandbox), settings: settings, paths: paths)
        try await exit(common.format) { try await command.execute() }
    }
}
