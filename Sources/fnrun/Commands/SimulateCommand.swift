import ArgumentParser
import RunnerKit

struct SimulateCommand: JobFilesCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Show what the scheduler would do, in virtual time.",
        usage: "fnrun simulate <file|dir> ... --for <duration> [<options>]",
        discussion: """
            The same scheduler, under a clock that jumps from event to event: which
            occurrences run, which are skipped for an overlap and with which run, how many
            run at once, requests per lambda, token renewals. Nothing is sent.

            Examples:
              fnrun simulate jobs/ --for 30d
              fnrun simulate jobs/ --from 2027-01-01T00:00:00Z --for 1y
              fnrun simulate jobs.yaml --for 3d --latency 2s --format json
            """)

    @Argument(help: ArgumentHelp("Job files, or folders of them.", valueName: "file|dir"), completion: .jobFiles)
    var paths: [String]

    @Option(
        help: ArgumentHelp(
            "Where virtual time begins: RFC 3339, such as 2026-11-22T01:15:00Z. (default: now)", valueName: "time"))
    var from: TimeArgument?

    @Option(
        name: .customLong("for"),
        help: ArgumentHelp("How long it lasts, such as 30d or 1y.", valueName: "duration"))
    var span: SpanArgument

    @Option(help: ArgumentHelp("How long an attempt takes, such as 500ms.", valueName: "duration"))
    var latency = DurationArgument(.seconds(1))

    @OptionGroup(title: "Without an account") var sandbox: SandboxOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let command = SimulateFiles(
            common: try common.settings(with: sandbox), paths: paths, from: from?.time, span: span.duration,
            latency: latency.duration)
        try await exit(common.format) { try command.execute() }
    }
}
