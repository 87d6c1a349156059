import JobModel
import Testing

@testable import Input

@Suite struct ElementRowsTests {
    @Test(arguments: [
        ("[]", []),
        (" \n[ \n ] \n", []),
        ("[1]", ["0@1 1"]),
        ("\u{FEFF}[1,\n 2 ,\n\n3]\n", ["0@1 1", "1@2 2", "2@4 3"]),
        (
            #"[{"a":"],[\"\\"},[1,[2]],"x,y",null]"#,
            [#"0@1 {"a":"],[\"\\"}"#, "1@1 [1,[2]]", #"2@1 "x,y""#, "3@1 null"]
        ),
        ("[1.10,1e400,12345678901234567890]", ["0@1 1.10", "1@1 1e400", "2@1 12345678901234567890"]),
        ("\n{\"a\":\n[1]}\n", [#"0@2 {"a":[1]}"#]),
        ("\"x\"", [#"0@1 "x""#]),
        ("12", ["0@1 12"]),
    ])
    func rows(_ text: String, _ rows: [String]) throws {
        let transcript = try InputTranscript(text, as: .json)
        #expect(transcript.rows == rows)
        #expect(transcript.failure == nil)
        #expect(transcript.hashesAreRight)
        #expect(transcript.ends.last == Int64(text.utf8.count))
    }

    @Test(arguments: [
        ("", 0, "cannot read test as JSON: it is empty; an input without rows is []"),
        ("[", 0, "cannot read test as JSON: it ends inside the array"),
        ("[1,", 1, "cannot read test as JSON: it ends inside the array"),
        ("[1,]", 1, "cannot read test as JSON: a comma stands before the end of the array"),
        ("[1] 2", 1, "cannot read test as JSON: something follows the end of the array"),
        ("[1],", 1, "cannot read test as JSON: something follows the end of the array"),
        ("{\"a\":1}\n{\"a\":2}\n", 0, "cannot read test as JSON: a second value follows the first; for JSON Lines say"),
        ("{\"a\":", 0, "cannot read test as JSON: line 1, column 6: "),
        ("nul", 0, "cannot read test as JSON: line 1, column "),
    ])
    func failures(_ text: String, _ rows: Int, _ failure: String) throws {
        let transcript = try InputTranscript(text, as: .json)
        #expect(transcript.rows.count == rows)
        #expect(transcript.rows.allSatisfy { !$0.contains("!") })
        #expect(transcript.failure?.hasPrefix(failure) == true, "\(transcript.failure ?? "no failure")")
    }

    @Test(arguments: [
        ("[1,\n{\"a\":\nnul},3]", "1@2 !input: line 2: not JSON: ", "line 3: "),
        ("[1,,2]", "1@1 !input: line 1: not JSON: ", "line 1: "),
        ("[1,\n{\"a\": tru", "1@2 !input: line 2: the input ends inside", "it ends inside the array"),
        ("[1,\n2", "1@2 !input: line 2: the input ends inside", "it ends inside the array"),
        ("[1,\n\"2]", "1@2 !input: line 2: the input ends inside", "it ends inside the array"),
        ("[1,\n{]},3", "1@2 !input: line 2: not JSON: ", "line 2: "),
    ])
    func anElementThatIsBroken(_ text: String, _ row: String, _ failure: String) throws {
        let transcript = try InputTranscript(text, as: .json)
        #expect(transcript.rows.count == 2)
        #expect(transcript.rows.first == "0@1 1")
        #expect(transcript.rows.last?.hasPrefix(row) == true, "\(transcript.rows)")
        #expect(transcript.failure?.contains(failure) == true, "\(transcript.failure ?? "no failure")")
        #expect(transcript.hashesAreRight)
    }

    @Test func longElementsAreBadAndTheNextIsRead() throws {
        let long = String(repeating: "],", count: 100)
        let transcript = try InputTranscript(
            "[1,\"\(long)\",2]", as: .json, options: InputOptions(maximumRowBytes: 64))
        #expect(transcript.rows == ["0@1 1", "1@1 !input: line 1: the row is longer than 64 bytes", "2@1 2"])
        #expect(transcript.failure == nil)
    }

    @Test func aLongSingleValueIsAFailure() throws {
        let long = String(repeating: "x", count: 100)
        let transcript = try InputTranscript("\"\(long)\"", as: .json, options: InputOptions(maximumRowBytes: 64))
        #expect(transcript.rows == [])
        #expect(transcript.failure?.contains("longer than 64 bytes") == true)
    }
}
