import ArgumentParser
import RunnerKit

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a first job file, and what goes with it.",
        usage: "fnrun init [<dir>] [<options>]",
        discussion: """
            Never overwrites a file. Writes into the folder:
              job.yaml                     a job with comments; runs at once with --sandbox
              job.schema.json              what editors complete and explain settings by
              .env.example                 the variables that it wants
              app-installation.json        the request for a client id, for LivePerson
              .github/workflows/fnrun.yml  checks on push, scheduled runs without a daemon
              .gitignore                   unless there is one

            Examples:
              fnrun init demo
              fnrun run demo/job.yaml --sandbox
            """)

    @Argument(
        help: ArgumentHelp("The folder; made if it is not there.", valueName: "dir"), completion: .directory)
    var folder = "."

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let command = InitFolder(common: try common.settings(), folder: folder)
        try await exit(common.format) { try command.execute() }
    }
}
