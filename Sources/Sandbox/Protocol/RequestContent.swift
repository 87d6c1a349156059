import JSONText
import NIOCore

/// The values of an invocation, for replies and conditions.
struct RequestContent {
    var payload: JSONValue
    /// The pairs of the body's `headers` as one object; of several with one name the last wins.
    var headers: JSONValue

    init(envelope: Envelope, body: ByteBuffer) throws(JSONParseError) {
        payload = try Self.parse(envelope.payload, of: body)
        let pairs = try Self.parse(envelope.headers, of: body).arrayValue ?? []
        headers = .object(
            JSONObject(pairs.map { (key: $0["key"]?.stringValue ?? "", value: $0["value"] ?? .null) }))
    }

    private static func parse(_ range: Range<Int>, of body: ByteBuffer) throws(JSONParseError) -> JSONValue {
        let parsed = body.withUnsafeReadableBytes { bytes in
            let slice = UnsafeBufferPointer(rebasing: bytes.bindMemory(to: UInt8.self)[range])
            return Result { () throws(JSONParseError) in try JSONParser.parse(slice) }
        }
        return try parsed.get()
    }
}
