import ArgumentParser
import RunnerKit

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Run one job over the rows of a file of any size.",
        usage: "fnrun replay <file> --from <file> [<options>]",
        discussion: """
            The input is CSV, TSV, JSON Lines or JSON, also gzipped, by its name; '-' is
            stdin, as JSON Lines. The job file's own input is left aside but for its key and
            the way its cells are read.

            Examples:
              fnrun replay job.yaml --from events.jsonl --output out.jsonl
              fnrun replay job.yaml --from events.jsonl --resume out.jsonl  # after a crash
              fnrun replay job.yaml --from out.jsonl --only failed          # redrive
              fnrun replay jobs.yaml --job sync --from rows.csv.gz --shard 2/4
              zcat rows.jsonl.gz | fnrun replay job.yaml --from - --limit 10
            """)

    @Argument(help: "The job file.", completion: .jobFiles)
    var file: String

    @OptionGroup(title: "Rows") var rows: ReplayOptions
    @OptionGroup(title: "Running") var options: RunOptions
    @OptionGroup(title: "Going on after an earlier run") var resuming: ResumeOptions
    @OptionGroup(title: "Without an account") var sandbox: SandboxOptions
    @OptionGroup(title: "Connections") var connections: ConnectionOptions
    @OptionGroup(title: "Ledger (of a job with mutexes)") var ledger: StateOptions
    @OptionGroup var common: CommonOptions

    func validate() throws {
        if resuming.acceptChanges, rows.only != nil, rows.input == nil {
            throw ValidationError("--accept-changes with --only needs --input: recorded requests do not change")
        }
        try resuming.validate(output: options.output, appends: options.append, redrives: rows.only != nil)
    }

    func run() async throws {
        var settings = options.settings(connections)
        resuming.apply(to: &settings)
        settings.shard = rows.shard?.choice
        var replay = ReplaySettings(from: rows.from)
        replay.redrives = rows.only != nil
        replay.originalInput = rows.input
        let command = ReplayJob(
            common: try common.settings(with: sandbox, takesCurl: true), run: settings, replay: replay, file: file,
            jobName: rows.job,
            state: ledger.state)
        try await exit(common.format) { try await command.execute() }
    }
}
