import JSONText
import Testing

@Suite struct JSONWriterTests {
    private func written(_ write: (inout [UInt8]) -> Void) -> String {
        var bytes: [UInt8] = []
        write(&bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("a\"b\\c/d", #""a\"b\\c/d""#),
        ("\0\u{1}\u{8}\t\n\u{b}\u{c}\r\u{1f}\u{7f}", "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\u{7f}\""),
        ("é😀\u{2028}", "\"é😀\u{2028}\""), ("\"", #""\"""#),
    ])
    func escapesStrings(text: String, json: String) throws {
        #expect(written { JSONWriter.append(string: text, to: &$0) } == json)
        #expect(try JSONParser.parse(json) == .string(text))
    }

    @Test func escapesWhereverTheByteStands() {
        for length in 0..<20 {
            for place in 0...length {
                for (character, escape) in [
                    ("\"", #"\""#), ("\\", #"\\"#), ("\u{1f}", #"\u001f"#), (" ", " "), ("é", "é"),
                ] {
                    let (before, after) = (String(repeating: "x", count: place), String(repeating: "!", count: length))
                    #expect(
                        written { JSONWriter.append(string: before + character + after + character, to: &$0) }
                            == "\"" + before + escape + after + escape + "\"")
                }
            }
        }
    }

    @Test(arguments: [0, 7, -7, 1000, .max, .min])
    func writesWholeNumbers(value: Int) {
        #expect(written { JSONWriter.append(value, to: &$0) } == String(value))
    }

    @Test(
        arguments: [
            (1423.1, "1423.1"), (0, "0"), (12, "12"), (0.5, "0.5"), (0.0004, "0"), (0.0005, "0.001"), (1.999_9, "2"),
            (123.456_7, "123.457"), (1.05, "1.05"), (1.005, "1.005"), (-2.25, "-2.25"), (0.001, "0.001"),
            (1e300, "1e+300"), (.infinity, "null"), (.nan, "null"), (-0.0001, "0"),
        ] as [(Double, String)])
    func writesMilliseconds(value: Double, text: String) {
        #expect(written { JSONWriter.append(threeDecimals: value, to: &$0) } == text)
    }

    @Test func writesValuesWithoutSpaces() {
        let value: JSONValue = ["a": [1, true, "x", []], "b": [:], "c": .null]
        #expect(JSONWriter.text(of: value) == #"{"a":[1,true,"x",[]],"b":{},"c":null}"#)
        #expect("\(value)" == #"{"a":[1,true,"x",[]],"b":{},"c":null}"#)
    }
}

@Suite struct JSONMinifierTests {
    @Test(arguments: [
        (" { \"a\" : [ 1 , 2.50 , \"x  y\" ] }\n", #"{"a":[1,2.50,"x  y"]}"#), ("[]", "[]"), (" [ ] ", "[]"),
        ("{ }", "{}"), ("\r\n\t1e+05\n", "1e+05"), (#"{"\u0061":"\/","a":1}"#, #"{"\u0061":"\/","a":1}"#),
        ("[\n  true,\n  null\n]", "[true,null]"),
    ])
    func foldsWhitespaceAndKeepsTheRest(text: String, folded: String) {
        var output = Array("x".utf8)
        #expect(JSONMinifier.append(Array(text.utf8), to: &output))
        #expect(String(decoding: output, as: UTF8.self) == "x" + folded)
    }
}

@Suite struct JSONObjectTests {
    @Test func subscriptSetsReplacesAndRemoves() {
        var object: JSONObject = ["a": 1, "b": 2]
        object["a"] = 3
        object["c"] = 4
        object["b"] = nil
        object["missing"] = nil
        #expect(JSONWriter.text(of: .object(object)) == #"{"a":3,"c":4}"#)
        #expect(object["b"] == nil)
    }

    @Test func nullMembersAreNotMissing() {
        let value: JSONValue = ["a": .null]
        #expect(value["a"] == .null)
        #expect(value["b"] == nil)
        #expect(JSONValue.string("a")["a"] == nil)
        #expect(JSONValue.array([1])[1] == nil)
    }
}
