import JSONText
import JobModel
package import Templating

/// A function's reply: JSON with templates over the request.
package struct ReplyTemplate: Sendable {
    private let template: PayloadTemplate

    /// The names that replies may use, besides `index`, `now` and `uuid`.
    private static let names = ["payload", "headers", "function", "account", "requestId", "attempt"]

    /// - Throws: every problem of every template in it.
    package init(compiling source: TemplateSource) throws(TemplateProblems) {
        let scope = TemplateScope(roots: [.index, .now, .uuid], extras: Self.names)
        template = try PayloadTemplate(compiling: source, scope: scope)
    }

    /// What a reply is made from.
    struct Values {
        var payload: JSONValue
        var headers: JSONValue
        var function: UUIDKey
        var name: String?
        var account: String
        var requestID: String?
        /// From 1.
        var attempt: Int
        /// How many requests the function got before.
        var index: Int
        var now: Timestamp
        /// Of the UUIDs that the reply makes.
        var seed: UInt64
    }

    func render(_ values: Values) throws(TemplateError) -> [UInt8] {
        var function: [JSONObject.Member] = [("uuid", .string(values.function.text))]
        if let name = values.name { function.append(("name", .string(name))) }
        var context = RenderContext(
            index: values.index, jobName: "", runID: "", nominalTime: values.now, startedAt: values.now,
            now: values.now, zones: UTCOnly(), random: PositionalGenerator(seed: values.seed),
            extras: [
                values.payload, values.headers, .object(JSONObject(uniqueMembers: function)),
                .string(values.account), values.requestID.map(JSONValue.string),
                .number(JSONNumber(values.attempt)),
            ])
        var output: [UInt8] = []
        try template.render(into: &output, context: &context)
        return output
    }
}

/// Knows UTC alone: replies are not about time zones.
private struct UTCOnly: TimeZoneProvider {
    func offset(inZone name: String, at time: Timestamp) -> (secondsEast: Int, abbreviation: String)? {
        name == "UTC" ? (0, "UTC") : nil
    }
}

/// The numbers of ``Draw`` in their order.
private struct PositionalGenerator: RandomNumberGenerator, Sendable {
    let seed: UInt64
    private var index: UInt64 = 0

    init(seed: UInt64) {
        self.seed = seed
    }

    mutating func next() -> UInt64 {
        defer { index &+= 1 }
        return Draw.number(seed: seed, index: index)
    }
}
