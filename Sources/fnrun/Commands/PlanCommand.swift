import ArgumentParser
import RunnerKit

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show upcoming occurrences of schedules.",
        discussion: """
            Local times are those of each schedule's zone; notes tell where clocks are
            changed. Needs neither network nor credentials.

            Examples:
              fnrun plan jobs.yaml                                ten of each job
              fnrun plan jobs/ --to 2026-12-01T00:00:00Z          all up to a time
              fnrun plan jobs.yaml --from 2027-03-27T00:00:00Z --count 3
            """)

    @Argument(help: ArgumentHelp("Job files or folders of them.", valueName: "file|dir"))
    var paths: [String]

    @Option(help: ArgumentHelp("Of each job so many (default: 10, or all up to --to).", valueName: "n"))
    var count: Int?

    @Option(help: ArgumentHelp("From this time on, inclusive (RFC 3339; default: now).", valueName: "time"))
    var from: TimeArgument?

    @Option(help: ArgumentHelp("Up to this time, exclusive (RFC 3339).", valueName: "time"))
    var to: TimeArgument?

    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        if let count, count < 1 { throw ValidationError("--count wants a number from 1 on, not \(count)") }
        if let from, let to, to.time < from.time { throw ValidationError("--to is before --from") }
    }

    func run() async throws {
        let command = PlanFiles(
            common: try common.settings(), paths: paths, from: from?.time, to: to?.time, count: count)
        try await exit(common.format) { try command.execute() }
    }
}
