import JSONText
import Testing

@Suite struct JSONParserTests {
    @Test(
        arguments: [
            ("null", .null), ("true", true), (" false\n", false), ("0", 0), ("-12", -12), ("\"\"", ""), ("[]", []),
            ("{}", [:]), ("[1,[2],{\"a\":[]}]", [1, [2], ["a": []]]),
            ("\t{ \"a\" : 1 , \"b\" : \"x\" }\r\n", ["a": 1, "b": "x"]),
            (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{c}\n\r\t")), (#""\u00e9\u20AC\uD83D\ude00\u0000""#, "é€😀\0"),
            ("\"é€😀 plain text that is longer than a word\"", "é€😀 plain text that is longer than a word"),
            ("\"\u{2028}\u{7F}\"", "\u{2028}\u{7F}"),
        ] as [(String, JSONValue)])
    func readsValues(text: String, value: JSONValue) throws {
        #expect(try JSONParser.parse(text) == value)
    }

    @Test(arguments: [
        "12345678901234567890", "1.10", "1e400", "-0", "-0.0", "1E+05", "0.1e-7",
        "123456789012345678901234567890.123456789012345678901234567890",
    ])
    func keepsEveryDigit(text: String) throws {
        let value = try JSONParser.parse("[\(text)]")
        #expect(value[0]?.numberValue?.text == text)
        #expect(JSONWriter.text(of: value) == "[\(text)]")
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("{", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
            ("\"abc", .unexpectedEnd, 4), ("\"abc\\", .unexpectedEnd, 5), ("\"\\u12", .unexpectedEnd, 5),
            ("\"\\ud83d", .unexpectedEnd, 7), ("tru", .unexpectedEnd, 3), ("-", .unexpectedEnd, 1),
            ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2), ("trux", .unexpectedByte, 0),
            ("nul]", .unexpectedByte, 0),
            ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1), ("{\"a\":1,}", .unexpectedByte, 7),
            ("{a:1}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5), ("{\"a\":}", .unexpectedByte, 5),
            ("[1 2]", .unexpectedByte, 3), ("'a'", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0),
            ("+1", .unexpectedByte, 0),
            (".5", .unexpectedByte, 0), ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2),
            ("1.x", .invalidNumber, 2),
            ("1e+x", .invalidNumber, 3), ("-x", .invalidNumber, 1), ("\"\\x\"", .invalidEscape, 2),
            ("\"\\u12g4\"", .invalidEscape, 5), ("\"a\nb\"", .controlCharacter, 2), ("\"\u{0}\"", .controlCharacter, 1),
            ("\"\\ud800\"", .loneSurrogate, 1), ("\"\\udc00\"", .loneSurrogate, 1),
            ("\"x\\ud800\\u0041\"", .loneSurrogate, 2),
            ("\"\\ud800x\"", .loneSurrogate, 1), ("1 2", .trailingContent, 2), ("{} x", .trailingContent, 3),
            ("\u{FEFF}{}", .unexpectedByte, 0), ("// c\n1", .unexpectedByte, 0), ("\u{A0}1", .unexpectedByte, 0),
        ] as [(String, JSONParseError.Code, Int)])
    func refuses(text: String, code: JSONParseError.Code, offset: Int) {
        let error = #expect(throws: JSONParseError.self) { try JSONParser.parse(text) }
        #expect(error?.code == code)
        #expect(error?.offset == offset)
        #expect(error?.message.contains("\n") == false)
        var output: [UInt8] = [1]
        #expect(!JSONMinifier.append(Array(text.utf8), to: &output))
        #expect(output == [1])
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xC1, 0xBF, 0x22], [0x22, 0xE0, 0x80, 0x80, 0x22],
            [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22],
            [0x22, 0x80, 0x22], [0x22, 0xC3, 0x22, 0x22], [0x22, 0xE2, 0x82, 0x22, 0x22],
            [0x22, 0xF0, 0x8F, 0x80, 0x80, 0x22],
        ] as [[UInt8]])
    func refusesInvalidUTF8(bytes: [UInt8]) {
        let error = #expect(throws: JSONParseError.self) { try JSONParser.parse(bytes) }
        #expect(error?.code == .invalidUTF8)
        #expect(error?.offset == 1)
    }

    @Test func tellsLineAndColumnInScalars() {
        let error = #expect(throws: JSONParseError.self) { try JSONParser.parse("{\n  \"é😀\": x}") }
        #expect(error?.line == 2)
        #expect(error?.column == 9)
        #expect(error?.offset == 14)
        #expect(error?.description == "expected a value, found 'x' (line 2, column 9)")
    }

    @Test func lastOfEqualNamesWinsInTheFirstPlace() throws {
        let value = try JSONParser.parse(#"{"a":1,"b":2,"\u0061":3}"#)
        #expect(JSONWriter.text(of: value) == #"{"a":3,"b":2}"#)
    }

    @Test func canonicallyEquivalentNamesAreDifferent() throws {
        let value = try JSONParser.parse("{\"\u{E9}\":1,\"e\u{301}\":2}")
        #expect(value.objectValue?.count == 2)
        #expect(value["\u{E9}"] == 1)
        #expect(value["e\u{301}"] == 2)
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
    }

    @Test func hugeObjectsWithDuplicatesAreLinear() throws {
        let members = (0..<100_000).map { "\"k\($0 % 50_000)\":\($0)" }.joined(separator: ",")
        let value = try JSONParser.parse("{\(members)}")
        #expect(value.objectValue?.count == 50_000)
        #expect(value["k0"] == 50_000)
        #expect(value["k49999"] == 99_999)
        #expect(value.objectValue?.members.first?.key == "k0")
    }

    @Test func nestingIsLimited() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONParser.parse(nested(512))
        let objects = String(repeating: "{\"a\":", count: 100_000)
        for text in [nested(513), String(repeating: "[", count: 1_000_000), objects] {
            let error = #expect(throws: JSONParseError.self) { try JSONParser.parse(text) }
            #expect(error?.code == .tooDeep)
            var output: [UInt8] = []
            #expect(!JSONMinifier.append(Array(text.utf8), to: &output))
        }
        #expect(throws: JSONParseError.self) { try JSONParser.parse("[[1]]", depthLimit: 1) }
        #expect(try JSONParser.parse("[[1]]", depthLimit: 2) == [[1]])
    }

    @Test func readsValuesOneAfterAnother() throws {
        let text = Array(" {\"a\":1}, [2] 3 \"x\"tail".utf8)
        try text.withUnsafeBufferPointer { bytes in
            let first = try JSONParser.parsePrefix(of: bytes)
            #expect(first.value == ["a": 1])
            #expect(first.end == 8)
            let second = try JSONParser.parsePrefix(of: bytes, from: first.end + 1)
            #expect(second.value == [2])
            let third = try JSONParser.parsePrefix(of: bytes, from: second.end)
            #expect(third.value == 3)
            #expect(bytes[third.end] == UInt8(ascii: " "))
            #expect(try JSONParser.parsePrefix(of: bytes, from: third.end).value == "x")
        }
    }

    @Test(arguments: ["{\"a\":[1,\"é\\ud83d\\ude00\",true,null]}", "[\"\u{10FFFF}\"]", "-12.5e+3", "12"])
    func everyCutOffPrefixIsIncomplete(text: String) {
        let bytes = Array(text.utf8)
        for length in bytes.indices {
            bytes[..<length].withUnsafeBufferPointer { bytes in
                let error = #expect(throws: JSONParseError.self) {
                    try JSONParser.parsePrefix(of: bytes, isFinal: false)
                }
                #expect(error?.isIncomplete == true)
            }
        }
    }
}
