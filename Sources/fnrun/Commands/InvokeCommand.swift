import ArgumentParser
import RunnerKit

struct InvokeCommand: AsyncParsableCommand {
    struct Request: ParsableArguments {
        @Option(
            name: .shortAndLong,
            help: ArgumentHelp("The payload: JSON, or @FILE (@- is stdin).", valueName: "json|@file"))
        var data = "{}"

        @Flag(help: "Print the request and send nothing; contacts no host.")
        var dryRun = false

        @Option(help: ArgumentHelp("How long to wait for hosts or a token, such as 30s.", valueName: "duration"))
        var authTimeout = DurationArgument(RunSettings().authTimeout)
    }

    static let configuration = CommandConfiguration(
        commandName: "invoke",
        abstract: "Invoke one function once, without a job file.",
        usage: "fnrun invoke <uuid|event> [--data <json|@file>] [<options>]",
        discussion: """
            The account comes from LP_ACCOUNT_ID, LP_CLIENT_ID and LP_CLIENT_SECRET, in the
            environment or in .env. LP_DOMAIN_API names another host to look hosts up at.
            The answer goes to stdout; with --format json, the result record.

            Examples:
              fnrun invoke 6f91f192-c1df-40e0-94f9-8765fd70fd02 --data '{"id": 7}'
              fnrun invoke 6f91f192-c1df-40e0-94f9-8765fd70fd02 --sandbox
              fnrun invoke controllerbot_messaging_conversation_end --data @payload.json
            """)

    @Argument(help: ArgumentHelp("The function's UUID, or an event id.", valueName: "uuid|event"))
    var target: String

    @OptionGroup(title: "Request") var request: Request
    @OptionGroup(title: "Without an account") var sandbox: SandboxOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        var settings = RunSettings()
        settings.isDryRun = request.dryRun
        settings.authTimeout = request.authTimeout.duration
        let command = InvokeOnce(
            common: try common.settings(with: sandbox, takesCurl: true), run: settings, target: target,
            data: request.data)
        try await exit(common.format) { try await command.execute() }
    }
}
