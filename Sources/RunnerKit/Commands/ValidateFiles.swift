internal import Glibc
internal import JobFile
internal import JobModel
internal import Timing
internal import YAMLText

/// `fnrun validate`: checks job files without network or credentials.
package struct ValidateFiles: Sendable {
    private let common: CommonSettings
    private let paths: [String]

    package init(common: CommonSettings, paths: [String]) {
        self.common = common
        self.paths = paths
    }

    /// - Throws: ``CommandFailure`` with status 2 if a folder or the environment's file cannot be read.
    package func execute() throws(CommandFailure) -> ExitStatus {
        let console = Console(settings: common)
        let files = JobFiles(common: common, console: console, zones: .system, lenientAccount: true)
        var diagnostics: [Diagnostic] = []
        var sources: [SourceText] = []
        var summary: [String] = []
        var owners: [String: String] = [:]
        for path in try JobFilePaths.expand(paths) {
            let result = try files.read(path)
            diagnostics += result.diagnostics
            if let source = result.source { sources.append(source) }
            guard let document = result.document else { continue }
            let count = document.jobs.count
            summary.append("\(path): ok, \(count) \(count == 1 ? "job" : "jobs")")
            for job in document.jobs {
                if let owner = owners.updateValue(path, forKey: job.name) {
                    diagnostics.append(
                        Diagnostic(
                            code: "duplicate-job", message: "job '\(job.name)' is in \(owner) as well",
                            hint: "names are unique over all files of one command; rename one", file: path,
                            location: job.location))
                }
            }
        }
        let hasErrors = diagnostics.contains { $0.severity == .error }
        switch common.format {
        case .json: try console.data(DiagnosticRenderer.json(diagnostics))
        case .text, .curl:
            if !diagnostics.isEmpty {
                console.error(DiagnosticRenderer(color: console.usesColor).text(diagnostics, sources: sources))
            }
            for line in summary { try console.data(line) }
        }
        return hasErrors ? .invalid : .success
    }
}
