import Testing

@testable import JobFile

@Suite struct VariableTextTests {
    private static let environment = ["A": "va", "EMPTY": "", "B_2": "${A}", "lower": "l", "U": "é\u{1F600}"]

    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("${A}", "va"), ("x${A}y${A}z", "xvayvaz"), ("$", "$"), ("a$", "a$"),
        ("$A", "$A"), ("$$", "$"), ("$$$", "$$"), ("$$$$", "$$"), ("$${A}", "${A}"), ("$$${A}", "$va"),
        ("${EMPTY}", ""), ("${EMPTY:-d}", "d"), ("${A:-d}", "va"), ("${NO:-d}", "d"), ("${NO:-}", ""),
        ("${NO:-${A}}", "va"), ("${NO:-x${NO2:-y}z}", "xyz"), ("${A:-${NO}}", "va"), ("${NO:-a b: c}", "a b: c"),
        ("${NO:-$$}", "$"), ("${NO:-$}", "$"), ("${A:?m}", "va"), ("${B_2}", "${A}"), ("${lower}", "l"),
        ("${U}", "é\u{1F600}"), ("}", "}"), ("{${A}}", "{va}"), ("{{ row.x }}", "{{ row.x }}"), ("a${NO:-}b", "ab"),
        ("€5 $5", "€5 $5"),
    ])
    func fills(text: String, expected: String) {
        let (filled, problems) = VariableText.fill(text, environment: Self.environment)
        #expect(problems.isEmpty)
        #expect(filled == expected)
    }

    @Test(
        arguments: [
            ("${NO}", .unset(name: "NO", message: nil), 0, 5), ("é${NO}", .unset(name: "NO", message: nil), 2, 5),
            ("${NO:?set it}", .unset(name: "NO", message: "set it"), 0, 13),
            ("${EMPTY:?}", .unset(name: "EMPTY", message: ""), 0, 10),
            ("${X:-${NO}}", .unset(name: "NO", message: nil), 5, 5),
            ("${", .malformed("'${' wants the name of a variable"), 0, 2),
            ("${}", .malformed("'${' wants the name of a variable"), 0, 2),
            ("${1}", .malformed("'${' wants the name of a variable"), 0, 2),
            ("${ A}", .malformed("'${' wants the name of a variable"), 0, 2),
            ("x${A", .malformed("'${' without '}'"), 1, 3), ("${NO:-x", .malformed("'${' without '}'"), 0, 7),
            ("${A-x}", .malformed("'${A' wants '}', ':-' with a default or ':?' with a message"), 0, 3),
            ("${A:x}", .malformed("'${A' wants '}', ':-' with a default or ':?' with a message"), 0, 3),
            ("${a.b}", .malformed("'${a' wants '}', ':-' with a default or ':?' with a message"), 0, 3),
        ] as [(String, VariableText.Problem.Kind, Int, Int)])
    func explains(text: String, kind: VariableText.Problem.Kind, offset: Int, length: Int) {
        let (_, problems) = VariableText.fill(text, environment: Self.environment)
        #expect(problems == [VariableText.Problem(kind: kind, offset: offset, length: length)])
    }

    @Test func boundsNesting() {
        let text = String(repeating: "${N:-", count: 10_000) + "x" + String(repeating: "}", count: 10_000)
        let (_, problems) = VariableText.fill(text, environment: [:])
        #expect(problems.contains { $0.kind == .malformed("defaults inside of defaults are too deep") })
    }
}
