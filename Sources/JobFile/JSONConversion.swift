import JSONText
import JobModel
import Templating
import YAMLText

/// Turns YAML into JSON values and payload sources; what JSON cannot write is reported.
struct JSONConversion {
    let sink: DiagnosticSink
    /// The nodes of the strings of payload sources, by their id.
    private(set) var nodes: [YAMLNode] = []

    init(sink: DiagnosticSink) {
        self.sink = sink
    }

    /// The value of a tree; recursion is bounded by the depth that files may have.
    func value(_ node: YAMLNode) -> JSONValue {
        switch node.content {
        case .sequence(let elements): return .array(elements.map(value))
        case .mapping(let mapping):
            return .object(JSONObject(uniqueMembers: mapping.entries.map { ($0.key.text, value($0.value)) }))
        case .scalar(let scalar):
            switch scalar.value {
            case .null: return .null
            case .boolean(let value): return .bool(value)
            case .integer(let digits), .float(let digits): return .number(JSONNumber(validText: digits))
            case .string(let text): return .string(text)
            case .notFinite(let text):
                return refuse(
                    .badNumber, "JSON has no number \(text)", hint: "put it in quotes if text is meant", node)
            case .invalid(let reason): return refuse(.badTag, reason, node)
            }
        }
    }

    /// The source of a payload template; strings get numbers under which ``nodes`` has their places.
    mutating func source(_ node: YAMLNode) -> TemplateSource {
        switch node.content {
        case .sequence(let elements):
            var sources: [TemplateSource] = []
            sources.reserveCapacity(elements.count)
            for element in elements { sources.append(source(element)) }
            return .array(sources)
        case .mapping(let mapping):
            var members: [(key: String, value: TemplateSource)] = []
            members.reserveCapacity(mapping.entries.count)
            for entry in mapping.entries { members.append((entry.key.text, source(entry.value))) }
            return .object(members)
        case .scalar:
            switch value(node) {
            case .bool(let value): return .bool(value)
            case .number(let number): return .number(number.text)
            case .string(let text):
                nodes.append(node)
                return .string(text, id: nodes.count - 1)
            case .null, .array, .object: return .null
            }
        }
    }

    private func refuse(_ code: DiagnosticCode, _ message: String, hint: String = "", _ node: YAMLNode) -> JSONValue {
        sink.error(code, message, hint: hint, at: node.location)
        return .null
    }
}
