import ArgumentParser
import RunnerKit

struct SmokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smoke",
        abstract: "Test functions: run the jobs that have 'expect', and check their answers.",
        discussion: """
            Each row of a job is a case. Exit code 0: every case is as expected; 1: some
            are not. On GitHub Actions failures are annotated in the job file.

            Examples:
              fnrun smoke job.yaml
              fnrun smoke tests/ --junit report.xml --retries 2
              fnrun smoke tests/ --tag fast --tag '!flaky' --fail-fast
              fnrun smoke job.yaml --sandbox              without an account
              fnrun smoke job.yaml --format json | jq .summary
            """)

    @Argument(help: ArgumentHelp("Job files or folders of them.", valueName: "file|dir"))
    var paths: [String]

    @OptionGroup(title: "Testing") var testing: SmokeOptions
    @OptionGroup(title: "Ledger (of jobs with mutexes)") var ledger: StateOptions
    @OptionGroup(title: "Running") var options: RunOptions
    @OptionGroup(title: "Sandbox") var sandbox: SandboxOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        let command = SmokeJobs(
            common: try common.settings(with: sandbox), run: options.settings, smoke: testing.settings, paths: paths,
            state: ledger.state)
        try await exit(common.format) { try await command.execute() }
    }
}
