import ArgumentParser
import RunnerKit

struct ReplayCommand: AsyncParsableCommand {
    enum Only: String, ExpressibleByArgument, CaseIterable {
        case failed
    }

    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run one job over the rows of a file: millions of them, and on after a crash.",
        discussion: """
            The input is CSV, TSV, JSON Lines or JSON, also gzipped, by its name; '-' is stdin, as JSON Lines. The job
            file's own input is left aside but for its key and the way its cells are read.

            Examples:
              fnrun replay job.yaml --from events.jsonl --output out.jsonl
              fnrun replay job.yaml --from events.jsonl --resume out.jsonl    after a crash, or to retry what failed
              fnrun replay job.yaml --from out.jsonl --only failed            what failed, as it was sent
              fnrun replay jobs.yaml --job sync --from rows.csv.gz --shard 2/4
              zcat rows.jsonl.gz | fnrun replay job.yaml --from - --limit 10
            """)

    @Argument(help: "The job file.")
    var file: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The job; a file's only one need not be named.", valueName: "name"))
    var job: String?

    @Option(help: ArgumentHelp("The input; with --only, the result file to redrive.", valueName: "input"))
    var from: String

    @Option(help: "Redrive the rows of a result file that failed or were cancelled.")
    var only: Only?

    @Option(
        help: ArgumentHelp(
            "With --only: render the rows anew from the original input; else they are sent as recorded.",
            valueName: "input"))
    var input: String?

    @Option(help: ArgumentHelp("Only one of several parts of the rows: I/N, or auto in array jobs.", valueName: "i/n"))
    var shard: ShardArgument?

    @OptionGroup(title: "Running") var options: RunOptions
    @OptionGroup(title: "Going on after an earlier run") var resuming: ResumeOptions
    @OptionGroup(title: "Sandbox") var sandbox: SandboxOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        if from.isEmpty { throw ValidationError("--from wants the path of an input") }
        if input != nil, only == nil { throw ValidationError("--input is for --only: give the input with --from") }
        if input == "-" || only != nil && from == "-" {
            throw ValidationError("--only reads its files more than once: give paths, not '-'")
        }
        if resuming.acceptChanges, only != nil, input == nil {
            throw ValidationError("--accept-changes with --only needs --input: recorded requests do not change")
        }
        try resuming.validate(output: options.output, redrives: only != nil)
    }

    func run() async throws {
        var settings = options.settings
        resuming.apply(to: &settings)
        settings.shard = shard?.choice
        var replay = ReplaySettings(from: from)
        replay.redrives = only != nil
        replay.originalInput = input
        let command = ReplayJob(
            common: try common.settings(with: sandbox), run: settings, replay: replay, file: file, jobName: job)
        try await exit { try await command.execute() }
    }
}
