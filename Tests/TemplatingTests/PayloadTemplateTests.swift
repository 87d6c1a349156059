import JSONText
import JobModel
import Templating
import TestSupport
import Testing

@Suite struct PayloadTemplateTests {
    @Test func structureIsKeptAndStringsAreFilled() throws {
        let source: TemplateSource = .object([
            ("id", .string("{{ row.id | int }}", id: 1)), ("name", .string("Hello {{ row.name }}!", id: 2)),
            ("{{ key }}", .array([.null, .bool(true), .number("1.10"), .string("plain \"text\"", id: 3)])),
            ("e", .object([])),
        ])
        #expect(
            try Fixture.payload(source, row: #"{"id":"007","name":"Eve"}"#)
                == #"{"id":7,"name":"Hello Eve!","{{ key }}":[null,true,1.10,"plain \"text\""],"e":{}}"#)
    }

    @Test(arguments: [
        ("n={{ row.n }}", #""n=1.10""#), ("{{ row.n }}{{ row.t }}", #""1.10true""#), ("[{{ row.null }}]", #""[]""#),
        ("{{ row.o }} ", #""{\"a\":[1,\"x\"]} ""#), ("at {{ now }}", #""at 2026-11-22T01:15:02Z""#),
        ("{{ '{{' }} row.n }}", #""{{ row.n }}""#), ("{{ '{{' }}", #""{{""#), ("}} a } {", #""}} a } {""#),
        ("", #""""#),
        ("{{ row.q }}x", #""\"\\\n\u0001x""#), ("{{ row.q }}", #""\"\\\n\u0001""#), ("{ {row.n} }", #""{ {row.n} }""#),
        ("\n{{ row.n }}", #""\n1.10""#), ("{{ 1 }}{{ 'a' }}", #""1a""#), ("{{ row.null }}", "null"),
    ])
    func valuesAreJoinedAsText(template: String, json: String) throws {
        let row = #"{"n":1.10,"t":true,"null":null,"o":{"a":[1,"x"]},"q":"\"\\\n\u0001"}"#
        #expect(try Fixture.payload(.string(template, id: 1), row: row) == json)
    }

    @Test func aFailedRenderLeavesTheBytesAsTheyWere() throws {
        let template = try PayloadTemplate(
            compiling: .array([.string("{{ row.a }}", id: 1), .string("{{ row.b }}", id: 2)]))
        var context = try Fixture.context(row: #"{"a":1}"#)
        var output = Array("before".utf8)
        #expect(throws: TemplateError(message: "row.b is missing (expression '{{ row.b }}')")) {
            try template.render(into: &output, context: &context)
        }
        #expect(output == Array("before".utf8))
    }

    @Test func theValueIsWhatIsRendered() throws {
        let template = try PayloadTemplate(compiling: .object([("a", .string("{{ row.n }}", id: 1))]))
        var context = try Fixture.context(row: #"{"n":1.10}"#)
        #expect(try template.value(context: &context) == ["a": .number(try #require(JSONNumber("1.10")))])
    }

    @Test func stringsOfSeveralPayloadsAreCompiledOnce() throws {
        let cache = TemplateCache()
        let texts = ["{{ row.\u{E9} }}", "{{ row.e\u{301} }}", "{{ row.\u{E9} }}", "{{ vars.v }}", "{{ 1 }}"]
        let templates = try texts.map { text in
            try PayloadTemplate(
                compiling: .array([.string(text, id: 1), .string("{{ key }}", id: 2)]), cache: cache)
        }
        #expect(templates.map(\.use.roots) == [[.row, .key], [.row, .key], [.row, .key], [.vars, .key], [.key]])
        #expect(templates.map(\.use.vars) == [[], [], [], ["v"], []])
        // Strings that Swift takes for equal keep their own bytes.
        let messages = templates[...2].map { template in
            let error = #expect(throws: TemplateError.self) {
                var context = try Fixture.context(row: "{}")
                _ = try template.value(context: &context)
            }
            return Array((error?.message ?? "").utf8)
        }
        #expect(messages[0] != messages[1] && messages[0] == messages[2])
    }

    @Test func aMistakeThatIsMadeTwiceIsReportedTwice() {
        let cache = TemplateCache()
        for id in 1...2 {
            let error = #expect(throws: TemplateProblems.self) {
                try PayloadTemplate(compiling: .string("{{ nope }}", id: id), cache: cache)
            }
            #expect(error?.list.map(\.nodeID) == [id])
        }
    }

    @Test func tellsWhatItUses() throws {
        let template = try PayloadTemplate(
            compiling: .object([
                ("a", .string("{{ vars.tenant | default: vars.other }} {{ run.id }}", id: 1)),
                ("b", .string("{{ 'x' | replace: 'x', row.y }}", id: 2)),
            ]))
        #expect(template.use.vars == ["tenant", "other"])
        #expect(template.use.roots == [.vars, .run, .row])
        #expect(template.use.dependsOnRow)
        #expect(!template.use.usesAllVars)
        #expect(!template.isConstant)
        #expect(try PayloadTemplate(compiling: .string("{{ vars }}", id: 1)).use.usesAllVars)
        #expect(try !TextTemplate(compiling: "{{ run.id }}").use.dependsOnRow)
    }

    @Test func literalsAreWorkedOutOnce() throws {
        let template = try TextTemplate(compiling: "a{{ ' b ' | trim | upper }}{{ '{{' }}")
        #expect(template.isConstant)
        #expect(template.constantText == "aB{{")
        #expect(try TextTemplate(compiling: "{{ now }}").constantText == nil)
        #expect(try PayloadTemplate(compiling: .object([("a", .number("1"))])).isConstant)
    }

    @Test(arguments: [
        ("X-{{ row.s }}", "X-a\"b"), ("{{ row.s }}", "a\"b"), ("{{ row.n }}", "1.10"), ("{{ row.null }}", ""),
        ("{{ row.o }}", #"{"a":1}"#), ("plain", "plain"), ("{{ row.t }}", "true"), ("{{ vars.tenant }}", "emea"),
        (
            "results/{{ job.name }}/{{ run.nominalTime | date: '%Y-%m-%d' }}.jsonl",
            "results/nightly-sync/2026-11-22.jsonl"
        ),
    ])
    func textsAreRaw(template: String, text: String) throws {
        let row = #"{"s":"a\"b","n":1.10,"null":null,"o":{"a":1},"t":true}"#
        #expect(try Fixture.text(template, row: row, vars: ["tenant": "emea"]) == text)
    }

    @Test(arguments: 0..<6)
    func anyTextCompilesOrTellsWhy(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let tokens = [
            "{{", "}}", "{", "}", " ", "|", ":", ",", "row", ".a", "['x']", "[0]", "[", "]", "'", "\"", "12", "-",
            "1.5", "default", "upper", "date", "%Y", "%", "now", "slice", "plus", "ü", "😀", "\n", "null", ".",
            "vars.x", "split", "json",
        ]
        var rendered = 0
        for _ in 0..<1500 {
            let count = Int.random(in: 0...14, using: &random)
            let chosen = (0..<count).map { _ in tokens.randomElement(using: &random) }
            let text = chosen.compactMap { $0 }.joined()
            let source = Bool.random(using: &random) ? "{{ row.a\(text) }}" : text
            do throws(TemplateProblems) {
                let template = try PayloadTemplate(compiling: .string(source, id: 3), zones: TwoZones())
                var context = try Self.context
                var output: [UInt8] = []
                guard (try? template.render(into: &output, context: &context)) != nil else { continue }
                rendered += 1
                #expect((try? JSONParser.parse(output)) != nil, "\(source)")
            } catch {
                #expect(!error.list.isEmpty)
                for problem in error.list {
                    #expect(problem.nodeID == 3)
                    #expect((0...source.utf8.count).contains(problem.offset + problem.length - 1), "\(source)")
                }
            }
        }
        #expect(rendered > 0)
    }

    private static var context: RenderContext {
        get throws(TemplateProblems) {
            do {
                return try Fixture.context(row: #"{"a":"x","x":[1,null]}"#)
            } catch {
                throw TemplateProblems([])
            }
        }
    }
}
