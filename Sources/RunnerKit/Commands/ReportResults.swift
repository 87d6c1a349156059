internal import Results

/// `fnrun report`: summarises result files.
package struct ReportResults: Sendable {
    private let common: CommonSettings
    private let files: [String]

    package init(common: CommonSettings, files: [String]) {
        self.common = common
        self.files = files
    }

    /// - Throws: ``CommandFailure`` with status 2 for a file that cannot be read or holds no records.
    package func execute() throws(CommandFailure) -> ExitStatus {
        let console = Console(settings: common)
        var builder = ReportBuilder()
        do {
            for file in files { try builder.add(ResultReader(path: file)) }
        } catch {
            throw CommandFailure(.invalid, error.message)
        }
        let report = builder.build()
        if let foreign = report.files.first(where: { $0.findings.records == 0 && $0.findings.badLines > 0 }) {
            throw CommandFailure(.invalid, "\(foreign.path): holds no records; it is no result file")
        }
        switch common.format {
        case .json: try console.data(report.json())
        case .text, .curl: try console.data(report.text(width: console.width))
        }
        return .success
    }
}
