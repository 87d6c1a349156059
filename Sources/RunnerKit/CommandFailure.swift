internal import JSONText
internal import JobModel
internal import YAMLText

/// Why a command ended before, or instead of, doing its work.
package struct CommandFailure: Error, Sendable {
    package var status: ExitStatus
    /// What is wrong, where, and what to do; may have several lines. Never holds a secret.
    package var message: String
    /// Somebody else has what it needs: later it may work.
    var mayPass = false
    /// What is wrong in job files and the like, for programs; ``message`` shows the same to people.
    private(set) var diagnostics: [Diagnostic] = []

    package init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// Problems of files, rendered with their lines.
    init(
        _ status: ExitStatus, _ diagnostics: [Diagnostic], sources: [SourceText],
        by renderer: DiagnosticRenderer = DiagnosticRenderer()
    ) {
        self.status = status
        message = renderer.text(diagnostics, sources: sources)
        self.diagnostics = diagnostics
    }

    /// In one line: of several problems the first, and where it is.
    var firstProblem: String {
        guard let first = diagnostics.first(where: { $0.severity == .error }) else {
            return String(message.prefix { $0 != "\n" })
        }
        let place = first.location.map { ":\($0.line):\($0.column)" } ?? ""
        return "\(first.file)\(place): \(first.message)"
    }

    /// `{"type":"error","error":"invalid","exitCode":2,"message":…,"diagnostics":[…]}`, in one line; `diagnostics` is
    /// left out if there are none, and `message` is then all that people are told.
    var json: String {
        var output = Array("{\"type\":\"error\",\"error\":".utf8)
        JSONWriter.append(string: "\(status)", to: &output)
        output += Array(",\"exitCode\":\(status.rawValue),\"message\":".utf8)
        let count = diagnostics.count { $0.severity == .error }
        let summary = "\(count) \(count == 1 ? "problem" : "problems")"
        JSONWriter.append(string: diagnostics.isEmpty ? message : summary, to: &output)
        if !diagnostics.isEmpty {
            output += Array(",\"diagnostics\":".utf8)
            output += Array(DiagnosticRenderer.json(diagnostics).utf8).filter { $0 != UInt8(ascii: "\n") }
        }
        return String(decoding: output, as: UTF8.self) + "}"
    }
}
