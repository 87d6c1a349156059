import ArgumentParser
import RunnerKit

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say what became of one occurrence, and why.",
        usage: "fnrun why <job> <time> [<options>]",
        discussion: """
            Without --state, .fnrun of the working directory is read.

            Examples:
              fnrun why nightly-sync 2026-11-22T01:15:00Z --state jobs/.fnrun
              fnrun why nightly-sync 2026-11-22T02:15:00+01:00 --state jobs/.fnrun
            """)

    @Argument(help: "The job.", completion: .jobNames)
    var job: String

    @Argument(help: "The nominal time: RFC 3339, such as 2026-11-22T01:15:00Z.")
    var time: TimeArgument

    @OptionGroup(title: "Ledger") var ledger: StateOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let command = ExplainOccurrence(
            common: try common.settings(), state: ledger.state, job: job, nominalTime: time.time)
        try await exit(common.format) { try command.execute() }
    }
}
