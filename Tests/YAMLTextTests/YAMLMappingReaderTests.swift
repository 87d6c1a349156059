import JobModel
import Testing
import YAMLText

@Suite struct YAMLMappingReaderTests {
    private enum Fruit: String, CaseIterable {
        case apple, banana, cherry
    }

    private static func read(_ text: String, _ body: (YAMLMappingReader) -> Void) -> String {
        let document = parse(text)
        let sink = DiagnosticSink(file: "f.yaml")
        guard let root = document.root, let reader = YAMLField(root: root, sink: sink).mapping() else {
            return "no mapping"
        }
        body(reader)
        return DiagnosticRenderer().text(sink.sorted(), sources: [document.source])
    }

    private static func value<Value>(_ text: String, _ body: (YAMLField) -> Value?) -> (Value?, String) {
        var value: Value?
        let problems = read("v: \(text)") { value = $0.field("v").flatMap(body) }
        return (value, String(problems.prefix { $0 != "\n" }))
    }

    @Test func reportsUnknownAndMissingKeys() {
        let text = Self.read("concurency: 8\nother: 1\n") { reader in
            _ = reader.field("concurrency")
            _ = reader.field("rate")
            _ = reader.required("lambda", hint: "name a lambda")
            reader.finish()
        }
        #expect(
            text == """
                f.yaml:1:1: error: the file lacks 'lambda'
                    concurency: 8
                    ^
                  = help: name a lambda
                f.yaml:1:1: error: unknown key 'concurency'
                    concurency: 8
                    ^~~~~~~~~~
                  = help: did you mean 'concurrency'?
                f.yaml:2:1: error: unknown key 'other'
                    other: 1
                    ^~~~~
                  = help: known keys: concurrency, rate, lambda

                """)
    }

    @Test func cutsTheListOfUnknownKeys() {
        let text = Self.read((0..<1000).map { "key\($0): 1\n" }.joined()) { $0.finish() }
        #expect(text.contains("unknown key 'key19'"))
        #expect(!text.contains("unknown key 'key20'"))
        #expect(text.contains("f.yaml:21:1: error: 980 more unknown keys\n"))
    }

    @Test(arguments: [
        ("30", "f.yaml:1:4: error: expected a duration such as 30s for v, found the number 30"),
        ("abc", "f.yaml:1:4: error: expected a duration such as 30s for v, found the text \"abc\""),
        ("\"\"", "f.yaml:1:4: error: expected a duration such as 30s for v, found an empty text"),
        ("", "f.yaml:1:3: error: expected a duration such as 30s for v, found nothing"),
        ("[1]", "f.yaml:1:4: error: expected a duration such as 30s for v, found a list"),
        ("{a: 1}", "f.yaml:1:4: error: expected a duration such as 30s for v, found a mapping"),
        ("true", "f.yaml:1:4: error: expected a duration such as 30s for v, found true"),
        ("!!int x", "f.yaml:1:4: error: v: !!int wants an integer such as 12 or 0x1F"),
        ("1ms", "f.yaml:1:4: error: expected a duration of at least 1s for v, found the text \"1ms\""),
        ("2h", "f.yaml:1:4: error: expected a duration of at most 1h for v, found the text \"2h\""),
    ])
    func explainsDurations(text: String, explanation: String) {
        let (value, problem) = Self.value(text) { $0.duration(atLeast: .seconds(1), atMost: .seconds(3600)) }
        #expect(value == nil)
        #expect(problem == explanation)
    }

    @Test func readsValues() {
        #expect(Self.value("1m") { $0.duration() } == (.seconds(60), ""))
        #expect(Self.value("50/s") { $0.rate()?.perSecond } == (50, ""))
        #expect(Self.value("0x10") { $0.integer(in: 1...16) } == (16, ""))
        #expect(Self.value("1.5") { $0.number(in: 0...2) } == (1.5, ""))
        #expect(Self.value("true") { $0.boolean() } == (true, ""))
        #expect(Self.value("banana") { $0.choice(Fruit.self) } == (.banana, ""))
        #expect(Self.value("64KiB") { $0.byteCount(atMost: .max) } == (65_536, ""))
        #expect(Self.value("[a, b]") { $0.elements()?.compactMap { $0.text() } } == (["a", "b"], ""))
        #expect(Self.value("{a: 1}") { $0.mapping()?.field("a")?.integer(in: 0...1) } == (1, ""))
        #expect(Self.value("~") { $0.mapping().map { $0.fields.count } } == (0, ""))
        #expect(Self.value("007") { $0.text() } == ("007", ""))
        #expect(Self.value("yes") { $0.text() } == ("yes", ""))
        #expect(Self.value("true") { $0.text(booleans: true) } == ("true", ""))
    }

    @Test func explainsWrongValues() {
        #expect(
            Self.value("0") { $0.integer(in: 1...16) }.1.hasSuffix(
                "expected a whole number between 1 and 16 for v, found the number 0"))
        #expect(
            Self.value("99999999999999999999") { $0.integer(in: 1...Int.max) }.1.hasSuffix(
                "expected a whole number of at least 1 for v, found the number 99999999999999999999"))
        #expect(Self.value("1.5") { $0.integer(in: 1...16) }.1.hasSuffix("found the number 1.5"))
        #expect(
            Self.value("3") { $0.number(in: 0...2) }.1.hasSuffix(
                "expected a number between 0 and 2 for v, found the number 3"))
        #expect(
            Self.value(".nan") { $0.number(in: 0...2) }.1.hasSuffix(
                "expected a number between 0 and 2 for v, found the number .nan"))
        #expect(Self.value("yes") { $0.boolean() }.1.hasSuffix("expected true or false for v, found the text \"yes\""))
        #expect(
            Self.value("banan") { $0.choice(Fruit.self) }.1.hasSuffix(
                "expected apple, banana or cherry for v, found the text \"banan\""))
        #expect(Self.value("5") { $0.rate() }.1.hasSuffix("expected a rate such as 50/s for v, found the number 5"))
        #expect(
            Self.value("-1") { $0.byteCount(atMost: 10) }.1.hasSuffix(
                "expected a size such as 64KiB or 1MB for v, found the number -1"))
        #expect(
            Self.value("1KiB") { $0.byteCount(atMost: 10) }.1.hasSuffix(
                "expected a size of at most 10 for v, found the text \"1KiB\""))
        #expect(Self.value("a") { $0.elements() }.1.hasSuffix("expected a list for v, found the text \"a\""))
        #expect(
            Self.value("a") { $0.mapping() }.1.hasSuffix("expected a mapping (key: value) for v, found the text \"a\""))
        #expect(Self.value("true") { $0.text() }.1.hasSuffix("expected text for v, found true"))
        #expect(Self.value("~") { $0.text() }.1.hasSuffix("expected text for v, found nothing"))
        #expect(
            Self.value("[x]") { $0.elements()?.first?.duration() }.1
                == "f.yaml:1:5: error: expected a duration such as 30s for v[0], found the text \"x\"")
    }

    @Test func hidesSecrets() {
        let text = Self.read("a: hunter2\nb: {c: hunter3}\nd: 12345\ne: true") { reader in
            _ = reader.field("a")?.hidden().duration()
            _ = reader.field("b")?.mapping(hidesValues: true)?.field("c")?.choice(Fruit.self)
            _ = reader.field("d")?.hidden().rate()
            _ = reader.field("e")?.hidden().duration()
        }
        let messages = text.split(separator: "\n").filter { $0.contains("error:") || $0.contains("help:") }.joined(
            separator: "\n")
        for secret in ["hunter", "12345", "found true\n"] { #expect(!messages.contains(secret)) }
        #expect(messages.contains("found text"))
    }

    @Test func neverShowsWhatAVariableHeld() {
        let sink = DiagnosticSink(file: "f.yaml")
        let scalar = YAMLScalar("${SECRET}").substituted("hunter2")
        let node = YAMLNode(.scalar(scalar), location: Place(line: 1, column: 1))
        let field = YAMLField(node, name: "v", keyLocation: node.location, sink: sink)
        #expect(field.duration() == nil)
        #expect(field.choice(Fruit.self) == nil)
        #expect(
            sink.diagnostics.map(\.message) == [
                "expected a duration such as 30s for v, found text from ${SECRET}",
                "expected apple, banana or cherry for v, found text from ${SECRET}",
            ])
        #expect(field.text() == "hunter2")
    }

    @Test func takesAnythingFromVariablesAsText() {
        let sink = DiagnosticSink(file: "f.yaml")
        for secret in ["null", "true", "1e5", "0x1F", ".inf", "~"] {
            let node = YAMLNode(
                .scalar(YAMLScalar("${S}").substituted(secret)), location: Place(line: 1, column: 1))
            let field = YAMLField(node, name: "v", keyLocation: node.location, sink: sink)
            #expect(field.text() == secret)
        }
        #expect(sink.diagnostics.isEmpty)
    }
}
