internal import JSONText
internal import JobModel
internal import Results

/// One step of a diagnosis: what was looked at and what was found.
struct DiagnosisStep: Sendable {
    enum Mark: String, Sendable {
        case good = "ok"
        /// Runs go on in spite of it, or it could not be told.
        case warning
        case failed

        var symbol: String {
            switch self {
            case .good: "✓"
            case .warning: "!"
            case .failed: "✗"
            }
        }

        var color: TextColor {
            switch self {
            case .good: .green
            case .warning: .yellow
            case .failed: .red
            }
        }
    }

    /// Of a closed set: `job file`, `account`, `connection`, `hosts`, `clock`, `token`, `lambda`.
    var name: String
    var mark: Mark
    var summary: String
    /// Further lines.
    var details: [String] = []
    /// What it usually comes from.
    var cause = ""
    /// What to do about it.
    var cure = ""
    /// What a failure amounts to.
    var status = ExitStatus.success

    static func good(_ name: String, _ summary: String, details: [String] = []) -> DiagnosisStep {
        DiagnosisStep(name: name, mark: .good, summary: summary, details: details)
    }

    static func warning(
        _ name: String, _ summary: String, details: [String] = [], cause: String = "", cure: String = ""
    ) -> DiagnosisStep {
        DiagnosisStep(name: name, mark: .warning, summary: summary, details: details, cause: cause, cure: cure)
    }

    static func failed(
        _ name: String, _ status: ExitStatus, _ summary: String, details: [String] = [], cause: String = "",
        cure: String = ""
    ) -> DiagnosisStep {
        DiagnosisStep(
            name: name, mark: .failed, summary: summary, details: details, cause: cause, cure: cure, status: status)
    }

    /// Lines for people, broken at blanks so that they fit.
    func text(width: Int, usesColor: Bool = false) -> String {
        var lines = WrappedText.lines("\(name): \(summary)", first: "\(mark.symbol) ", rest: "    ", width: width)
        if usesColor { lines[0] = mark.color.paint(mark.symbol) + lines[0].dropFirst() }
        for detail in details { lines += WrappedText.lines(detail, first: "    ", rest: "      ", width: width) }
        if !cause.isEmpty { lines += WrappedText.lines(cause, first: "    cause: ", rest: "           ", width: width) }
        if !cure.isEmpty { lines += WrappedText.lines(cure, first: "    cure:  ", rest: "           ", width: width) }
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        var members: [JSONObject.Member] = [
            ("step", .string(name)), ("state", .string(mark.rawValue)), ("summary", .string(summary)),
        ]
        if !details.isEmpty { members.append(("details", .array(details.map { .string($0) }))) }
        if !cause.isEmpty { members.append(("cause", .string(cause))) }
        if !cure.isEmpty { members.append(("cure", .string(cure))) }
        return .object(JSONObject(members))
    }
}
