import ArgumentParser
import JobModel
import RunnerKit

/// Options of the commands that start scheduled runs.
struct SchedulerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Forget what became of occurrences after so long.", valueName: "duration"))
    var keep = DurationArgument(ScheduleSettings().keep)

    @Option(help: ArgumentHelp("How long to wait for hosts or a token.", valueName: "duration"))
    var authTimeout = DurationArgument(RunSettings().authTimeout)

    @Option(help: ArgumentHelp("How long runs may drain when told to stop.", valueName: "duration"))
    var shutdownTimeout = DurationArgument(RunSettings().shutdownTimeout)

    @Option(help: ArgumentHelp("Attempts in flight across all runs, at most.", valueName: "n"))
    var maxConcurrency = RunSettings().maxConcurrency

    @Flag(name: .customLong("http2"), help: "Use HTTP/2 where the platform offers it.")
    var http2 = false

    func validate() throws {
        if !(1...100_000).contains(maxConcurrency) {
            throw ValidationError("--max-concurrency wants a number from 1 to 100000, not \(maxConcurrency)")
        }
    }

    /// The settings that these options and those of the ledger stand for.
    func settings(ledger: StateOptions) -> ScheduleSettings {
        var settings = ScheduleSettings()
        settings.state = ledger.state
        settings.keep = keep.duration
        settings.run.authTimeout = authTimeout.duration
        settings.run.shutdownTimeout = shutdownTimeout.duration
        settings.run.maxConcurrency = maxConcurrency
        settings.run.offersHTTP2 = http2
        return settings
    }
}
