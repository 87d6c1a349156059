import ArgumentParser
import RunnerKit

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first job file.",
        discussion: """
            Writes into a folder, and never overwrites a file:
              job.yaml                     a job with comments, which runs at once with --sandbox
              job.schema.json              what editors complete and explain its settings by
              .env.example                 the variables that it wants
              app-installation.json        the request for a client id, to be handed to LivePerson
              .github/workflows/fnrun.yml  checks on push, scheduled runs without a daemon
              .gitignore                   unless there is one

            Examples:
              fnrun init
              fnrun init jobs && fnrun run jobs/job.yaml --sandbox
            """)

    @Argument(help: ArgumentHelp("The folder; made if it is not there.", valueName: "dir"))
    var folder = "."

    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        let command = InitFolder(common: try common.settings(), folder: folder)
        try await exit(common.format) { try command.execute() }
    }
}
