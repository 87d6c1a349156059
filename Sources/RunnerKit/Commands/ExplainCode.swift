internal import JSONText
internal import JobModel

/// `fnrun explain`: what a code of a message, or an exit code, means and what to do.
package struct ExplainCode: Sendable {
    private let common: CommonSettings
    private let code: String

    package init(common: CommonSettings, code: String) {
        self.common = common
        self.code = code
    }

    /// - Throws: ``CommandFailure`` with status 64 for a code that is none.
    package func execute() throws(CommandFailure) -> ExitStatus {
        let (cause, cure) = try explanation()
        let text = (cause: cause.replacing("`", with: ""), cure: cure.replacing("`", with: ""))
        let console = Console(settings: common)
        switch common.format {
        case .json:
            let members = [("code", code), ("cause", text.cause), ("cure", text.cure)]
            try console.data(JSONWriter.text(of: .object(JSONObject(members.map { ($0, .string($1)) }))))
        case .text, .curl: try console.data("\(code): \(text.cause)\n  = help: \(text.cure)")
        }
        return .success
    }

    private func explanation() throws(CommandFailure) -> (cause: String, cure: String) {
        if let known = DiagnosticCode(rawValue: code) { return known.explanation }
        if let known = Int32(code).flatMap(ExitStatus.init) { return known.explanation }
        let names = DiagnosticCode.allCases.map(\.rawValue)
        let exits = ExitStatus.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
        let hint = NameSuggestion.hint(for: code, in: names, listing: "codes of messages")
        throw CommandFailure(.usage, "there is no code '\(code)': \(hint); exit codes: \(exits)")
    }
}
