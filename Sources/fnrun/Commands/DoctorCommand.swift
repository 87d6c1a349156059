import ArgumentParser
import RunnerKit

struct DoctorCommand: AsyncParsableCommand {
    struct Checks: ParsableArguments {
        @Flag(inversion: .prefixedNo, help: "Ask the gateway about each lambda.")
        var probe = true

        @Option(help: ArgumentHelp("Of each connection and request, such as 5s.", valueName: "duration"))
        var timeout = DurationArgument(.seconds(10))
    }

    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check step by step what a run of a job file needs.",
        usage: "fnrun doctor <file> [<options>]",
        discussion: """
            Goes the way of a run up to where it would invoke a function: the file, the
            account's values, host lookup, connections with TLS, clock, token, lambdas. Each
            step tells what was found; one that fails, its usual cause and the cure.

            No function is run: the gateway is asked about events, and asked by GET about
            functions, which it refuses without running them. Neither secret nor token is
            shown.

            Examples:
              fnrun doctor job.yaml
              fnrun doctor job.yaml --sandbox              # without an account
              fnrun doctor job.yaml --no-probe --format json

            Exit codes:
              0  all well, warnings included
              1  a lambda is missing, or the client may not invoke it
              2  the job file is invalid, or values of the account are not there
              3  a host is out of reach
              4  the account is unknown, or its credentials are rejected
            """)

    @Argument(help: "The job file.", completion: .jobFiles)
    var file: String

    @OptionGroup(title: "Checks") var checks: Checks
    @OptionGroup(title: "Without an account") var sandbox: SandboxOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try common.settings(with: sandbox)
        guard settings.format != .curl else { throw ValidationError("--format curl is for --dry-run only") }
        let command = DiagnoseFile(
            common: settings, path: file, asksForLambdas: checks.probe, timeout: checks.timeout.duration)
        try await exit(common.format) { try await command.execute() }
    }
}
