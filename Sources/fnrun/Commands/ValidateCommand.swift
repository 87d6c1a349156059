import ArgumentParser
import RunnerKit

struct ValidateCommand: JobFilesCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check job files, without network or credentials.",
        usage: "fnrun validate <file|dir> ... [<options>]",
        discussion: """
            Reports every problem with its line and column, and what to write instead. A
            folder stands for its *.yaml and *.yml files.

            Examples:
              fnrun validate job.yaml
              fnrun validate jobs/ --format json
            """)

    @Argument(help: ArgumentHelp("Job files, or folders of them.", valueName: "file|dir"), completion: .jobFiles)
    var paths: [String]

    @OptionGroup(title: "Without an account") var sandbox: SandboxOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let command = ValidateFiles(common: try common.settings(with: sandbox), paths: paths)
        try await exit(common.format) { try command.execute() }
    }
}
