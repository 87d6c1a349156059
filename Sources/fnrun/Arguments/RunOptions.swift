import ArgumentParser
import JobModel
import RunnerKit

/// Options of the commands that run jobs.
struct RunOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: ArgumentHelp("Write records here instead; '-' is stdout.", valueName: "file"))
    var output: String?

    @Flag(help: "Append to an existing result file.")
    var append = false

    @Option(help: ArgumentHelp("Attempts in flight, at most.", valueName: "n"))
    var concurrency: Int?

    @Option(help: ArgumentHelp("Attempts started per time, at most, such as 50/s.", valueName: "rate"))
    var rate: RateArgument?

    @Option(help: ArgumentHelp("Only the first so many rows.", valueName: "n"))
    var limit: Int?

    @Flag(help: "Print the requests and send nothing; contacts no host.")
    var dryRun = false

    @Option(help: "Show progress: auto is a live line on a terminal.")
    var progress: RunSettings.Progress = .auto

    @Option(help: ArgumentHelp("Read the input in this format.", valueName: "format"))
    var inputFormat: InputFormat?

    @Option(help: ArgumentHelp("How long to wait for hosts or a token.", valueName: "duration"))
    var authTimeout = DurationArgument(RunSettings().authTimeout)

    @Option(help: ArgumentHelp("How long a stopped run may drain.", valueName: "duration"))
    var shutdownTimeout = DurationArgument(RunSettings().shutdownTimeout)

    @Option(help: ArgumentHelp("Attempts in flight across all runs, at most.", valueName: "n"))
    var maxConcurrency = RunSettings().maxConcurrency

    @Flag(name: .customLong("http2"), help: "Use HTTP/2 where the platform offers it.")
    var http2 = false

    func validate() throws {
        if let concurrency, !(1...100_000).contains(concurrency) {
            throw ValidationError("--concurrency wants a number from 1 to 100000, not \(concurrency)")
        }
        if let limit, limit < 0 {
            throw ValidationError("--limit wants a number of rows, 0 or more, not \(limit)")
        }
        if !(1...100_000).contains(maxConcurrency) {
            throw ValidationError("--max-concurrency wants a number from 1 to 100000, not \(maxConcurrency)")
        }
    }

    /// The settings that these options stand for.
    var settings: RunSettings {
        var settings = RunSettings()
        settings.output = output
        settings.appends = append
        settings.concurrency = concurrency
        settings.rate = rate?.rate
        settings.limit = limit
        settings.isDryRun = dryRun
        settings.progress = progress
        settings.inputFormat = inputFormat
        settings.authTimeout = authTimeout.duration
        settings.shutdownTimeout = shutdownTimeout.duration
        settings.maxConcurrency = maxConcurrency
        settings.offersHTTP2 = http2
        return settings
    }
}
