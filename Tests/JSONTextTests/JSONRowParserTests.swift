import TestSupport
import Testing

@testable import JSONText

/// What was read before must not show in what is read next.
@Suite struct JSONRowParserTests {
    private struct Result: Equatable {
        /// Compact JSON, which keeps the order of members.
        var text: String?
        var error: JSONParseError?
    }

    private func whole(_ text: String) -> Result {
        do throws(JSONParseError) {
            return Result(text: JSONWriter.text(of: try JSONParser.parse(text)))
        } catch {
            return Result(error: error)
        }
    }

    private func next(_ parser: inout JSONRowParser, _ text: String) -> Result {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            do throws(JSONParseError) {
                return Result(text: JSONWriter.text(of: try parser.parse(bytes)))
            } catch {
                return Result(error: error)
            }
        }
    }

    private func check(_ text: String) -> JSONParseError? {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            do throws(JSONParseError) {
                try JSONParser.check(bytes)
                return nil
            } catch {
                return error
            }
        }
    }

    static let texts: [String] = [
        #"{"a":1,"b":2}"#, #"{"a":3,"b":4}"#, #" { "a" : 3 , "b" : 4 } "#, #"{"a":1}"#, #"{"b":1,"a":2}"#, "{}", "[]",
        #"{"a":1,"b":2,"c":3}"#, #"{"a":1,"b":2,"a":3}"#, #"{"a":1,"b":2,"b":3}"#, #"{"a":1,"\u0062":2}"#,
        #"{"\u0061":1,"b":2}"#, #"{"a\"b":1,"c":2}"#, #"{"a\\":1}"#, #"{"a"b":1}"#, #"{"ab":1,"abc":2}"#,
        #"{"a"#, #"{"a""#, #"{"a":"#, #"{"a" 1}"#, #"{"a":1,"b"}"#, #"{"a":1,}"#, #"{"a":1 "b":2}"#, #"{a:1}"#, "", "7",
        #"{"":1}"#, #"{"":1,"":2}"#, #"{"é":"é😀","e\#u{301}":"\u00e9\n"}"#, #"{"a":{"a":1,"b":2},"b":[{"b":1,"a":2}]}"#,
        #"{"a":{"x":1,"y":2},"b":[{"x":1},{"x":2,"y":{"z":[]}}]}"#,
        #"{"a":{"y":1,"x":2},"b":[{"x":1,"y":2},[{"x":3}]]}"#,
        #"{"a":[{"x":1},{"x":1,"x":2},{"x"}]}"#, #"[{"a":1},{"a":{"a":{"a":2}}},{"a":{"a":{"a":3,"b":4}}}]"#,
        #"{"a":{"a":1,"a":2},"b":3}"#, #"{"a":"\ud800"}"#, "{\"a\":\"\u{1}\"}", "{\"a\nb\":1}",
        "{" + (0..<40).map { "\"member \($0)\":\($0)" }.joined(separator: ",") + "}",
        "{" + (0..<40).map { "\"member \($0 % 39)\":\($0)" }.joined(separator: ",") + "}",
    ]

    @Test func anyTextAfterAnyOther() {
        let results = Self.texts.map(whole)
        for first in Self.texts.indices {
            for second in Self.texts.indices {
                var parser = JSONRowParser()
                let order = [first, first, second, first]
                let read = order.map { next(&parser, Self.texts[$0]) }
                #expect(read == order.map { results[$0] }, "\(Self.texts[second]) after \(Self.texts[first])")
            }
        }
    }

    @Test(arguments: 0..<4) func longSequences(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var parser = JSONRowParser()
        for _ in 0..<500 {
            let text = Self.texts.randomElement(using: &random) ?? ""
            for _ in 0..<Int.random(in: 1...3, using: &random) { #expect(next(&parser, text) == whole(text)) }
        }
    }

    @Test func bytesThatAreNotUTF8() {
        var parser = JSONRowParser()
        for bytes in [Array(#"{"a":1}"#.utf8), [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], Array(#"{"a":1}"#.utf8)] {
            let value = bytes.withUnsafeBufferPointer { try? parser.parse($0) }
            #expect((value == nil) == bytes.contains(0xFF))
        }
    }

    @Test(arguments: texts) func checkingFindsWhatParsingFinds(_ text: String) {
        #expect(check(text) == whole(text).error)
        #expect(check(text + " x") == whole(text + " x").error)
    }

    @Test func checkingLimitsTheDepth() {
        let deep = String(repeating: "[", count: 1000)
        #expect(check(deep)?.code == .tooDeep)
        #expect(check(deep) == whole(deep).error)
    }
}
