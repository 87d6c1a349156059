import ArgumentParser
import RunnerKit

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check step by step what a run of a job file needs.",
        discussion: """
            Goes the way of a run up to where it would invoke a function: the file, the account's values, host lookup, \
            connections with TLS, clock, token, lambdas. Each step is told with what was found; one that fails, with \
            its usual cause and the cure. No function is run: the gateway is asked about events, and asked by GET about \
            functions, which it refuses without running them. Neither secret nor token is shown.

            Examples:
              fnrun doctor job.yaml
              fnrun doctor job.yaml --sandbox
              fnrun doctor job.yaml --no-probe --format json

            Exit codes:
              0  all well, warnings included
              1  a lambda is missing, or the client may not invoke it
              2  the job file is invalid, or values of the account are not there
              3  a host is out of reach
              4  the account is unknown, or its credentials are rejected
            """)

    @Argument(help: ArgumentHelp("The job file.", valueName: "file"))
    var file: String

    @Flag(inversion: .prefixedNo, help: "Ask the gateway about each lambda.")
    var probe = true

    @Option(help: ArgumentHelp("Of each connection and request.", valueName: "duration"))
    var timeout = DurationArgument(.seconds(10))

    @OptionGroup(title: "Sandbox") var sandbox: SandboxOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        let settings = try common.settings(with: sandbox)
        guard settings.format != .curl else { throw ValidationError("--format curl is for --dry-run only") }
        let command = DiagnoseFile(
            common: settings, path: file, asksForLambdas: probe, timeout: timeout.duration)
        try await exit(common.format) { try await command.execute() }
    }
}
