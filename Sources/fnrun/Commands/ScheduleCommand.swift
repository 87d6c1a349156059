import ArgumentParser
import RunnerKit

struct ScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule",
        abstract: "Run every scheduled job of the files until told to stop.",
        discussion: """
            The ledger accounts for every nominal time: what ran, what was skipped or
            missed, and why. Files are read again on SIGHUP, and by themselves when they
            change. SIGTERM drains and exits 0. SIGUSR1 prints a snapshot.

            Examples:
              fnrun schedule jobs/
              fnrun schedule jobs/ more.yaml --state /var/lib/fnrun --listen 127.0.0.1:9464
              fnrun schedule jobs/ --sandbox              without an account
            """)

    @Argument(help: ArgumentHelp("Job files or folders of them.", valueName: "file|dir"))
    var paths: [String]

    @Option(
        help: ArgumentHelp(
            "Serve /healthz, /readyz, /metrics and a status page on this address.", valueName: "host:port"))
    var listen: String?

    @OptionGroup(title: "Running") var options: SchedulerOptions
    @OptionGroup(title: "Ledger") var ledger: StateOptions
    @OptionGroup(title: "Sandbox") var sandbox: SandboxOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        var settings = options.settings(ledger: ledger)
        settings.listen = listen
        let command = RunSchedule(common: try common.settings(with: sandbox), settings: settings, paths: paths)
        try await exit(common.format) { try await command.execute() }
    }
}
