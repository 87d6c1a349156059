internal import Glibc
internal import Results

/// What GitHub Actions shows of a test beside its log: annotations and a page. See "Workflow commands" in its
/// documentation.
struct GitHubActions: Sendable {
    /// Of the repository, without a slash at the end; nil if it is not told.
    private let workspace: String?
    private let summaryPath: String?

    /// Nil elsewhere than in a workflow.
    init?(environment: [String: String]) {
        guard environment["GITHUB_ACTIONS"] == "true" else { return nil }
        workspace = environment["GITHUB_WORKSPACE"].flatMap {
            $0.isEmpty ? nil : $0.hasSuffix("/") ? String($0.dropLast()) : $0
        }
        summaryPath = environment["GITHUB_STEP_SUMMARY"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Annotations, one a line; empty if there are none. The runner reads stdout and stderr alike.
    func annotations(of report: SmokeReport) -> String {
        report.annotations(relative: relative).joined(separator: "\n")
    }

    /// Adds to the step's summary.
    func summarise(_ report: SmokeReport, on console: Console) {
        guard let summaryPath else { return }
        let page = Array((report.markdown() + "\n").utf8)
        let descriptor = open(summaryPath, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        let isWritten =
            descriptor >= 0 && page.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == page.count
        // Nobody asked for the page by name: that it is missing is no failure of the test.
        if !isWritten { console.notice("\(summaryPath): the step summary cannot be written") }
        if descriptor >= 0 { close(descriptor) }
    }

    /// A path seen from the repository, where it is inside of it.
    private func relative(_ path: String) -> String {
        guard let workspace, let absolute = realpath(path, nil), let root = realpath(workspace, nil) else {
            return path
        }
        defer {
            free(absolute)
            free(root)
        }
        let (full, above) = (String(cString: absolute), String(cString: root) + "/")
        return full.hasPrefix(above) ? String(full.dropFirst(above.utf8.count)) : path
    }
}
