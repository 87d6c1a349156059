internal import JobModel
internal import Logging
internal import Reactor
internal import YAMLText

extension Console {
    /// The console that a command's options ask for.
    convenience init(settings: CommonSettings) {
        self.init(
            quiet: settings.isQuiet, color: settings.color, format: settings.format,
            environment: ProcessEnvironment.current)
    }

    /// What is not quite right in files that are right.
    func warn(_ diagnostics: [Diagnostic], sources: [SourceText]) {
        guard !diagnostics.isEmpty else { return }
        notice(DiagnosticRenderer(color: usesColor, width: width).text(diagnostics, sources: sources))
    }

    /// A logger that writes to this console as the options ask for.
    func logger(_ label: String, settings: CommonSettings) -> Logger {
        let level = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .notice
        let handler = ConsoleLogHandler(
            label: label, level: level, format: settings.logFormat, console: self, time: SystemTimeSource())
        return Logger(label: label) { _ in handler }
    }
}
