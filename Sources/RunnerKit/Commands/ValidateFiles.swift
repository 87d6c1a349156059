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
        let set = try JobFileSet(paths, with: files)
        switch common.format {
        case .json: try console.data(DiagnosticRenderer.json(set.diagnostics))
        case .text, .curl:
            if !set.diagnostics.isEmpty {
                console.error(
                    console.renderer.text(
                        set.diagnostics, sources: set.sources))
            }
            let faulty = Set(set.diagnostics.filter { $0.severity == .error }.map(\.file))
            for document in set.documents where !faulty.contains(document.path) {
                let count = document.jobs.count
                try console.data("\(document.path): ok, \(count) \(count == 1 ? "job" : "jobs")")
            }
        }
        return set.hasErrors ? .invalid : .success
    }
}
