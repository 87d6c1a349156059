/// What every command can be told.
package struct CommonSettings: Sendable {
    /// How text for people and programs is written on stdout.
    package enum Format: String, Sendable, CaseIterable {
        case text, json
        /// Requests as curl commands; only of a dry run.
        case curl
    }

    /// The levels of log messages, from the most talkative on.
    package enum LogLevel: String, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    /// `--set NAME=VALUE`, by name.
    package var overrides: [String: String] = [:]
    /// `--env-file`; nil is `.env` beside the job file, if there.
    package var environmentFile: String?
    package var usesSandbox = false
    /// `--sandbox-script`.
    package var sandboxScript: String?
    package var format = Format.text
    package var logLevel = LogLevel.notice
    package var logFormat = ConsoleLogHandler.Format.text
    package var isQuiet = false
    /// Nil lets the terminal decide.
    package var color: Bool?

    package init() {}

    /// - Throws: ``CommandFailure`` with status 64 if curl commands are asked for by something else than a dry run.
    func refuseCurl(unless isDryRun: Bool) throws(CommandFailure) {
        guard format == .curl, !isDryRun else { return }
        throw CommandFailure(.usage, "--format curl: only with --dry-run")
    }
}
