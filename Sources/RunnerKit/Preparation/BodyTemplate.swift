internal import JSONText
internal import JobModel
internal import Templating

/// The body of an invocation: `{"timestamp": …, "headers": [{"key", "value"}…], "payload": …}`.
struct BodyTemplate: Sendable {
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
        let start = body.count
        try payload.render(into: &body, context: &context)
        let range = start..<body.count
        guard !body[range].elementsEqual("null".utf8) else {
            throw TemplateError(message: "the payload is null, which the platform does not take")
        }
        JSONWriter.append(raw: "}", to: &body)
        return (body, range)
    }
}
