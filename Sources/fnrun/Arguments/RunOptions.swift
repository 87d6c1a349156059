import ArgumentParser
import JobModel
import RunnerKit

/// Options of the commands that run jobs.
struct RunOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: ArgumentHelp("Only the first N rows.", valueName: "n"))
    var limit: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Attempts in flight, at most; beats the job file, whose default is 8.", valueName: "n"))
    var concurrency: Int?

    @Option(
        help: ArgumentHelp("Attempts started per time, at most: 50/s, 600/m; beats the job file.", valueName: "rate"))
    var rate: RateArgument?

    @Flag(help: "Print the requests and send nothing; contacts no host.")
    var dryRun = false

    @Option(help: ArgumentHelp("Read the input as this; by default, by its name.", valueName: "format"))
    var inputFormat: InputFormat?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write records here, not to the job's 'output'; '-' is stdout.", valueName: "file"),
        completion: .files)
    var output: String?

    @Flag(help: "Append to a result file that is already there.")
    var append = false

    @Option(
        help: ArgumentHelp(
            "auto: a live line on a terminal, else a line every 10 s; plain: such lines always.", valueName: "mode"))
    var progress: RunSettings.Progress = .auto

    func validate() throws {
        if let concurrency, !(1...100_000).contains(concurrency) {
            throw ValidationError("--concurrency wants a number from 1 to 100000, not \(concurrency)")
        }
        if let limit, limit < 0 {
            throw ValidationError("--limit wants a number of rows, 0 or more, not \(limit)")
        }
    }

    /// The settings that these options and those of the connections stand for.
    func settings(_ connections: ConnectionOptions) -> RunSettings {
        var settings = RunSettings()
        settings.output = output
        settings.appends = append
        settings.concurrency = concurrency
        settings.rate = rate?.rate
        settings.limit = limit
        settings.isDryRun = dryRun
        settings.progress = progress
        settings.inputFormat = inputFormat
        connections.apply(to: &settings)
        return settings
    }
}
