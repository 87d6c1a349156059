internal import JSONText

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

    /// Lines for people, broken at blanks so that they fit; a word that is longer stands on a line of its own.
    func text(width: Int) -> String {
        var lines = Self.wrapped("\(name): \(summary)", first: "\(mark.symbol) ", rest: "    ", width: width)
        for detail in details { lines += Self.wrapped(detail, first: "    ", rest: "      ", width: width) }
        if !cause.isEmpty { lines += Self.wrapped(cause, first: "    cause: ", rest: "           ", width: width) }
        if !cure.isEmpty { lines += Self.wrapped(cure, first: "    cure:  ", rest: "           ", width: width) }
        return lines.joined(separator: "\n")
    }

    private static func wrapped(_ text: String, first: String, rest: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = first
        var isBegun = false
        for word in text.split(separator: " ") {
            if isBegun, line.count + 1 + word.count > width {
                lines.append(line)
                line = rest
                isBegun = false
            }
            line += (isBegun ? " " : "") + word
            isBegun = true
        }
        return lines + [line]
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
