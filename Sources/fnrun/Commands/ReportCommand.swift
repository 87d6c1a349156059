import ArgumentParser
import JobModel
import RunnerKit

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Summarise result files: counts, errors, latencies.",
        usage: "fnrun report <results> ... [<options>]",
        discussion: """
            Several files are added up, as those of shards are. A row's last record counts.
            '-' is stdin. With --input, rows without a record are named (exit code 1).

            Examples:
              fnrun report results.jsonl
              fnrun report results/*.jsonl --format json
              fnrun report out-*-of-4.jsonl --input events.jsonl
            """)

    @Argument(
        help: ArgumentHelp("Result files; '-' is stdin.", valueName: "results"),
        completion: .file(extensions: ["jsonl"]))
    var files: [String]

    @Option(
        help: ArgumentHelp(
            "The input of these files: name its rows that have no record; a CSV file has a header.",
            valueName: "input"), completion: .files)
    var input: String?

    @Option(help: ArgumentHelp("Read the input as this; by default, by its name.", valueName: "format"))
    var inputFormat: InputFormat?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        if inputFormat != nil, input == nil { throw ValidationError("--input-format is for --input") }
    }

    func run() async throws {
        let command = ReportResults(
            common: try common.settings(), files: files, input: input, inputFormat: inputFormat)
        try await exit(common.format) { try command.execute() }
    }
}
