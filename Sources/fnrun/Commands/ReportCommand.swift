import ArgumentParser
import JobModel
import RunnerKit

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Summarise result files: counts, error classes, latency percentiles.",
        discussion: """
            Several files are added up, as those of shards are. A row's last record
            counts. '-' is stdin.

            Examples:
              fnrun report results/nightly-sync-*.jsonl
              fnrun report results.jsonl --format json
              # shards added up; rows without a record are named (exit code 1):
              fnrun report out-*-of-4.jsonl --input events.jsonl
            """)

    @Argument(help: ArgumentHelp("Result files.", valueName: "results"))
    var files: [String]

    @Option(
        help: ArgumentHelp(
            "The input of these files: name its rows that have no record; a CSV file has a header.",
            valueName: "input"))
    var input: String?

    @Option(help: ArgumentHelp("Read the input in this format.", valueName: "format"))
    var inputFormat: InputFormat?

    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        if inputFormat != nil, input == nil { throw ValidationError("--input-format is for --input") }
    }

    func run() async throws {
        let command = ReportResults(
            common: try common.settings(), files: files, input: input, inputFormat: inputFormat)
        try await exit(common.format) { try command.execute() }
    }
}
