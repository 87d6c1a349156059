import JSONText
import JobModel
import Testing

@testable import Input

@Suite struct DelimitedRowsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var rows: [String]
        var options: InputOptions
        var format: InputFormat
        var testDescription: String { name }

        init(
            _ name: String, _ text: String, _ rows: [String], options: InputOptions = InputOptions(),
            format: InputFormat = .csv
        ) {
            (self.name, self.text, self.rows, self.options, self.format) = (name, text, rows, options, format)
        }
    }

    static let dialect: [Case] = [
        Case("plain", "a,b\n1,2\n3,4\n", [#"0@2 {"a":"1","b":"2"}"#, #"1@3 {"a":"3","b":"4"}"#]),
        Case("no line end at the end", "a,b\n1,2", [#"0@2 {"a":"1","b":"2"}"#]),
        Case("CR LF", "a,b\r\n1,2\r\n3,4\r\n", [#"0@2 {"a":"1","b":"2"}"#, #"1@3 {"a":"3","b":"4"}"#]),
        Case("CR", "a,b\r1,2\r3,4", [#"0@2 {"a":"1","b":"2"}"#, #"1@3 {"a":"3","b":"4"}"#]),
        Case("CR at the very end", "a\n1\r", [#"0@2 {"a":"1"}"#]),
        Case("byte order mark", "\u{FEFF}a,b\n1,2\n", [#"0@2 {"a":"1","b":"2"}"#]),
        Case("byte order mark before a quote", "\u{FEFF}\"a\",b\n1,2\n", [#"0@2 {"a":"1","b":"2"}"#]),
        Case("byte order mark inside", "a\n\u{FEFF}1\n", ["0@2 {\"a\":\"\u{FEFF}1\"}"]),
        Case("quotes", "a,b\n\"1,5\",\"x\"\n", [#"0@2 {"a":"1,5","b":"x"}"#]),
        Case("doubled quotes", "a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", [#"0@2 {"a":"say \"hi\"","b":"\""}"#]),
        Case("empty quotes", "a,b\n\"\",\n", [#"0@2 {"a":"","b":""}"#]),
        Case("quoted at the very end", "a,b\n1,\"2\"", [#"0@2 {"a":"1","b":"2"}"#]),
        Case(
            "line ends in quotes", "a,b\n\"1\n2\r\n3\",x\n4,5\n",
            [#"0@2 {"a":"1\n2\r\n3","b":"x"}"#, #"1@5 {"a":"4","b":"5"}"#]),
        Case("line end in the header", "\"a\nb\",c\n1,2\n", [#"0@3 {"a\nb":"1","c":"2"}"#]),
        Case("quote inside a cell", "a,b\n5\" disc,\"x\"\n", [#"0@2 {"a":"5\" disc","b":"x"}"#]),
        Case("spaces belong to cells", "a, b\n 1 , \"2\"\n", [#"0@2 {"a":" 1 "," b":" \"2\""}"#]),
        Case("empty lines", "\n\na,b\n\n1,2\n\r\n\n3,4\n\n\n", [#"0@5 {"a":"1","b":"2"}"#, #"1@8 {"a":"3","b":"4"}"#]),
        Case("line of delimiters", "a,b\n,\n", [#"0@2 {"a":"","b":""}"#]),
        Case("quoted empty line", "a\n\"\"\n", [#"0@2 {"a":""}"#]),
        Case("unicode", "größe,名\nß😀,\u{0}\n", [#"0@2 {"größe":"ß😀","名":"\u0000"}"#]),
        Case("numbers and such are strings", "a,b,c\n007,true,null\n", [#"0@2 {"a":"007","b":"true","c":"null"}"#]),
        Case("empty column name", ",b,\n1,2,3\n", [#"0@2 {"c1":"1","b":"2","c3":"3"}"#]),
        Case("header alone", "a,b\n", []),
        Case("header alone without line end", "a,b", []),
        Case("empty", "", []),
        Case("byte order mark alone", "\u{FEFF}", []),
        Case(
            "semicolon", "a;b\n1,5;2\n", [#"0@2 {"a":"1,5","b":"2"}"#], options: InputOptions(delimiter: ";")),
        Case("escaped tab", "a\tb\n1\t2\n", [#"0@2 {"a":"1","b":"2"}"#], options: InputOptions(delimiter: "\\t")),
        Case(
            "no header", "1,2\n3,4\n", [#"0@1 {"c1":"1","c2":"2"}"#, #"1@2 {"c1":"3","c2":"4"}"#],
            options: InputOptions(hasHeader: false)),
        Case(
            "no header, ragged", "1,2\n3\n",
            [#"0@1 {"c1":"1","c2":"2"}"#, "1@2 !input: line 2: the row has 1 cell, expected 2"],
            options: InputOptions(hasHeader: false)),
        Case("tabs", "a\tb\n1,5\t\"x\ty\"\n", [#"0@2 {"a":"1,5","b":"x\ty"}"#], format: .tsv),
        Case(
            "tabs overruled", "a|b\n1\t|2\n", [#"0@2 {"a":"1\t","b":"2"}"#],
            options: InputOptions(delimiter: "|"), format: .tsv),
        Case(
            "too few cells", "a,b\n1\n2,3\n",
            ["0@2 !input: line 2: the row has 1 cell, expected 2", #"1@3 {"a":"2","b":"3"}"#]),
        Case(
            "far too many cells, one with a line feed", "a,b\n1\(String(repeating: ",", count: 300_000))\"\n\"\n3,4\n",
            ["0@2 !input: line 2: the row has 300001 cells, expected 2", #"1@4 {"a":"3","b":"4"}"#]),
        Case("too many cells", "a,b\n1,2,\n", ["0@2 !input: line 2: the row has 3 cells, expected 2"]),
        Case(
            "text after a quote", "a,b\n\"1\"x,2\n3,\"4\" \n5,6\n",
            [
                #"0@2 !input: line 2: text follows the closing quote of cell 1; inside quotes write """#,
                #"1@3 !input: line 3: text follows the closing quote of cell 2; inside quotes write """#,
                #"2@4 {"a":"5","b":"6"}"#,
            ]),
        Case(
            "unterminated quote", "a,b\n1,2\n3,\"4\n5,6\n",
            [#"0@2 {"a":"1","b":"2"}"#, "1@3 !input: line 3: the quote that opens cell 2 is never closed"]),
    ]

    @Test(arguments: dialect) func rows(_ item: Case) throws {
        let transcript = try InputTranscript(item.text, as: item.format, options: item.options)
        #expect(transcript.rows == item.rows)
        #expect(transcript.failure == nil)
        #expect(transcript.hashesAreRight)
        #expect(transcript.ends.last == Int64(item.text.utf8.count), "the last batch covers the whole input")
    }

    @Test(arguments: [
        ("a,b,a\n1,2,3\n", "line 1: columns 1 and 3 have the same name 'a'; rename one of them"),
        ("c2,\n1,2\n", "line 1: columns 1 and 2 have the same name 'c2'; rename one of them"),
        (
            String(repeating: ",", count: 100_000) + "\n",
            "line 1: it has 100001 columns, and 100000 are the most"
        ),
        ("\n\"a\nb,c\n", "line 2: the quote that opens cell 1 is never closed"),
    ])
    func headersThatFail(_ text: String, _ message: String) throws {
        let transcript = try InputTranscript(text, as: .csv)
        #expect(transcript.rows == [])
        #expect(transcript.failure == "cannot read the header of test, " + message)
    }

    @Test func namesAreComparedByTheirBytes() throws {
        let transcript = try InputTranscript("\u{E9},e\u{301}\n1,2\n", as: .csv)
        #expect(transcript.failure == nil)
        #expect(transcript.rows.count == 1)
    }

    @Test func invalidUTF8IsABadRow() throws {
        let bytes = Array("a,b\n1,".utf8) + [0xFF] + Array("\n2,\"".utf8) + [0xC3] + Array("\"\"\"\n3,4\n".utf8)
        let transcript = try InputTranscript(bytes, as: .csv)
        #expect(
            transcript.rows == [
                "0@2 !input: line 2: cell 2 (b) is not valid UTF-8",
                "1@3 !input: line 3: cell 2 (b) is not valid UTF-8",
                #"2@4 {"a":"3","b":"4"}"#,
            ])
    }

    @Test func invalidUTF8InTheHeaderIsAFailure() throws {
        let transcript = try InputTranscript([0x61, 0x2C, 0xE4, 0x0A, 0x31], as: .csv)
        #expect(transcript.failure == "cannot read the header of test, line 1: the name of column 2 is not valid UTF-8")
    }

    @Test(arguments: ["", ",,", "é", "\"", "\n", "\r", "\0", "\\n"]) func delimitersThatCannotBe(_ delimiter: String) {
        let error = #expect(throws: InputError.self) {
            try InputTranscript("a", as: .csv, options: InputOptions(delimiter: delimiter))
        }
        #expect(error?.code == .invalidDelimiter)
    }

    @Test func longRowsAreBadAndTheNextIsRead() throws {
        let long = String(repeating: "x", count: 100)
        let text = "a,b\n1,2\n\(long),2\n3,\"\(long)\n\n\"\"\"\n4,5\n"
        let transcript = try InputTranscript(text, as: .csv, options: InputOptions(maximumRowBytes: 64))
        #expect(
            transcript.rows == [
                #"0@2 {"a":"1","b":"2"}"#, "1@3 !input: line 3: the row is longer than 64 bytes",
                "2@4 !input: line 4: the row is longer than 64 bytes", #"3@7 {"a":"4","b":"5"}"#,
            ])
    }

    @Test func rowOfTheLongestLengthIsFine() throws {
        let options = InputOptions(hasHeader: false, maximumRowBytes: 10)
        #expect(try InputTranscript("123456789\n", as: .csv, options: options).rows == [#"0@1 {"c1":"123456789"}"#])
        #expect(
            try InputTranscript("1234567890\n", as: .csv, options: options).rows
                == ["0@1 !input: line 1: the row is longer than 10 bytes"])
    }
}
