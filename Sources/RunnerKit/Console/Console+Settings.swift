internal import Logging
internal import Reactor

extension Console {
    /// The console that a command's options ask for.
    convenience init(settings: CommonSettings) {
        self.init(
            quiet: settings.isQuiet, color: settings.color, environment: ProcessEnvironment.current)
    }

    /// A logger that writes to this console as the options ask for.
    func logger(_ label: String, settings: CommonSettings) -> Logger {
        let level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .notice
        let handler = ConsoleLogHandler(
            label: label, level: level, format: settings.logFormat, console: self, time: SystemTimeSource())
        return Logger(label: label) { _ in handler }
    }
}
