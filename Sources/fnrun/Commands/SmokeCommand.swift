import ArgumentParser
import RunnerKit

struct SmokeCommand: JobFilesCommand {
    static let configuration = CommandConfiguration(
        commandName: "smoke",
        abstract: "Run the jobs that have 'expect'; check the answers.",
        usage: "fnrun smoke <file|dir> ... [<options>]",
        discussion: """
            Each row of a job is a case. Exit code 0: every case is as expected; 1: some are
            not. On GitHub Actions failures are annotated in the job file.

            Examples:
              fnrun smoke tests/ --sandbox                      # without an account
              fnrun smoke tests/ --junit report.xml --retries 2
              fnrun smoke tests/ --tag fast --tag '!flaky' --fail-fast
              fnrun smoke tests/ --format json | jq .summary
            """)

    @Argument(help: ArgumentHelp("Job files, or folders of them.", valueName: "file|dir"), completion: .jobFiles)
    var paths: [String]

    @OptionGroup(title: "Testing") var testing: SmokeOptions
    @OptionGroup(title: "Running") var options: RunOptions
    @OptionGroup(title: "Without an account") var sandbox: SandboxOptions
    @OptionGroup(title: "Connections") var connections: ConnectionOptions
    @OptionGroup(title: "Ledger (of jobs with mutexes)") var ledger: StateOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let command = SmokeJobs(
            common: try common.settings(with: sandbox, takesCurl: true), run: options.settings(connections),
            smoke: testing.settings,
            paths: paths,
            state: ledger.state)
        try await exit(common.format) { try await command.execute() }
    }
}
