import ArgumentParser
import RunnerKit

struct PlanCommand: JobFilesCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show upcoming occurrences of schedules.",
        usage: "fnrun plan <file|dir> ... [<options>]",
        discussion: """
            Local times are those of each schedule's zone; notes tell where clocks are
            changed. Needs neither network nor credentials.

            Examples:
              fnrun plan jobs/  # ten of each job
              fnrun plan jobs/ --from 2027-01-01T00:00:00Z --to 2027-02-01T00:00:00Z
              fnrun plan jobs.yaml --from 2027-03-27T00:00:00Z --count 3
            """)

    @Argument(help: ArgumentHelp("Job files, or folders of them.", valueName: "file|dir"), completion: .jobFiles)
    var paths: [String]

    @Option(
        parsing: .unconditional, help: ArgumentHelp("N of each job. (default: 10, or all up to --to)", valueName: "n"))
    var count: Int?

    @Option(
        help: ArgumentHelp(
            "From this time on, inclusive: RFC 3339, such as 2026-11-22T01:15:00Z. (default: now)", valueName: "time"))
    var from: TimeArgument?

    @Option(
        help: ArgumentHelp("Up to this time, exclusive: RFC 3339, such as 2026-11-22T01:15:00Z.", valueName: "time"))
    var to: TimeArgument?

    @OptionGroup(title: "Without an account") var sandbox: SandboxOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count wants a number from 1 on, not \(count)") }
        if let from, let to, to.time < from.time { throw ValidationError("--to is before --from") }
    }

    func run() async throws {
        let command = PlanFiles(
            common: try common.settings(with: sandbox), paths: paths, from: from?.time, to: to?.time, count: count)
        try await exit(common.format) { try command.execute() }
    }
}
