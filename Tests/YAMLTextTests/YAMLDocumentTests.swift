import JobModel
import TestSupport
import Testing
import YAMLText

@Suite struct YAMLDocumentTests {
    @Test(arguments: [
        ("a: 1\nb: [x, 'y', \"z\"]\nc: {d: ~}", #"{a: int 1, b: [str "x", str "y", str "z"], c: {d: null}}"#),
        ("- 1\n- - 2\n  - 3\n-", "[int 1, [int 2, int 3], null]"),
        ("--- \na: 1\n...\n", "{a: int 1}"),
        ("%YAML 1.2\n---\na: no", #"{a: str "no"}"#),
        ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", #"{a: str "x\#ny\#n", b: str "x y"}"#),
        ("a: \"\\u00e9\\n\\0\"", "{a: str \"é\n\0\"}"),
        ("200: x\ntrue: y\n~: z", #"{200: str "x", true: str "y", ~: str "z"}"#),
        ("\u{FEFF}a: 1", "{a: int 1}"),
        ("a: 1\r\nb: 2\r\n", "{a: int 1, b: int 2}"),
        ("? a\n: b\n? c\n", #"{a: str "b", c: null}"#),
        ("just text", #"str "just text""#),
        ("a: {}\nb: []", "{a: {}, b: []}"),
        ("# only comment\na: x#y # z", #"{a: str "x#y"}"#),
        ("a: '${X}'\nb: ${X}", #"{a: str "${X}", b: str "${X}"}"#),
        // anchors, aliases, merge keys
        ("a: &x {b: 1}\nc: *x\nd: [*x, *x]", "{a: {b: int 1}, c: {b: int 1}, d: [{b: int 1}, {b: int 1}]}"),
        ("a: &x 1\nb: *x\nc: &x 2\nd: *x", "{a: int 1, b: int 1, c: int 2, d: int 2}"),
        ("a: &x {k: 1, l: 2}\nb: {l: 3, <<: *x, m: 4}", "{a: {k: int 1, l: int 2}, b: {l: int 3, k: int 1, m: int 4}}"),
        (
            "a: &x {k: 1}\nb: &y {k: 2, l: 3}\nc: {<<: [*x, *y]}",
            "{a: {k: int 1}, b: {k: int 2, l: int 3}, c: {k: int 1, l: int 3}}"
        ),
        (
            "a: &x {k: 1}\nb: &y {<<: *x, l: 2}\nc: {<<: *y}",
            "{a: {k: int 1}, b: {k: int 1, l: int 2}, c: {k: int 1, l: int 2}}"
        ),
        ("a: {'<<': 1}", "{a: {<<: int 1}}"),
        ("&k a: 1\nb: *k", #"{a: int 1, b: str "a"}"#),
    ])
    func readsTrees(text: String, tree: String) {
        let document = parse(text)
        #expect(document.diagnostics.isEmpty, "\(problems(text))")
        #expect(outline(document.root) == tree)
    }

    @Test(arguments: [
        ("", "f.yaml: error: the file is empty\n"),
        ("# nothing\n", "f.yaml: error: the file is empty\n"),
        ("---\n", "f.yaml: error: the file is empty\n"),
        (
            "a: 1\n---\nb: 2",
            "f.yaml:2:1: error: a second YAML document begins here; one file holds one\n    ---\n    ^~~\n"
        ),
        (
            "a: 1\nb: 2\na: 3",
            """
            f.yaml:3:1: error: duplicate key 'a': it is given at line 1, column 1 already
                a: 3
                ^
              = help: remove one of the two

            """
        ),
        (
            "a: *x",
            """
            f.yaml:1:4: error: no anchor '&x' above this alias
                a: *x
                   ^~
              = help: put text that begins with '*' in quotes

            """
        ),
        (
            "a: &abc 1\nb: *abd",
            """
            f.yaml:2:4: error: no anchor '&abd' above this alias
                b: *abd
                   ^~~~
              = help: did you mean 'abc'?

            """
        ),
        (
            "a: &x [1, *x]",
            """
            f.yaml:1:11: error: the alias '*x' stands inside of what it repeats
                a: &x [1, *x]
                          ^~

            """
        ),
        (
            "a: !!binary x\nb: !mine [1]\nc: !!int [1]",
            """
            f.yaml:1:4: error: the tag '!!binary' is unknown, or not meant for this
                a: !!binary x
                   ^~~~~~~~~~
              = help: tags are !!str, !!int, !!float, !!bool and !!null for values, !!seq for lists, !!map for mappings
            f.yaml:2:4: error: the tag '!mine' is unknown, or not meant for this
                b: !mine [1]
                   ^~~~~~~
              = help: tags are !!str, !!int, !!float, !!bool and !!null for values, !!seq for lists, !!map for mappings
            f.yaml:3:4: error: the tag '!!int' is unknown, or not meant for this
                c: !!int [1]
                   ^~~~~~~
              = help: tags are !!str, !!int, !!float, !!bool and !!null for values, !!seq for lists, !!map for mappings

            """
        ),
        (
            "? [a]\n: b\nc: 1\nc: 2",
            """
            f.yaml:1:3: error: a key must be text, not a list or mapping
                ? [a]
                  ^
            f.yaml:4:1: error: duplicate key 'c': it is given at line 3, column 1 already
                c: 2
                ^
              = help: remove one of the two

            """
        ),
        (
            "a: {{ row.id }}",
            """
            f.yaml:1:4: error: braces begin a mapping here, not a template
                a: {{ row.id }}
                   ^~
              = help: put it in quotes: "{{ … }}"

            """
        ),
        (
            "a: {b: ${X}}",
            """
            f.yaml:1:9: error: expected ',' or '}' in this {…} mapping
                a: {b: ${X}}
                        ^
              = help: inside {…} and […] a variable needs quotes: "${…}"

            """
        ),
        (
            "a: {<<: 1}",
            """
            f.yaml:1:9: error: '<<' merges a mapping or a list of mappings
                a: {<<: 1}
                        ^
              = help: for a key named <<, put it in quotes

            """
        ),
        (
            "a:\n\tb: 1",
            """
            f.yaml:2:1: error: a tab indents this line; YAML wants spaces
                    b: 1
                ^~~~
              = help: replace the tab by spaces

            """
        ),
        (
            "a: b: c",
            """
            f.yaml:1:5: error: a ':' that begins a value is not allowed here
                a: b: c
                    ^
              = help: check the indentation, or put text that holds ': ' in quotes

            """
        ),
        (
            "a: \"x\nb: 1\n",
            """
            f.yaml:1:4: error: this quoted text is never closed
                a: "x
                   ^
              = help: add the closing quote

            """
        ),
        (
            "a: \"\\q\"",
            #"""
            f.yaml:1:5: error: unknown escape in a double-quoted text
                a: "\q"
                    ^
              = help: write '\\' for a backslash, or use single quotes

            """#
        ),
        (
            "output: -",
            """
            f.yaml:1:9: error: a '-' that begins a list item is not allowed here
                output: -
                        ^
              = help: write "-" for the text, or begin the list on a line of its own

            """
        ),
        (
            "a: @x",
            """
            f.yaml:1:4: error: text cannot begin with '@'
                a: @x
                   ^
              = help: put it in quotes

            """
        ),
        (
            "a: 1\n b: 2",
            """
            f.yaml:2:3: error: a ':' that begins a value is not allowed here
                 b: 2
                  ^
              = help: check the indentation, or put text that holds ': ' in quotes

            """
        ),
        (
            "a:\n  b: 1\n c: 2",
            """
            f.yaml:3:2: error: expected a key here, or less indentation
                 c: 2
                 ^
              = help: keys of one mapping begin in the same column

            """
        ),
        (
            "a: x\nb\nc: 1",
            """
            f.yaml:2:1: error: expected ':' and a value after this key
                b
                ^
              = help: write 'key: value'; text that spans lines needs quotes or '|'

            """
        ),
        (
            "a: x\u{1}y",
            """
            f.yaml:1:5: error: a control character, which YAML does not allow
                a: x\u{FFFD}y
                    ^
              = help: write it as an escape such as "\\u0007"

            """
        ),
        (
            "a: [1, 2\nb: 3",
            """
            f.yaml:2:2: error: expected ',' or ']' in this […] list
                b: 3
                 ^
              = help: is a closing ']' missing?

            """
        ),
    ])
    func explainsProblems(text: String, explanation: String) {
        #expect(problems(text) == explanation)
    }

    @Test(
        arguments: [
            ([0xFF, 0xFE, 0x61, 0x00], "f.yaml: error: the file is UTF-16 or UTF-32\n  = help: save it as UTF-8\n"),
            (
                [0x61, 0x00, 0x3A, 0x00, 0x20, 0x00],
                "f.yaml: error: the file is UTF-16 or UTF-32\n  = help: save it as UTF-8\n"
            ),
            (
                Array("a: 1\nb: ä".utf8) + [0xFC, 0x0A],
                "f.yaml:2:5: error: the byte 0xFC here is not UTF-8\n    b: ä\u{FFFD}\n        ^\n"
                    + "  = help: save the file as UTF-8\n"
            ),
        ] as [([UInt8], String)])
    func refusesOtherEncodings(bytes: [UInt8], explanation: String) {
        let document = YAMLDocument.parse(SourceText(file: "f.yaml", bytes: bytes))
        #expect(document.root == nil)
        #expect(DiagnosticRenderer().text(document.diagnostics, sources: [document.source]) == explanation)
    }

    @Test func placesCountScalars() {
        let document = parse("# é\u{1F600}\n'ключ': [\"é\", 日本]\nx: >\n  a\n  b\n")
        let entries = document.root?.mapping?.entries ?? []
        #expect(entries.first?.keyLocation == Place(line: 2, column: 1, length: 6))
        #expect(entries.first?.value.location == Place(line: 2, column: 9, length: 1))
        #expect(
            entries.first?.value.sequence?.map(\.location) == [
                Place(line: 2, column: 10, length: 3), Place(line: 2, column: 15, length: 2),
            ])
        #expect(entries.last?.value.location == Place(line: 3, column: 4, length: 1))
    }

    @Test(arguments: [
        ("a: x{{ é }}y", 1, 8, Place(line: 1, column: 5, length: 7)),
        ("a: 'x{{ q }}'", 1, 7, Place(line: 1, column: 6, length: 7)),
        ("a: \"\\t{{ q }}\"", 1, 7, Place(line: 1, column: 4, length: 11)),
        ("a: |\n  one\n  é {{ q }}\n", 7, 7, Place(line: 3, column: 5, length: 7)),
        ("a: |2\n   one\n  two\n", 5, 1, Place(line: 3, column: 3, length: 1)),
        ("a: x\n  {{ q }}", 2, 7, Place(line: 1, column: 4, length: 1)),
        ("a: x", 99, 1, Place(line: 1, column: 4, length: 1)),
    ])
    func placesPartsOfScalars(text: String, offset: Int, length: Int, place: Place) {
        let document = parse(text)
        let node = document.root?.mapping?["a"]
        #expect(node?.location(ofOffset: offset, length: length, in: document.source) == place)
    }

    @Test func refusesAliasBombs() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let list = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(list)]\n"
        }
        let document = parse(text)
        #expect(document.diagnostics.map(\.code) == ["limit"])
        #expect(document.diagnostics.first?.message == "more than 1000000 nodes, aliases expanded")
        #expect(document.diagnostics.first?.location?.line == 6)
    }

    @Test func countsNodesExactly() {
        var limits = YAMLDocument.Limits()
        limits.nodes = 9
        // Mapping, three keys, a list of two, a scalar, and the repeated scalar: 1 + 3 + 3 + 1 + 1.
        #expect(problems("a: [1, 2]\nb: &x 1\nc: *x", limits: limits).isEmpty)
        limits.nodes = 8
        #expect(problems("a: [1, 2]\nb: &x 1\nc: *x", limits: limits).contains("more than 8 nodes"))
    }

    @Test func refusesDeepNesting() {
        let deepest = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(parse(deepest).diagnostics.isEmpty)
        #expect(parse("[\(deepest)]").diagnostics.map(\.message) == ["lists and mappings are nested more than 64 deep"])
        let block = (0..<65).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(parse(block).diagnostics.map(\.code) == ["limit"])
        let half = "a: &x \(String(repeating: "[", count: 40))\(String(repeating: "]", count: 40))\n"
        let through = half + "b: \(String(repeating: "[", count: 30))*x\(String(repeating: "]", count: 30))"
        #expect(parse(through).diagnostics.map(\.code) == ["limit"])
        #expect(parse(String(repeating: "[", count: 20_000)).diagnostics.map(\.code) == ["limit"])
        #expect(parse(String(repeating: "- ", count: 20_000)).diagnostics.map(\.code) == ["limit"])
    }

    @Test func keepsSoManyProblems() {
        let document = parse(String(repeating: "a: 1\n", count: 600))
        #expect(document.diagnostics.count == 501)
        #expect(document.diagnostics.last?.message == "there are more problems than these 500")
        #expect(document.diagnostics.last?.location == nil)
        // What an alias repeats is reported once.
        #expect(parse("a: &x [!u 1]\nb: *x\nc: *x").diagnostics.count == 1)
    }

    @Test func refusesTooManyBytes() {
        var limits = YAMLDocument.Limits()
        limits.bytes = 3
        #expect(problems("a: 1", limits: limits).hasPrefix("f.yaml: error: the file has more than 3 bytes\n"))
    }

    @Test func readsHugeScalars() {
        let long = String(repeating: "x", count: 1 << 20)
        #expect(outline(parse("a: '\(long)'").root) == "{a: str \"\(long)\"}")
        let many = parse("a: [\(String(repeating: "1, ", count: 50_000))]")
        #expect(many.root?.mapping?["a"]?.sequence?.count == 50_000)
    }

    @Test(arguments: 0..<40)
    func survivesGarbage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("ab:-?[]{}&*!|>'\"%@`#,\n\n  \t\\${}<é~1.".utf8) + [0xC3, 0x00]
        for _ in 0..<50 {
            let bytes = (0..<Int.random(in: 1...80, using: &random)).map { _ in
                seed % 2 == 0 ? alphabet.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            }
            let document = YAMLDocument.parse(SourceText(file: "f", bytes: bytes))
            let text = DiagnosticRenderer().text(document.diagnostics, sources: [document.source])
            #expect(document.root != nil || !document.diagnostics.isEmpty)
            #expect(document.diagnostics.isEmpty == text.isEmpty)
            for location in document.diagnostics.compactMap(\.location) {
                #expect(location.line >= 1 && location.line <= document.source.lineCount && location.column >= 1)
            }
        }
    }
}
