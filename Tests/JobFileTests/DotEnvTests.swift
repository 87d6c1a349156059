import JobFile
import JobModel
import Testing

@Suite struct DotEnvTests {
    @Test(
        arguments: [
            ("", [:]), ("A=1", ["A": "1"]), ("A=1\nB=2\n", ["A": "1", "B": "2"]),
            ("A=1\r\nB=2\r\n", ["A": "1", "B": "2"]),
            ("\u{FEFF}A=1", ["A": "1"]), ("# c\n\n  A = 1  \n", ["A": "1"]), ("export A=1", ["A": "1"]),
            ("export=1", ["export": "1"]), ("A=", ["A": ""]), ("A=''", ["A": ""]), ("A=a b # c", ["A": "a b"]),
            ("A=a#b", ["A": "a#b"]), ("A=#b", ["A": ""]), ("A='a # b' # c", ["A": "a # b"]),
            (#"A="a\n\"\\\$\t\q""#, ["A": "a\n\"\\$\t\\q"]), (#"A='a\n'"#, ["A": #"a\n"#]),
            ("A=\"x\ny\"\nB=1", ["A": "x\ny", "B": "1"]), ("A=$B ${C}", ["A": "$B ${C}"]), ("A=1\nA=2", ["A": "2"]),
            ("A=b=c==", ["A": "b=c=="]), ("A=it's", ["A": "it's"]), ("ключ", nil), ("a_1=é", ["a_1": "é"]),
        ] as [(String, [String: String]?)])
    func reads(text: String, values: [String: String]?) {
        let file = DotEnv(file: ".env", bytes: Array(text.utf8))
        guard let values else {
            #expect(!file.diagnostics.isEmpty)
            return
        }
        #expect(file.diagnostics.isEmpty)
        #expect(file.values == values)
    }

    @Test func reportsEachBadLineWithoutItsValue() {
        let text = "A=1\nSECRET hunter2\n=hunter2\n1X=hunter2\nB='x' hunter2\nC=3\nD=\"hunter2\n"
        let file = DotEnv(file: ".env", bytes: Array(text.utf8))
        #expect(
            file.diagnostics.map { "\($0.location?.line ?? 0):\($0.location?.column ?? 0) \($0.message)" } == [
                "2:8 expected '=' after the name", "3:1 expected a name and '='", "4:1 expected a name and '='",
                "5:7 unexpected text after the closing quote", "7:3 this quote is never closed",
            ])
        #expect(file.values == ["A": "1", "C": "3"])
        #expect(!file.diagnostics.contains { ($0.message + $0.hint).contains("hunter2") })
    }

    @Test func refusesOtherEncodings() {
        let file = DotEnv(file: ".env", bytes: [0x41, 0x3D, 0xFF])
        #expect(file.diagnostics.map(\.message) == ["not UTF-8"])
        #expect(file.values.isEmpty)
    }

    @Test func missingFilesAreNoProblem() {
        #expect(DotEnv.read("/nonexistent/.env")?.values == nil)
        #expect(DotEnv.read("/")?.diagnostics.map(\.message) == ["cannot read the file: Is a directory"])
    }
}
