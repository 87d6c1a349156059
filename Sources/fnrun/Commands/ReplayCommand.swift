import ArgumentParser
import RunnerKit

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run one job over the rows of a file: millions of them, and on after a crash.",
        discussion: """
            The input is CSV, TSV, JSON Lines or JSON, also gzipped, by its name;
            '-' is stdin, as JSON Lines. The job file's own input is left aside but
            for its key and the way its cells are read.

            Examples:
              fnrun replay job.yaml --from events.jsonl --output out.jsonl
              # after a crash, or to send what failed once more:
              fnrun replay job.yaml --from events.jsonl --resume out.jsonl
              # only what failed, as it was sent:
              fnrun replay job.yaml --from out.jsonl --only failed
              fnrun replay jobs.yaml --job sync --from rows.csv.gz --shard 2/4
              zcat rows.jsonl.gz | fnrun replay job.yaml --from - --limit 10
            """)

    @Argument(help: "The job file.")
    var file: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The job; a file's only one need not be named.", valueName: "name"))
    var job: String?

    @OptionGroup(title: "Ledger (of a job with mutexes)") var ledger: StateOptions
    @OptionGroup(title: "Rows") var rows: ReplayOptions
    @OptionGroup(title: "Running") var options: RunOptions
    @OptionGroup(title: "Going on after an earlier run") var resuming: ResumeOptions
    @OptionGroup(title: "Sandbox") var sandbox: SandboxOptions
    @OptionGroup(title: "Common") var common: CommonOptions

    func validate() throws {
        if resuming.acceptChanges, rows.only != nil, rows.input == nil {
            throw ValidationError("--accept-changes with --only needs --input: recorded requests do not change")
        }
        try resuming.validate(output: options.output, appends: options.append, redrives: rows.only != nil)
    }

    func run() async throws {
        var settings = options.settings
        resuming.apply(to: &settings)
        settings.shard = rows.shard?.choice
        var replay = ReplaySettings(from: rows.from)
        replay.redrives = rows.only != nil
        replay.originalInput = rows.input
        let command = ReplayJob(
            common: try common.settings(with: sandbox), run: settings, replay: replay, file: file, jobName: job,
            state: ledger.state)
        try await exit(common.format) { try await command.execute() }
    }
}
