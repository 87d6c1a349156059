package import JSONText

/// Writes a description of settings as JSON Schema, draft 7: the draft that editors' YAML support knows best.
///
/// Besides the draft's keywords it writes three that the YAML language server reads: `markdownDescription`,
/// `enumDescriptions` and `patternErrorMessage`.
package struct JSONSchemaWriter {
    private var definitions: [(key: String, value: JSONValue)] = []

    /// - Parameter title: of the whole schema.
    package static func schema(of mapping: MappingSchema, title: String, description: String) -> JSONValue {
        var writer = JSONSchemaWriter()
        let top = writer.members(of: mapping)
        var members: [(key: String, value: JSONValue)] = [
            ("$schema", "http://json-schema.org/draft-07/schema#"),
            ("title", .string(title)),
            ("description", .string(description)),
        ]
        members += top
        writer.define(variableName) { _ in
            [("description", "A variable that is filled in."), ("type", "string"), ("pattern", #"\$\{"#)]
        }
        members.append(("definitions", .object(JSONObject(writer.definitions.sorted { $0.key < $1.key }))))
        return .object(JSONObject(members))
    }

    private typealias Members = [(key: String, value: JSONValue)]

    private static let variableName = "variable"

    /// Written once, whatever it is asked for.
    private mutating func define(_ name: String, _ members: (inout JSONSchemaWriter) -> Members) {
        guard !definitions.contains(where: { $0.key == name }) else { return }
        // Its place first: definitions may hold each other.
        definitions.append((name, .null))
        let position = definitions.count - 1
        let made = JSONValue.object(JSONObject(members(&self)))
        definitions[position].value = made
    }

    private static func reference(to name: String) -> Members {
        [("$ref", .string("#/definitions/\(name)"))]
    }

    private mutating func members(of mapping: MappingSchema) -> Members {
        var members: Members = [("type", mapping.mayBeEmpty ? ["object", "null"] : "object")]
        var properties: Members = []
        for setting in mapping.settings { properties.append((setting.key, schema(of: setting))) }
        members.append(("properties", .object(JSONObject(properties))))
        // A key may hold a variable, too.
        members.append(("patternProperties", [#"\$\{"#: true]))
        members.append(("additionalProperties", false))
        let required = mapping.settings.filter(\.isRequired).map { JSONValue.string($0.key) }
        if !required.isEmpty { members.append(("required", .array(required))) }
        if !mapping.exactlyOne.isEmpty {
            members.append(("oneOf", .array(mapping.exactlyOne.map { ["required": [.string($0)]] })))
        }
        return members
    }

    private mutating func schema(of setting: SettingSchema) -> JSONValue {
        let plain = setting.text.filter { $0 != "`" }
        var members: Members = [("description", .string(plain))]
        if plain != setting.text { members.append(("markdownDescription", .string(setting.text))) }
        if case .value(let value) = setting.byDefault { members.append(("default", value)) }
        if !setting.examples.isEmpty { members.append(("examples", .array(setting.examples))) }
        members += self.members(of: setting.value)
        return .object(JSONObject(members))
    }

    private mutating func members(of value: ValueSchema) -> Members {
        var alternatives = alternatives(of: value)
        if case .anything = value { return [] }
        if Self.wantsVariable(value) { alternatives.append(Self.reference(to: Self.variableName)) }
        guard alternatives.count > 1 else { return alternatives.first ?? [] }
        return [("anyOf", .array(alternatives.map { .object(JSONObject($0)) }))]
    }

    /// Whether a scalar may stand there whose schema does not take a text with a variable by itself.
    private static func wantsVariable(_ value: ValueSchema) -> Bool {
        switch value {
        case .boolean, .integer, .number, .choice: true
        case .either(let values):
            values.contains(where: wantsVariable)
                && !values.contains { if case .text = $0 { true } else { false } }
        case .anything, .text, .null, .list, .mapping, .entries: false
        }
    }

    private mutating func alternatives(of value: ValueSchema) -> [Members] {
        switch value {
        case .anything: return []
        case .boolean: return [[("type", "boolean")]]
        case .null: return [[("type", "null")]]
        case .integer(let range):
            if range.lowerBound == range.upperBound { return [[("const", .number(JSONNumber(range.lowerBound)))]] }
            var members: Members = [("type", "integer"), ("minimum", .number(JSONNumber(range.lowerBound)))]
            if range.upperBound < .max { members.append(("maximum", .number(JSONNumber(range.upperBound)))) }
            return [members]
        case .number(let range):
            return [
                [
                    ("type", "number"), ("minimum", Self.bound(range.lowerBound)),
                    ("maximum", Self.bound(range.upperBound)),
                ]
            ]
        case .text(let text): return [Self.members(of: text)]
        case .choice(let choices):
            var members: Members = [("enum", .array(choices.map { .string($0.name) }))]
            if choices.contains(where: { !$0.meaning.isEmpty }) {
                members.append(("enumDescriptions", .array(choices.map { .string($0.meaning.filter { $0 != "`" }) })))
            }
            return [members]
        case .list(let element):
            let items = members(of: element)
            return [[("type", "array"), ("items", .object(JSONObject(items)))]]
        case .mapping(let mapping):
            define(mapping.name) { $0.members(of: mapping) }
            return [Self.reference(to: mapping.name)]
        case .entries(let entries): return [members(of: entries)]
        case .either(let values): return values.flatMap { alternatives(of: $0) }
        }
    }

    private mutating func members(of entries: EntriesSchema) -> Members {
        var members: Members = [("type", entries.atLeast == 0 ? ["object", "null"] : "object")]
        if entries.atLeast > 0 { members.append(("minProperties", .number(JSONNumber(entries.atLeast)))) }
        if let pattern = entries.namePattern {
            members.append(("propertyNames", ["pattern": .string(Self.anchored(pattern))]))
        }
        let value = self.members(of: entries.value)
        members.append(("additionalProperties", value.isEmpty ? true : .object(JSONObject(value))))
        return members
    }

    private static func members(of text: TextSchema) -> Members {
        var types: [JSONValue] = ["string"]
        if text.takesNumbers { types.append("number") }
        if text.takesBooleans { types.append("boolean") }
        var members: Members = [("type", types.count == 1 ? types[0] : .array(types))]
        if text.isFilled { members.append(("minLength", 1)) }
        if let pattern = text.pattern {
            members.append(("pattern", .string(anchored(pattern))))
            members.append(("patternErrorMessage", .string("expected \(text.words)")))
        }
        return members
    }

    /// A pattern for the whole text, or a text with a variable.
    private static func anchored(_ pattern: String) -> String {
        #"^(\#(pattern))$|\$\{"#
    }

    private static func bound(_ value: Double) -> JSONValue {
        .number(JSONNumber(Int(value)))
    }
}
