internal import Input
package import JobModel
internal import Results

/// `fnrun report`: summarises result files.
package struct ReportResults: Sendable {
    private let common: CommonSettings
    private let files: [String]
    private let input: String?
    private let inputFormat: InputFormat?

    /// - Parameters:
    ///   - input: whose rows the files should hold; nil asks no such thing.
    ///   - inputFormat: nil goes by the name.
    package init(common: CommonSettings, files: [String], input: String? = nil, inputFormat: InputFormat? = nil) {
        self.common = common
        self.files = files
        self.input = input
        self.inputFormat = inputFormat
    }

    /// - Returns: 1 if rows of the input have no record, or records no row of the input.
    /// - Throws: ``CommandFailure`` with status 2 for a file that cannot be read or holds no records.
    package func execute() throws(CommandFailure) -> ExitStatus {
        let console = Console(settings: common)
        var builder = ReportBuilder(inputRows: try input.map(countRows))
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
        case .text, .curl: try console.data(report.text(width: console.outputWidth))
        }
        return report.jobs.contains { ($0.input?.missing ?? 0) + ($0.input?.surplus ?? 0) > 0 } ? .failed : .success
    }

    private func countRows(of path: String) throws(CommandFailure) -> Int {
        let reader: RowReader
        do throws(InputError) {
            reader = try RowReader.open(path: path, options: InputOptions(format: inputFormat))
        } catch {
            throw CommandFailure(.invalid, error.message)
        }
        while true {
            let batch = reader.next(limit: 1) { _ in false }
            if let failure = batch.failure { throw CommandFailure(.invalid, failure) }
            if batch.isLast { return batch.upTo }
        }
    }
}
