import JSONText
import TestSupport
import Testing

@testable import Sandbox

@Suite struct EnvelopeTests {
    private static func read(_ text: [UInt8]) -> Result<Envelope, Envelope.Fault> {
        text.withUnsafeBufferPointer { bytes in Result { () throws(Envelope.Fault) in try Envelope(bytes) } }
    }

    @Test func findsItsParts() throws {
        let start = #" {"x":{"payload":1},"headers":[{"key":"a","value":"b"}], "#
        let text = Array((start + #""payload" : [1, {"a":"}"}] ,"timestamp":17} "#).utf8)
        let envelope = try Self.read(text).get()
        #expect(envelope.timestamp == 17)
        #expect(String(decoding: text[envelope.payload], as: UTF8.self) == #"[1, {"a":"}"}]"#)
        #expect(String(decoding: text[envelope.headers], as: UTF8.self) == #"[{"key":"a","value":"b"}]"#)
        #expect(envelope.unknownField == "x")
    }

    @Test(arguments: [
        (#"{"timestamp":1,"headers":[],"payload":nulls}"#, Envelope.Fault.notJSON),
        (#"{"timestamp":1,"headers":[],"payload":1"#, .notJSON),
        (#"{"timestamp":1,"headers":[],"payload":1}}"#, .notJSON),
        (#"{"timestamp":1,"headers":[],"payload":1,}"#, .notJSON),
        (#"{"timestamp":1,"headers":[{"key":"a","value":"b"},],"payload":1}"#, .notJSON),
        (#"{"timestamp":1,"headers":[],"payload":"\ud800"}"#, .notJSON),
        ("", .notJSON), ("null", .notObject), (#""payload""#, .notObject), ("{}", .noPayload),
        (#"{"timestamp":1,"headers":[],"payload":null}"#, .nullPayload),
        (#"{"timestamp":1,"headers":[],"timestamp":1,"payload":1}"#, .repeatedField),
        (#"{"timestamp":-1,"headers":[],"payload":1}"#, .timestampType),
        (#"{"timestamp":1e3,"headers":[],"payload":1}"#, .timestampType),
        (#"{"timestamp":1111111111111111111111,"headers":[],"payload":1}"#, .timestampType),
        (#"{"timestamp":null,"headers":[],"payload":1}"#, .timestampType),
        (#"{"headers":[],"payload":1}"#, .noTimestamp),
        (#"{"timestamp":1,"payload":1}"#, .noHeaders),
        (#"{"timestamp":1,"headers":null,"payload":1}"#, .headersType),
        (#"{"timestamp":1,"headers":[[]],"payload":1}"#, .headersType),
        (#"{"timestamp":1,"headers":[{}],"payload":1}"#, .headersType),
        (#"{"timestamp":1,"headers":[{"key":"a","key":"b"}],"payload":1}"#, .headersType),
        (#"{"timestamp":1,"headers":[{"key":"a","value":null}],"payload":1}"#, .headersType),
    ])
    func namesWhatIsWrong(text: String, fault: Envelope.Fault) {
        #expect(throws: fault) { try Self.read(Array(text.utf8)).get() }
    }

    @Test func survivesDepth() {
        let deep = String(repeating: "[", count: 100_000)
        let result = Self.read(Array("{\"payload\":\(deep)".utf8))
        #expect(throws: Envelope.Fault.notJSON) { try result.get() }
    }

    @Test(arguments: 0..<500 as Range<UInt64>)
    func agreesWithTheParser(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let words = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\"payload\"", "\"headers\"", "\"timestamp\"", "1", "-", "0.5",
            "null", "true", " ", "\n", "{}", "[]", "\"\"", "\u{e9}", "\"key\":\"\"",
        ]
        var text = "{"
        for _ in 0..<Int.random(in: 0..<16, using: &random) { text += words.randomElement(using: &random) ?? "" }
        var bytes = Array(text.utf8)
        if Bool.random(using: &random) { bytes.append(UInt8.random(in: 0...255, using: &random)) }
        let isJSON = (try? JSONParser.parse(bytes)) != nil
        let isRefused: Bool
        switch Self.read(bytes) {
        case .failure(.notJSON): isRefused = true
        case .failure, .success: isRefused = false
        }
        #expect(isRefused == !isJSON, "\(text)")
    }

    @Test func wrongJSONIsExplained() {
        let message = Array("{\"a\" 1}".utf8).withUnsafeBufferPointer { Envelope.Fault.notJSON.message(for: $0) }
        #expect(message.hasPrefix("the body is not JSON: "))
        #expect(message.contains("column 6"))
    }
}
