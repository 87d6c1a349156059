import ArgumentParser
import RunnerKit

/// Options of the commands that send many requests.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How long to wait for hosts or a token, such as 30s.", valueName: "duration"))
    var authTimeout = DurationArgument(RunSettings().authTimeout)

    @Option(help: ArgumentHelp("How long what is in flight may take at a stop, such as 30s.", valueName: "duration"))
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

    func apply(to settings: inout RunSettings) {
        settings.authTimeout = authTimeout.duration
        settings.shutdownTimeout = shutdownTimeout.duration
        settings.maxConcurrency = maxConcurrency
        settings.offersHTTP2 = http2
    }
}
