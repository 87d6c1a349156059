internal import Results

/// Where a smoke test tells what it has found: stdout, report files, GitHub Actions.
final class SmokeOutputs: Sendable {
    private enum Format: String {
        case junit, tap, json
    }

    private let console: Console
    private let style: SmokeReport.Style
    private let files: [(format: Format, file: ReportFile)]
    /// Of stdout; nil is the text for people.
    private let standardOutput: Format?
    /// Stdout is taken by records or a report: people are told on stderr.
    private let tellsOnStderr: Bool
    private let gitHub: GitHubActions?

    /// Opens all reports.
    ///
    /// - Parameter recordsAreOnStdout: result records go there.
    /// - Throws: ``CommandFailure`` with status 7 for a report that cannot be written, 64 if two things want stdout or
    ///   one file.
    init(
        _ settings: SmokeSettings, common: CommonSettings, recordsAreOnStdout: Bool, console: Console
    ) throws(CommandFailure) {
        let wanted: [(format: Format, path: String?)] = [
            (.junit, settings.junit), (.tap, settings.tap), (.json, settings.json),
        ]
        var claims = wanted.filter { $0.path == "-" }.map { "--\($0.format.rawValue) -" }
        if common.format == .json, settings.json != "-" { claims.append("--format json") }
        if recordsAreOnStdout { claims.append("the records ('--output -')") }
        guard claims.count < 2 else {
            throw CommandFailure(.usage, "\(claims[0]) and \(claims[1]) both want stdout; give one of them a file")
        }
        var files: [(format: Format, file: ReportFile)] = []
        var identities: [FileIdentity: String] = [:]
        for (format, path) in wanted {
            guard let path, path != "-" else { continue }
            do throws(ResultsError) {
                files.append((format, try ReportFile.open(path)))
            } catch {
                throw CommandFailure(.output, error.message)
            }
            guard let identity = FileIdentity(path), identity.isRegular else { continue }
            if let other = identities.updateValue(format.rawValue, forKey: identity) {
                throw CommandFailure(.usage, "\(path): is named by --\(other) and --\(format.rawValue)")
            }
        }
        self.console = console
        self.files = files
        standardOutput = wanted.first { $0.path == "-" }?.format ?? (common.format == .json ? .json : nil)
        tellsOnStderr = recordsAreOnStdout || standardOutput != nil
        style = SmokeReport.Style(
            usesColor: tellsOnStderr ? console.usesColor : console.outputUsesColor, hidesPassed: common.isQuiet)
        gitHub = GitHubActions(environment: ProcessEnvironment.current)
    }

    /// Tells of a job that has ended.
    func tell(_ suite: SmokeSuite) throws(CommandFailure) {
        let text = suite.text(style)
        if !text.isEmpty { try say(text) }
    }

    /// Tells of the whole test and writes the reports, each of them whatever becomes of the others.
    ///
    /// - Returns: 7 for each that could not be written.
    func finish(_ report: SmokeReport) -> [ExitStatus] {
        var statuses: [ExitStatus] = []
        func attempt(_ work: () throws(CommandFailure) -> Void) {
            do throws(CommandFailure) {
                try work()
            } catch {
                console.failure(error)
                statuses.append(error.status)
            }
        }
        attempt { () throws(CommandFailure) in try say("\n" + report.summaryText(style)) }
        if let standardOutput {
            attempt { () throws(CommandFailure) in try console.data(Self.bytes(of: report, as: standardOutput)) }
        }
        for (format, file) in files {
            attempt { () throws(CommandFailure) in
                do throws(ResultsError) {
                    try file.write(Self.bytes(of: report, as: format))
                } catch {
                    throw CommandFailure(.output, error.message)
                }
            }
        }
        if let gitHub {
            let annotations = gitHub.annotations(of: report)
            if !annotations.isEmpty {
                attempt { () throws(CommandFailure) in
                    // Also with --quiet, in which reports on stdout leave nothing else to say.
                    if tellsOnStderr { console.error(annotations) } else { try console.data(annotations) }
                }
            }
            gitHub.summarise(report, on: console)
        }
        tellResults(report)
        return statuses
    }

    /// Where the records of what failed are.
    private func tellResults(_ report: SmokeReport) {
        var told: Set<String> = []
        for suite in report.suites where suite.isFailed && !suite.cases.isEmpty {
            guard let results = suite.results, told.insert(results).inserted else { continue }
            console.notice("records of \(suite.job): \(results)")
        }
    }

    private func say(_ text: String) throws(CommandFailure) {
        if tellsOnStderr { console.notice(text) } else { try console.data(text) }
    }

    private static func bytes(of report: SmokeReport, as format: Format) -> [UInt8] {
        switch format {
        case .junit: report.junit()
        case .tap: report.tap()
        case .json: report.json()
        }
    }
}
