import ArgumentParser
import RunnerKit

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show what became of occurrences, newest first.",
        usage: "fnrun history [<job>] [<options>]",
        discussion: """
            Every nominal time of a schedule is in the ledger: it ran, was skipped, or was
            missed, and why. Without --state, .fnrun of the working directory is read.

            Examples:
              fnrun history --state jobs/.fnrun
              fnrun history nightly-sync --limit 20 --state jobs/.fnrun
              fnrun history --format json --state jobs/.fnrun | jq '.[].state'
            """)

    @Argument(help: "Only this job.", completion: .jobNames)
    var job: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Only the newest N.", valueName: "n"))
    var limit: Int?

    @Option(
        help: ArgumentHelp(
            "Only nominal times from this one on: RFC 3339, such as 2026-11-22T01:15:00Z.", valueName: "time"))
    var from: TimeArgument?

    @Option(
        help: ArgumentHelp(
            "Only nominal times before this one: RFC 3339, such as 2026-11-22T01:15:00Z.", valueName: "time"))
    var to: TimeArgument?

    @OptionGroup(title: "Ledger") var ledger: StateOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit wants a number of entries, 0 or more, not \(limit)") }
    }

    func run() async throws {
        let command = ShowHistory(
            common: try common.settings(), state: ledger.state, job: job, from: from?.time, to: to?.time, limit: limit)
        try await exit(common.format) { try command.execute() }
    }
}
