internal import JSONText
internal import JobModel
internal import Templating

/// The body of an invocation: `{"timestamp": …, "headers": [{"key", "value"}…], "payload": …}`.
struct BodyTemplate: Sendable {
    private static let null = Array("null".utf8)

    private let payload: PayloadTemplate
    /// Up to the value of each header, with the template of the value.
    private let headers: [(prefix: [UInt8], value: TextTemplate)]

    init(payload: PayloadTemplate, headers: [(name: String, value: TextTemplate)]) {
        self.payload = payload
        self.headers = headers.enumerated().map { position, header in
            var prefix = Array((position == 0 ? "{\"key\":" : ",{\"key\":").utf8)
            JSONWriter.append(string: header.name, to: &prefix)
            prefix.append(contentsOf: Array(",\"value\":".utf8))
            return (prefix, header.value)
        }
    }

    /// The bytes of one body and where the payload stands in them.
    ///
    /// - Throws: what a template says of the row, or that the payload is null, which the platform does not take.
    func render(
        context: inout RenderContext, capacity: Int
    ) throws(TemplateError) -> (body: [UInt8], payload: Range<Int>) {
        var body = try begin(context: &context, capacity: capacity)
        let start = body.count
        try payload.render(into: &body, context: &context)
        return try end(body, payloadFrom: start)
    }

    /// A body with a payload that an earlier run has recorded; headers are rendered anew.
    func body(
        around payload: some Collection<UInt8>, context: inout RenderContext
    ) throws(TemplateError) -> (body: [UInt8], payload: Range<Int>) {
        var body = try begin(context: &context, capacity: payload.count + 128)
        let start = body.count
        body.append(contentsOf: payload)
        return try end(body, payloadFrom: start)
    }

    /// Everything up to the payload.
    private func begin(context: inout RenderContext, capacity: Int) throws(TemplateError) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(capacity)
        JSONWriter.append(raw: "{\"timestamp\":", to: &body)
        JSONWriter.append(Int(context.now.milliseconds), to: &body)
        JSONWriter.append(raw: ",\"headers\":[", to: &body)
        for (prefix, value) in headers {
            body.append(contentsOf: prefix)
            JSONWriter.append(string: try value.text(context: &context), to: &body)
            JSONWriter.append(raw: "}", to: &body)
        }
        JSONWriter.append(raw: "],\"payload\":", to: &body)
        return body
    }

    private func end(
        _ body: consuming [UInt8], payloadFrom start: Int
    ) throws(TemplateError) -> (body: [UInt8], payload: Range<Int>) {
        let range = start..<body.count
        guard range.count != Self.null.count || !body[range].elementsEqual(Self.null) else {
            throw TemplateError(message: "the payload is null, which the platform does not take")
        }
        JSONWriter.append(raw: "}", to: &body)
        return (body, range)
    }
}
