import ArgumentParser
import RunnerKit

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run jobs of a file once, now.",
        discussion: """
            Each row of a job's input becomes one invocation; each invocation becomes one line of the result file.
            Several jobs run one after another, in file order.

            Examples:
              fnrun run job.yaml                          the only job of a file
              fnrun run jobs.yaml --job sync --limit 10   ten rows of one job
              fnrun run jobs.yaml --all --rate 20/s       every job, slowly
              fnrun run job.yaml --dry-run --format curl  what would be sent
              fnrun run job.yaml --sandbox --output -     without an account
              fnrun run job.yaml --resume results.jsonl   on after a crash
              fnrun run job.yaml --nominal-time 2026-11-21T01:15:00Z   a missed occurrence
            """)

    @Argument(help: "The job file.")
    var file: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Run this job; may be repeated.", valueName: "name"))
    var job: [String] = []

    @Flag(help: "Run every job of the file.")
    var all = false

    @Option(
        help: ArgumentHelp(
            "Run as if this were the time of an occurrence (RFC 3339); one of the job's schedule enters the ledger.",
            valueName: "time"))
    var nominalTime: TimeArgument?

    @OptionGroup(title: "Ledger") var ledger: StateOptions

    @OptionGroup(title: "Running") var options: RunOptions
    @OptionGroup(title: "Going on after an earlier run") var resuming: ResumeOptions
    @OptionGroup(title: "Sandbox") var sandbox: SandboxOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        guard job.isEmpty || !all else { throw ValidationError("--job and --all exclude each other") }
        try resuming.validate(output: options.output, appends: options.append)
    }

    func run() async throws {
        var settings = options.settings
        settings.nominalTime = nominalTime?.time
        resuming.apply(to: &settings)
        let command = RunJobs(
            common: try common.settings(with: sandbox), run: settings, file: file, jobNames: all ? nil : job,
            state: ledger.state)
        try await exit(common.format) { try await command.execute() }
    }
}
