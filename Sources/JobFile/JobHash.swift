import Digest
import JSONText
import JobModel
import Templating

/// SHA-256 over what decides the meaning of a job's rows, written as one JSON text.
///
/// Jobs that differ in their payloads alone have the rest of it in common.
struct JobHash {
    /// Goes into the hash, so that a change of the text's form is a change of every job.
    private static let form = 1

    private let beforePayload: [UInt8]
    private let afterPayload: [UInt8]
    /// Of all that is hashed but the payload.
    private let use: TemplateUse
    private let vars: JSONObject

    init(
        target: LambdaTarget, headers: [(name: String, text: String)], userID: String, input: JobInput, key: String?,
        use: TemplateUse, vars: JSONObject
    ) {
        var text: [UInt8] = []
        JSONWriter.append(raw: "{\"form\":", to: &text)
        JSONWriter.append(Self.form, to: &text)
        Self.append("lambda", .object(Self.lambda(target)), to: &text)
        JSONWriter.append(raw: ",\"payload\":", to: &text)
        beforePayload = text
        text = []
        Self.append("headers", .array(headers.map { .array([.string($0.name), .string($0.text)]) }), to: &text)
        Self.append("userId", .string(userID), to: &text)
        Self.append("input", .object(Self.parsing(input)), to: &text)
        Self.append("key", key.map { .string($0) } ?? .null, to: &text)
        afterPayload = text
        self.use = use
        self.vars = vars
    }

    /// - Parameter use: what the payload depends on.
    func digest(of payload: TemplateSource, using payloadUse: TemplateUse) -> SHA256Digest {
        var text = beforePayload
        Self.append(payload, to: &text)
        text += afterPayload
        let usesAllVars = use.usesAllVars || payloadUse.usesAllVars
        let used = vars.members.filter { name, _ in
            usesAllVars || use.vars.contains(name) || payloadUse.vars.contains(name)
        }.sorted { $0.key < $1.key }
        Self.append("vars", .object(JSONObject(uniqueMembers: used)), to: &text)
        JSONWriter.append(raw: "}", to: &text)
        return SHA256.digest(of: text)
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
        // What the name tells as well changes nothing.
        if case .file(let name, _) = input.source, InputFormat(path: name) == input.format {
            parsing["format"] = nil
        } else {
            parsing["format"] = input.format.map { .string($0.rawValue) }
        }
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
