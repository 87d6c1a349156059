import ArgumentParser
import RunnerKit

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Summarise result files: counts, error classes, latency percentiles.",
        discussion: """
            Several files are added up. A row's last record counts.

            Examples:
              fnrun report results/nightly-sync-*.jsonl
              fnrun report results.jsonl --format json
            """)

    @Argument(help: ArgumentHelp("Result files.", valueName: "results"))
    var files: [String]

    @OptionGroup(title: "Common") var common: CommonOptions

    func run() async throws {
        let command = ReportResults(common: try common.settings(), files: files)
        try await exit { try command.execute() }
    }
}
