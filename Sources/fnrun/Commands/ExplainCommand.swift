import ArgumentParser
import RunnerKit

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what an error code means, and what to do.",
        usage: "fnrun explain <code> [<options>]",
        discussion: """
            Codes of messages are in what 'fnrun validate --format json' prints.

            Examples:
              fnrun explain unknown-key
              fnrun explain 6
            """)

    @Argument(help: "The code of a message, or an exit code.")
    var code: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let command = ExplainCode(common: try common.settings(), code: code)
        try await exit(common.format) { try command.execute() }
    }
}
