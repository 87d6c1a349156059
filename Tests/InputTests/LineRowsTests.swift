import JobModel
import Testing

@testable import Input

@Suite struct LineRowsTests {
    @Test(arguments: [
        ("", []),
        ("\n \n\t\r\n", []),
        ("{\"a\":1}\n{\"a\":2}\n", [#"0@1 {"a":1}"#, #"1@2 {"a":2}"#]),
        ("{\"a\":1}", [#"0@1 {"a":1}"#]),
        ("\u{FEFF}1\r\n\r\n2\r\n", ["0@1 1", "1@3 2"]),
        (
            "null\ntrue\n\"x\"\n[1,\n",
            ["0@1 null", "1@2 true", "2@3 \"x\"", "3@4 !input: line 4: not JSON at column 4: "]
        ),
        ("12345678901234567890\n1.10\n1e400\n", ["0@1 12345678901234567890", "1@2 1.10", "2@3 1e400"]),
        (" {\"a\" : 1 } \n", [#"0@1 {"a":1}"#]),
        ("{}{}\n{}\n", ["0@1 !input: line 1: not JSON at column 3: ", "1@2 {}"]),
        ("\u{E9}\n1\n", ["0@1 !input: line 1: not JSON at column 1: ", "1@2 1"]),
    ])
    func rows(_ text: String, _ expected: [String]) throws {
        let transcript = try InputTranscript(text, as: .jsonl)
        #expect(transcript.rows.count == expected.count)
        for (row, expected) in zip(transcript.rows, expected) {
            if expected.contains("!") {
                #expect(row.hasPrefix(expected))
            } else {
                #expect(row == expected)
            }
        }
        #expect(transcript.failure == nil)
        #expect(transcript.hashesAreRight)
        #expect(transcript.ends.last == Int64(text.utf8.count))
    }

    @Test func invalidUTF8IsABadRow() throws {
        let transcript = try InputTranscript(Array("\"".utf8) + [0xFF] + Array("\"\n2\n".utf8), as: .jsonl)
        #expect(transcript.rows.count == 2)
        #expect(transcript.rows.first?.hasPrefix("0@1 !input: line 1: not JSON at column 2") == true)
        #expect(transcript.rows.last == "1@2 2")
    }

    @Test func deepNestingIsABadRow() throws {
        let deep = String(repeating: "[", count: 100_000)
        let transcript = try InputTranscript("\(deep)\n1\n", as: .jsonl)
        #expect(transcript.rows.first?.hasPrefix("0@1 !input: line 1") == true)
        #expect(transcript.rows.last == "1@2 1")
    }

    @Test func longLinesAreBadAndTheNextIsRead() throws {
        let text = "1\n\"\(String(repeating: "x", count: 100))\"\n\"\(String(repeating: "y", count: 61))\"\n2\n"
        let transcript = try InputTranscript(text, as: .jsonl, options: InputOptions(maximumRowBytes: 64))
        #expect(transcript.rows.count == 4)
        #expect(transcript.rows[1] == "1@2 !input: line 2: the row is longer than 64 bytes")
        #expect(transcript.rows[2].hasPrefix("2@3 \"yyy"))
        #expect(transcript.rows[3] == "3@4 2")
    }

    @Test(arguments: [[0xFF, 0xFE, 0x31, 0x00], [0xFE, 0xFF, 0x00, 0x31]] as [[UInt8]])
    func utf16IsNamed(_ bytes: [UInt8]) throws {
        let transcript = try InputTranscript(bytes, as: .jsonl)
        #expect(transcript.rows == [])
        #expect(transcript.failure?.contains("UTF-16") == true)
    }
}
