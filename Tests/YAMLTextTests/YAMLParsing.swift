import JobModel
import YAMLText

/// A document read from text.
func parse(_ text: String, limits: YAMLDocument.Limits = .init()) -> YAMLDocument {
    YAMLDocument.parse(SourceText(file: "f.yaml", bytes: Array(text.utf8)), limits: limits)
}

/// All problems of a text as people see them.
func problems(_ text: String, limits: YAMLDocument.Limits = .init()) -> String {
    let document = parse(text, limits: limits)
    return DiagnosticRenderer().text(document.diagnostics, sources: [document.source])
}

/// A tree in one line: `{a: int 1, b: [str "x"]}`.
func outline(_ node: YAMLNode?) -> String {
    switch node?.content {
    case nil: return "none"
    case .sequence(let nodes): return "[" + nodes.map { outline($0) }.joined(separator: ", ") + "]"
    case .mapping(let mapping):
        return "{" + mapping.entries.map { "\($0.key.text): \(outline($0.value))" }.joined(separator: ", ") + "}"
    case .scalar(let scalar): return outline(scalar.value)
    }
}

func outline(_ value: YAMLValue) -> String {
    switch value {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .integer(let digits): "int \(digits)"
    case .float(let digits): "float \(digits)"
    case .notFinite(let text): text
    case .string(let text): "str \"\(text)\""
    case .invalid(let reason): "invalid: \(reason)"
    }
}

/// Swift Testing has a type of that name, too.
typealias Place = JobModel.SourceLocation
