package import JSONText
package import JobModel

/// What is known of an invocation that has ended, as expectations see it.
package struct Observation: Sendable {
    package var outcome: Outcome
    package var status: Int?
    package var latency: Duration?
    private let attempts: Int
    private let error: InvocationError?
    private let answer: Answer?

    package init(_ result: InvocationResult) {
        outcome = result.outcome
        status = result.status
        latency = result.latency
        attempts = result.attempts
        error = result.error
        answer = result.answer
    }

    /// The roots as one object: what is not known is missing in it.
    ///
    /// - Parameter needsResponse: the body is read, which may be long.
    package func document(needsResponse: Bool) -> JSONValue {
        var members: [JSONObject.Member] = []
        func add(_ root: ObservedRoot, _ value: JSONValue?) {
            if let value { members.append((root.rawValue, value)) }
        }
        add(.status, status.map { .number(JSONNumber($0)) })
        add(.headers, answer.map { .object(Self.headers($0.headers)) })
        if needsResponse { add(.response, answer.map { Self.response($0.body) }) }
        add(.latencyMs, latency.flatMap { JSONNumber($0.milliseconds) }.map { .number($0) })
        add(.attempts, .number(JSONNumber(attempts)))
        add(.outcome, .string(outcome.rawValue))
        add(.error, error.map { .object(Self.error($0)) })
        return .object(JSONObject(uniqueMembers: members))
    }

    /// Headers of one name are one value (RFC 9110, section 5.3).
    private static func headers(_ headers: [(name: String, value: String)]) -> JSONObject {
        var positions: [String: Int] = [:]
        var joined: [(key: String, value: String)] = []
        for header in headers {
            if let position = positions[header.name] {
                joined[position].value += ", \(header.value)"
            } else {
                positions[header.name] = joined.count
                joined.append((header.name, header.value))
            }
        }
        return JSONObject(uniqueMembers: joined.map { ($0.key, .string($0.value)) })
    }

    private static func response(_ body: [UInt8]) -> JSONValue {
        (try? JSONParser.parse(body)) ?? .string(String(decoding: body, as: UTF8.self))
    }

    private static func error(_ error: InvocationError) -> JSONObject {
        var members: [JSONObject.Member] = [("class", .string(error.errorClass.rawValue))]
        if let code = error.code { members.append(("code", .string(code))) }
        members.append(("message", .string(error.message)))
        return JSONObject(uniqueMembers: members)
    }
}
