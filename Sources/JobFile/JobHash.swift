import Digest
import JSONText
import JobModel
import Templating

/// SHA-256 over what decides the meaning of a job's rows, written as one JSON text.
enum JobHash {
    /// Goes into the hash, so that a change of the text's form is a change of every job.
    private static let form = 1

    static func hash(
        target: LambdaTarget, payload: TemplateSource, headers: [(name: String, text: String)], userID: String,
        input: JobInput, key: String?, use: TemplateUse, vars: JSONObject
    ) -> String {
        var text: [UInt8] = []
        JSONWriter.append(raw: "{\"form\":", to: &text)
        JSONWriter.append(form, to: &text)
        append("lambda", .object(lambda(target)), to: &text)
        JSONWriter.append(raw: ",\"payload\":", to: &text)
        append(payload, to: &text)
        append("headers", .array(headers.map { .array([.string($0.name), .string($0.text)]) }), to: &text)
        append("userId", .string(userID), to: &text)
        append("input", .object(parsing(input)), to: &text)
        append("key", key.map { .string($0) } ?? .null, to: &text)
        let used = vars.members.filter { use.usesAllVars || use.vars.contains($0.key) }.sorted { $0.key < $1.key }
        append("vars", .object(JSONObject(uniqueMembers: used)), to: &text)
        JSONWriter.append(raw: "}", to: &text)
        return SHA256.hexadecimal(of: text)
    }

    private static func lambda(_ target: LambdaTarget) -> JSONObject {
        var lambda = JSONObject()
        switch target.address {
        case .uuid(let uuid): lambda["uuid"] = .string(uuid.lowercased())
        case .event(let event): lambda["event"] = .string(event)
        }
        lambda["skillId"] = target.skillID.map { .string($0) }
        lambda["externalSystem"] = target.externalSystem.map { .string($0) }
        return lambda
    }

    private static func parsing(_ input: JobInput) -> JSONObject {
        var parsing = JSONObject()
        parsing["format"] = input.format.map { .string($0.rawValue) }
        parsing["delimiter"] = input.delimiter.map { .string($0) }
        parsing["header"] = .bool(input.hasHeader)
        return parsing
    }

    private static func append(_ name: StaticString, _ value: JSONValue, to text: inout [UInt8]) {
        JSONWriter.append(raw: ",\"", to: &text)
        JSONWriter.append(raw: name, to: &text)
        JSONWriter.append(raw: "\":", to: &text)
        JSONWriter.append(value, to: &text)
    }

    private static func append(_ source: TemplateSource, to text: inout [UInt8]) {
        switch source {
        case .null: JSONWriter.append(.null, to: &text)
        case .bool(let value): JSONWriter.append(value, to: &text)
        case .number(let digits): JSONWriter.append(raw: digits, to: &text)
        case .string(let string, _): JSONWriter.append(string: string, to: &text)
        case .array(let elements):
            text.append(UInt8(ascii: "["))
            for (position, element) in elements.enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                append(element, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .object(let members):
            text.append(UInt8(ascii: "{"))
            for (position, member) in members.enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                JSONWriter.append(string: member.key, to: &text)
                text.append(UInt8(ascii: ":"))
                append(member.value, to: &text)
            }
            text.append(UInt8(ascii: "}"))
        }
    }
}
