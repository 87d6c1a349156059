import ArgumentParser
import RunnerKit

/// Options of every command.
struct CommonOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("Override an entry of the file's 'vars'; repeatable.", valueName: "name=value"))
    var overrides: [String] = []

    @Option(
        help: ArgumentHelp("Read variables from this file, not from '.env' beside the job file.", valueName: "file"),
        completion: .files)
    var envFile: String?

    @Option(help: ArgumentHelp("How to print what was asked for; curl is for dry runs.", valueName: "format"))
    var format: CommonSettings.Format = .text

    @Option(help: ArgumentHelp("The least severe log messages to show.", valueName: "level"))
    var logLevel: CommonSettings.LogLevel = .notice

    @Option(help: ArgumentHelp("How to write log messages.", valueName: "format"))
    var logFormat: ConsoleLogHandler.Format = .text

    @Flag(name: .shortAndLong, help: "No progress and no summary, only warnings and errors.")
    var quiet = false

    @Flag(help: "No colours (as with NO_COLOR in the environment).")
    var noColor = false

    func validate() throws {
        for override in overrides where override.hasPrefix("=") || !override.contains("=") {
            throw ValidationError("--set wants NAME=VALUE, not '\(override)'")
        }
    }

    /// The settings that these options stand for.
    ///
    /// - Parameter takesCurl: the command has dry runs.
    func settings(takesCurl: Bool = false) throws -> CommonSettings {
        guard takesCurl || format != .curl else { throw ValidationError("--format curl is for --dry-run only") }
        var settings = CommonSettings()
        for override in overrides {
            guard let sign = override.firstIndex(of: "=") else { continue }
            settings.overrides[String(override[..<sign])] = String(override[override.index(after: sign)...])
        }
        settings.environmentFile = envFile
        settings.format = format
        // Who wants to see more of the log says so.
        settings.logLevel = quiet && logLevel == .notice ? .warning : logLevel
        settings.logFormat = logFormat
        settings.isQuiet = quiet
        settings.color = noColor ? false : nil
        return settings
    }

    /// The settings that these options and those of the sandbox stand for.
    ///
    /// - Parameter takesCurl: the command has dry runs.
    func settings(with sandbox: SandboxOptions, takesCurl: Bool = false) throws -> CommonSettings {
        var settings = try settings(takesCurl: takesCurl)
        settings.usesSandbox = sandbox.sandbox || sandbox.sandboxScript != nil
        settings.sandboxScript = sandbox.sandboxScript
        return settings
    }
}
