import JobModel
import Testing
import YAMLText

@Suite struct DiagnosticRendererTests {
    private static func render(_ line: String, _ column: Int, _ length: Int = 1, color: Bool = false) -> [String] {
        let source = SourceText(file: "f", bytes: Array(line.utf8))
        let diagnostic = Diagnostic(
            code: "c", message: "m", file: "f", location: Place(line: 1, column: column, length: length))
        let text = DiagnosticRenderer(color: color).text([diagnostic], sources: [source])
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().map(String.init)
    }

    @Test(arguments: [
        ("abc", 2, 1, ["    abc", "     ^", ""]),
        ("abc", 1, 3, ["    abc", "    ^~~", ""]),
        ("abc", 4, 1, ["    abc", "       ^", ""]),
        ("abc", 9, 5, ["    abc", "        ^", ""]),
        ("\tabc", 2, 3, ["        abc", "        ^~~", ""]),
        ("a\tb", 3, 1, ["    a   b", "        ^", ""]),
        ("日本 x", 4, 1, ["    日本 x", "         ^", ""]),
        ("日本 x", 1, 2, ["    日本 x", "    ^~~~", ""]),
        ("e\u{301}x", 3, 1, ["    e\u{301}x", "     ^", ""]),
        ("a\u{1B}[2Jb", 6, 1, ["    a\u{FFFD}[2Jb", "         ^", ""]),
        ("a\u{202E}b", 3, 1, ["    a\u{FFFD}b", "      ^", ""]),
        ("", 1, 1, ["    ", "    ^", ""]),
    ])
    func placesTheCaret(line: String, column: Int, length: Int, expected: [String]) {
        #expect(Self.render(line, column, length) == expected)
    }

    @Test(arguments: [
        ("clientSecret: hunter2", ["    clientSecret: ***", "    ^", ""]),
        ("a: {\"clientSecret\" : 'hunter2', b: c}", ["    a: {\"clientSecret\" : ***", "    ^", ""]),
        ("clientSecret: ${X}", ["    clientSecret: ${X}", "    ^", ""]),
        ("clientSecret: \"${X}\"", ["    clientSecret: \"${X}\"", "    ^", ""]),
        ("clientSecretFile: /run/x", ["    clientSecretFile: /run/x", "    ^", ""]),
        ("secret", ["    secret", "    ^", ""]),
        ("webhook: https://h.example/a/b?c", ["    webhook: https://h.example/*****", "    ^", ""]),
        ("x: \"https://h:1/é\", b: http://u:p@h", ["    x: \"https://h:1/*\", b: http://*****", "    ^", ""]),
        ("{ ping: https://h/a, x: 1 }", ["    { ping: https://h/*, x: 1 }", "    ^", ""]),
        ("gateway: https://h.example", ["    gateway: https://h.example", "    ^", ""]),
        ("'webhook' : h.example/a", ["    'webhook' : ***********", "    ^", ""]),
        ("onFailure: h/a # c", ["    onFailure: *** # c", "    ^", ""]),
        ("ping: ${PING}", ["    ping: ${PING}", "    ^", ""]),
        ("ping: 6f91f192", ["    ping: 6f91f192", "    ^", ""]),
        ("shipping: a/b", ["    shipping: a/b", "    ^", ""]),
        ("onFailure: { webhook: h/a }", ["    onFailure: { webhook: *** }", "    ^", ""]),
        ("ping: 'https://h/a b', x: c", ["    ping: 'https://h/***', x: c", "    ^", ""]),
        ("ping: https://h/a b", ["    ping: https://h/***", "    ^", ""]),
        ("ping:", ["    ping:", "    ^", ""]),
        ("https://", ["    https://", "    ^", ""]),
    ])
    func masksSecrets(line: String, expected: [String]) {
        #expect(Self.render(line, 1) == expected)
    }

    @Test func keepsCaretsBehindMaskedURLs() {
        #expect(
            Self.render("a: https://h/éé, b: x", 18, 1) == ["    a: https://h/*** b: x", "                     ^", ""])
    }

    @Test func cutsLongLines() {
        let line = String(repeating: "a", count: 500) + "X" + String(repeating: "b", count: 500)
        let lines = Self.render(line, 501, 300)
        #expect(lines[0].hasPrefix("    …aaa") && lines[0].hasSuffix("bbb…"))
        #expect(lines[0].unicodeScalars.count < 110)
        let caret = lines[1].prefix { $0 == " " }.count
        #expect(Array(lines[0])[caret] == "X")
        #expect(lines[1].hasSuffix("~~~") && lines[1].count < 110)
    }

    @Test func printsHintAndColors() {
        let diagnostic = Diagnostic(.warning, code: "c", message: "m\u{7}\nx", hint: "h", file: "f")
        #expect(DiagnosticRenderer().text(diagnostic, source: nil) == "f: warning: m\u{FFFD}\u{FFFD}x\n  = help: h\n")
        #expect(
            DiagnosticRenderer(color: true).text(diagnostic, source: nil).hasPrefix("f: \u{1B}[1;35mwarning\u{1B}[0m: ")
        )
        #expect(Self.render("abc", 1, 2, color: true)[1] == "    \u{1B}[1;32m^~\u{1B}[0m")
    }

    @Test func writesJSON() {
        let diagnostics = [
            Diagnostic(
                code: "unknown-key", message: "say \"hi\"\\\u{1}\n", hint: "h", file: "a.yaml",
                location: Place(line: 3, column: 4, length: 2)),
            Diagnostic(.warning, code: "c", message: "é", file: "b.yaml"),
        ]
        #expect(
            DiagnosticRenderer.json(diagnostics) == #"""
                [
                {"file":"a.yaml","line":3,"column":4,"severity":"error","code":"unknown-key",\#
                "message":"say \"hi\"\\\u0001\n","hint":"h"},
                {"file":"b.yaml","severity":"warning","code":"c","message":"é"}
                ]
                """#)
        #expect(DiagnosticRenderer.json([]) == "[]")
    }
}
