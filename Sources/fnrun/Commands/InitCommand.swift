import ArgumentParser
import RunnerKit

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first job file.",
        discussion: """
            Writes job.yaml, with comments, and .env.example into a folder; never overwrites a file.

            Examples:
              fnrun init
              fnrun init jobs && fnrun run jobs/job.yaml --sandbox
            """)

    @Argument(help: ArgumentHelp("The folder; made if it is not there.", valueName: "dir"))
    var folder = "."

    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        let command = InitFolder(common: try common.settings(), folder: folder)
        try await exit { try command.execute() }
    }
}
