import JSONText
import Templating
import Testing

@Suite struct PathTests {
    private static let row = #"""
        {"id":"c-1","n":12345678901234567890,"price":1.10,"big":1e400,"flag":false,"none":null,"empty":"",
        "address":{"city":"Köln","geo":[50.94,6.96]},"tags":["a","b",{"x":[7]}],"odd name":1,"it's":2,"a-b":3,
        "Straße":"Ring 1","2fa":true}
        """#

    @Test(arguments: [
        ("row.id", #""c-1""#), ("row.n", "12345678901234567890"), ("row.price", "1.10"), ("row.big", "1e400"),
        ("row.flag", "false"), ("row.none", "null"), ("row.empty", #""""#), ("row.address.city", #""Köln""#),
        ("row.address", #"{"city":"Köln","geo":[50.94,6.96]}"#), ("row.tags[0]", #""a""#), ("row.tags[2].x[0]", "7"),
        ("row.tags[-1].x", "[7]"), (#"row["odd name"]"#, "1"), ("row['odd name']", "1"), (#"row["it's"]"#, "2"),
        ("row[ 'address' ].geo[ 1 ]", "6.96"), ("row.a-b", "3"), ("row.Straße", #""Ring 1""#), ("row.2fa", "true"),
        ("index", "17"), ("key", #""17""#), ("job.name", #""nightly-sync""#), ("run.id", #""0190-run""#),
        ("run.nominalTime", #""2026-11-22T01:15:00Z""#), ("run.startedAt", #""2026-11-22T01:15:01.123Z""#),
        ("now", #""2026-11-22T01:15:02Z""#), ("'text'", #""text""#), (#""it's""#, #""it's""#), ("12", "12"),
        ("-1.50e3", "-1.50e3"), ("true", "true"), ("false", "false"), ("null", "null"), ("'{{'", #""{{""#),
        ("'}}'", #""}}""#), ("''", #""""#), (#"'\n'"#, #""\\n""#),
    ])
    func readsValues(expression: String, json: String) throws {
        #expect(try Fixture.json(expression, row: Self.row) == json)
    }

    @Test func rowIsWhole() throws {
        #expect(try Fixture.json("row", row: #"{"b":1.0,"a":[1e400]}"#) == #"{"b":1.0,"a":[1e400]}"#)
        #expect(try Fixture.json("row", row: "[1,2]") == "[1,2]")
        #expect(try Fixture.json("row[1]", row: "[1,2]") == "2")
    }

    @Test func spaceAroundAndWithinDoesNotMatter() throws {
        for template in ["{{row.id|upper}}", "{{  row.id  |  upper  }}", "{{\n\trow.id\n|\nupper\r\n}}"] {
            #expect(try Fixture.text(template, row: #"{"id":"a"}"#) == "A")
        }
    }

    @Test(arguments: [
        ("row.nmae", #"{"name":1}"#, "row.nmae is missing (expression '{{ row.nmae }}'; did you mean row.name?)"),
        ("row.a.b", #"{"a":"x"}"#, "row.a.b is missing: row.a is a string, not an object (expression '{{ row.a.b }}')"),
        ("row.a.b", #"{"a":null}"#, "row.a.b is missing: row.a is null, not an object (expression '{{ row.a.b }}')"),
        ("row.t[2]", #"{"t":[1]}"#, "row.t[2] is missing: row.t has 1 element (expression '{{ row.t[2] }}')"),
        ("row.t[-2]", #"{"t":[1]}"#, "row.t[-2] is missing: row.t has 1 element (expression '{{ row.t[-2] }}')"),
        (
            "row.t[0]", #"{"t":{}}"#,
            "row.t[0] is missing: row.t is an object, not an array (expression '{{ row.t[0] }}')"
        ),
        (
            "row.adress.x", #"{"address":{}}"#,
            "row.adress.x is missing: row has no 'adress' (expression '{{ row.adress.x }}'; did you mean row.address?)"
        ),
        ("row.x | upper", "{}", "row.x is missing (expression '{{ row.x | upper }}')"),
        (
            "row.fistname", #"{"First Name":1}"#,
            #"row.fistname is missing (expression '{{ row.fistname }}'; did you mean row["First Name"]?)"#
        ),
    ])
    func missingPathsAreErrorsThatHelp(expression: String, row: String, message: String) throws {
        #expect(try Fixture.failure(expression, row: row) == message)
    }

    @Test func uuidIsFreshForEveryUse() throws {
        let text = try Fixture.text("{{ uuid }} {{ uuid }}")
        let uuids = text.split(separator: " ")
        #expect(uuids.count == 2)
        #expect(uuids[0] != uuids[1])
        #expect(uuids.allSatisfy { $0.count == 36 && $0.dropFirst(14).first == "4" })
    }

    @Test func keyIsTheLabelIfThereIsOne() throws {
        var context = try Fixture.context()
        context.key = "c-17"
        #expect(try TextTemplate(compiling: "{{ key }}").text(context: &context) == "c-17")
    }

    @Test func extrasAreRootsOfTheirOwn() throws {
        let scope = TemplateScope(roots: [.index], extras: ["response", "status"])
        let template = try TextTemplate(
            compiling: "{{ response.greeting }} {{ status | default: 'none' }} {{ index }}", scope: scope)
        var context = try Fixture.context(extras: [["greeting": "hello"], nil])
        #expect(try template.text(context: &context) == "hello none 17")
        #expect(template.use.extras == ["response", "status"])
        context.extras = []
        #expect(throws: TemplateError.self) { try template.text(context: &context) }
    }

    @Test(
        arguments: [
            ("response.items[0]['odd name']", 1), ("response[\"items\"][-1]", nil), (" status ", 200),
            ("response.nothing", nil), ("status.x", nil),
        ] as [(String, JSONValue?)])
    func pathsWorkOverAnyValue(text: String, value: JSONValue?) throws {
        let root = try JSONParser.parse(#"{"status":200,"response":{"items":[{"odd name":1}]}}"#)
        let found = try TemplatePath(parsing: text).value(in: root)
        #expect(found == (value ?? (text.hasSuffix("[-1]") ? ["odd name": 1] : nil)))
    }

    /// Rows one after another through one template: where a path found its members must not show in the next row.
    @Test func rowsMayDifferFromEachOther() throws {
        let key = "\u{212A}"
        let source = TemplateSource.object(
            [
                ("a", "{{ row.a }}"), ("b", "{{ row.b.c | default: '-' }}"), ("K", "{{ row.K | default: '-' }}"),
                (key, "{{ row['\(key)'] | default: '-' }}"), ("l", "{{ row.l[-1] | default: '-' }}"),
            ].map { (key: $0.0, value: .string($0.1, id: 0)) })
        let template = try PayloadTemplate(compiling: source)
        let rows = [
            (#"{"a":1,"b":{"c":2},"K":3,"l":[4]}"#, ["1", "2", "3", #""-""#, "4"]),
            (#"{"l":[4,5],"K":3,"b":{"x":0,"c":2},"a":1}"#, ["1", "2", "3", #""-""#, "5"]),
            (#"{"b":{"x":0},"a":{"c":1},"\#(key)":3}"#, [#"{"c":1}"#, #""-""#, #""-""#, "3", #""-""#]),
            (#"{"a":null}"#, ["null", #""-""#, #""-""#, #""-""#, #""-""#]),
            (#"{"a":[],"b":[1],"K":{},"l":{"x":1}}"#, ["[]", #""-""#, "{}", #""-""#, #""-""#]),
        ]
        var context = try Fixture.context()
        for (row, values) in rows + rows.reversed() {
            context.row = try JSONParser.parse(row)
            var output = Array("x".utf8)
            try template.render(into: &output, context: &context)
            let members = zip(["a", "b", "K", key, "l"], values).map { "\"\($0)\":\($1)" }
            #expect(String(decoding: output, as: UTF8.self) == "x{" + members.joined(separator: ",") + "}")
        }
        for row in ["{}", "[1]", "7", #"{"b":{"c":1}}"#] {
            context.row = try JSONParser.parse(row)
            var output = Array("x".utf8)
            #expect(throws: TemplateError.self) { try template.render(into: &output, context: &context) }
            #expect(output == Array("x".utf8))
        }
    }

    /// A text that is one expression alone goes another way than one with text around it.
    @Test(arguments: [
        ("row.s", "ä\"b"), ("row.n", "1.10"), ("row.t", "true"), ("row.null", ""), ("row.l", "[1]"),
        ("row.o", #"{"a":1}"#), ("run.startedAt", "2026-11-22T01:15:01.123Z"), ("row.x | default: 'd'", "d"),
    ])
    func textOfAnyValue(expression: String, text: String) throws {
        var context = try Fixture.context(row: #"{"s":"ä\"b","n":1.10,"t":true,"null":null,"l":[1],"o":{"a":1}}"#)
        #expect(try TextTemplate(compiling: "{{ \(expression) }}").text(context: &context) == text)
        #expect(try TextTemplate(compiling: "<{{ \(expression) }}>").text(context: &context) == "<\(text)>")
        let json = try Fixture.payload(.string("<{{ row.v }}>", id: 0), row: "{\"v\":\(JSONValue.string(text))}")
        #expect(json == JSONValue.string("<\(text)>").description)
    }

    @Test(arguments: ["", "a.", "a[", "a[x]", "a b", "1", "a['x]", ".a", "a..b", "a[1.5]", "a[99999999999999999999]"])
    func refusesOtherPaths(text: String) {
        #expect(throws: TemplateProblems.self) { try TemplatePath(parsing: text) }
    }

    @Test(arguments: ["row.a-b[0].ü", #"row["odd name"]["a.b"]"#, "row['\"']"])
    func pathsAreWrittenAsTheyAreRead(text: String) throws {
        let path = try TemplatePath(parsing: text)
        #expect(path.description == text)
    }
}
