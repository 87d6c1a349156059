import ArgumentParser
import RunnerKit

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Check job files, without network or credentials.",
        discussion: """
            Reports every problem with its line and column. A folder stands for its *.yaml and *.yml files.

            Examples:
              fnrun validate job.yaml
              fnrun validate jobs/ --format json
            """)

    @Argument(help: ArgumentHelp("Job files or folders of them.", valueName: "file|dir"))
    var paths: [String]

    @OptionGroup(title: "Sandbox") var sandbox: SandboxOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        let command = ValidateFiles(common: try common.settings(), paths: paths)
        try await exit(common.format) { try command.execute() }
    }
}
