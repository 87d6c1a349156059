import JSONText
import JobModel
import Templating
import YAMLText

/// Turns YAML into JSON values and templates.
struct ValueReader {
    let source: SourceText

    /// A JSON value; numbers keep their digits.
    static func json(_ field: YAMLField) -> JSONValue? {
        json(field.node, field: field)
    }

    private static func json(_ node: YAMLNode, field: YAMLField) -> JSONValue? {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.value {
            case .null: return .null
            case .boolean(let value): return .bool(value)
            case .integer(let digits), .float(let digits): return .number(JSONNumber(validText: digits))
            case .string(let text): return .string(text)
            case .notFinite, .invalid: return refuse(node, field)
            }
        case .sequence(let nodes):
            let values = nodes.compactMap { json($0, field: field) }
            return values.count == nodes.count ? .array(values) : nil
        case .mapping(let mapping):
            let members = mapping.entries.compactMap { entry in
                json(entry.value, field: field).map { (key: entry.key.text, value: $0) }
            }
            return members.count == mapping.entries.count ? .object(JSONObject(uniqueMembers: members)) : nil
        }
    }

    private static func refuse<Value>(_ node: YAMLNode, _ field: YAMLField) -> Value? {
        field.sink.error(
            .badValue, "\(field.path): \(node.scalar?.raw.shortened ?? "this") cannot be written as JSON",
            at: node.location)
        return nil
    }

    /// A reply: any YAML, with templates in its strings.
    func reply(_ field: YAMLField) -> ReplyTemplate? {
        var strings: [YAMLNode] = []
        guard let template = Self.template(field.node, field: field, strings: &strings) else { return nil }
        do throws(TemplateProblems) {
            return try ReplyTemplate(compiling: template)
        } catch {
            for problem in error.list {
                let location =
                    strings.indices.contains(problem.nodeID)
                    ? strings[problem.nodeID].location(ofOffset: problem.offset, length: problem.length, in: source)
                    : field.node.location
                field.sink.error(.badTemplate, problem.message, hint: problem.hint, at: location)
            }
            return nil
        }
    }

    private static func template(
        _ node: YAMLNode, field: YAMLField, strings: inout [YAMLNode]
    ) -> TemplateSource? {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.value {
            case .null: return .null
            case .boolean(let value): return .bool(value)
            case .integer(let digits), .float(let digits): return .number(digits)
            case .string(let text):
                strings.append(node)
                return .string(text, id: strings.count - 1)
            case .notFinite, .invalid: return refuse(node, field)
            }
        case .sequence(let nodes):
            let values = nodes.compactMap { template($0, field: field, strings: &strings) }
            return values.count == nodes.count ? .array(values) : nil
        case .mapping(let mapping):
            let members = mapping.entries.compactMap { entry in
                template(entry.value, field: field, strings: &strings).map { (key: entry.key.text, value: $0) }
            }
            return members.count == mapping.entries.count ? .object(members) : nil
        }
    }

    /// A condition: a path below `payload` or `headers` as the key, the wanted value.
    func condition(_ field: YAMLField) -> FunctionScript.Condition? {
        guard let (root, path) = path(field), let value = Self.json(field) else { return nil }
        return FunctionScript.Condition(root: root, path: path, value: value)
    }

    private func path(_ field: YAMLField) -> (FunctionScript.Condition.Root, TemplatePath)? {
        let hint = "paths begin with payload or headers, such as payload.id or headers[\"X-Tenant\"]"
        do throws(TemplateProblems) {
            var path = try TemplatePath(parsing: field.name)
            guard case .key(let name)? = path.steps.first, let root = FunctionScript.Condition.Root(rawValue: name)
            else {
                field.sink.error(
                    .badValue, "'\(field.name.shortened)' is no path into a request", hint: hint,
                    at: field.keyLocation)
                return nil
            }
            path.steps.removeFirst()
            return (root, path)
        } catch {
            let reason = error.list.first?.message ?? "not a path"
            field.sink.error(.badValue, "'\(field.name.shortened)': \(reason)", hint: hint, at: field.keyLocation)
            return nil
        }
    }
}
