import ArgumentParser
import RunnerKit

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run jobs of a file once, now.",
        usage: "fnrun run <file> [<options>]",
        discussion: """
            Each row of a job's input becomes one invocation, each invocation one line of
            the result file. Several jobs run one after another, in file order.

            Examples:
              fnrun run job.yaml --dry-run               # what would be sent
              fnrun run job.yaml --sandbox               # without an account
              fnrun run job.yaml                         # the only job of a file
              fnrun run jobs.yaml --job sync --limit 10  # ten rows of one job
              fnrun run jobs.yaml --all --rate 20/s      # every job, slowly
              fnrun run job.yaml --output - | jq .       # records to a pipe
              fnrun run job.yaml --resume results.jsonl  # on after a crash
              fnrun run jobs.yaml --job nightly-sync --nominal-time 2026-11-22T01:15:00Z
            """)

    @Argument(help: "The job file.", completion: .jobFiles)
    var file: String

    @OptionGroup(title: "Jobs") var jobs: JobOptions
    @OptionGroup(title: "Running") var options: RunOptions
    @OptionGroup(title: "Going on after an earlier run") var resuming: ResumeOptions
    @OptionGroup(title: "Without an account") var sandbox: SandboxOptions
    @OptionGroup(title: "Connections") var connections: ConnectionOptions
    @OptionGroup(title: "Ledger") var ledger: StateOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        try resuming.validate(output: options.output, appends: options.append)
    }

    func run() async throws {
        var settings = options.settings(connections)
        settings.nominalTime = jobs.nominalTime?.time
        resuming.apply(to: &settings)
        let command = RunJobs(
            common: try common.settings(with: sandbox, takesCurl: true), run: settings, file: file,
            jobNames: jobs.all ? nil : jobs.job,
            state: ledger.state)
        try await exit(common.format) { try await command.execute() }
    }
}
