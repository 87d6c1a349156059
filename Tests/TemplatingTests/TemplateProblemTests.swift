import Templating
import Testing

@Suite struct TemplateProblemTests {
    @Test(arguments: [
        ("x {{ rwo.id }}", 5, 6, "unknown name 'rwo'", "did you mean row?"),
        ("{{ row.id | uper }}", 12, 4, "there is no filter 'uper'", "did you mean upper?"),
        ("{{ row.id | upcase }}", 12, 6, "there is no filter 'upcase'", "did you mean upper?"),
        ("{{ row.id | to_json }}", 12, 7, "there is no filter 'to_json'", "did you mean toJson?"),
        ("ü{{ row.id | int: 1 }}", 14, 6, "int wants no arguments, found 1", "write int, without arguments"),
        ("{{ row.id | default }}", 12, 7, "default wants one argument, found 0", "write default: value"),
        ("{{ row.id | replace: 'a' }}", 12, 12, "replace wants 2 arguments, found 1", "write replace: 'from', 'to'"),
        ("{{ row.id | slice: 1 }}", 12, 8, "slice wants 2 arguments, found 1", "write slice: from, length"),
        ("{{ now | date }}", 9, 4, "date wants 1 or 2 arguments, found 0", ""),
        ("{{ now | date: '%Y', 'UTC', 1 }}", 9, 20, "date wants 1 or 2 arguments, found 3", ""),
        ("{{ row.id | split: 1 }}", 19, 1, "split wants text in quotes", "write split: ','"),
        ("{{ row.id | replace: '', 'x' }}", 21, 2, "replace wants text in quotes that is not empty", ""),
        ("{{ row.id | slice: '1', 2 }}", 19, 3, "slice wants a whole number", ""),
        ("{{ row.id | slice: 1.5, 2 }}", 19, 3, "slice wants a whole number", ""),
        ("{{ row.id | add: '1' }}", 17, 3, "add wants a number", "write add: 1"),
        (
            "{{ now | plus: 3600 }}", 15, 4, "plus wants a duration in quotes, such as '30s', '1h30m' or '2d'",
            "write plus: '1h'"
        ),
        ("{{ now | minus: '-1d' }}", 16, 5, "minus wants a duration in quotes, such as '30s', '1h30m' or '2d'", ""),
        ("{{ now | minus: 1d }}", 16, 2, "1d is neither a number nor a path", "put text in quotes: '1d'"),
        ("{{ now | date: 'a %Q' }}", 18, 2, "unknown directive '%Q' in a date format", ""),
        ("{{ now | date: '%-ü' }}", 16, 4, "unknown directive '%-ü' in a date format", ""),
        ("{{ now | date: '%Y%' }}", 18, 1, "'%' at the end of a date format", "write %% for a percent sign"),
        ("{{ now | date: '%H', 'Europe/Berln' }}", 21, 14, "there is no time zone 'Europe/Berln'", ""),
        (
            "{{ now | date: '%H', 1 }}", 21, 1,
            "date wants a time zone's IANA name in quotes, such as 'Europe/Berlin'", ""
        ),
        ("a {{ row.id", 2, 2, "'{{' is never closed", ""), ("{{", 0, 2, "'{{' is never closed", ""),
        ("{{ row.id | ", 0, 2, "'{{' is never closed", ""),
        ("{{ row.id }", 10, 1, "expected '|' or '}}', found '}'", ""),
        ("{{ 'abc }}", 3, 1, "text that begins with ' is never closed", ""), ("{{ }}", 0, 5, "an empty expression", ""),
        ("{{}}", 0, 4, "an empty expression", "write a path such as row.name"),
        ("{{ row.id id }}", 10, 1, "expected '|' or '}}', found 'i'", ""),
        ("{{ uuid() }}", 7, 1, "expected '|' or '}}', found '('", ""),
        ("{{ row. }}", 7, 1, "expected a name after '.', found ' '", ""),
        ("{{ row[x] }}", 7, 1, "expected a quoted name or a whole number in brackets, found 'x'", ""),
        ("{{ row['x' }}", 11, 1, "expected ']', found '}'", ""),
        ("{{ .a }}", 3, 1, "expected a path or a literal, found '.'", ""),
        ("{{ row | 1 }}", 9, 1, "expected a filter's name after '|', found '1'", ""),
        ("{{ {\"a\":1} }}", 3, 1, "expected a path or a literal, found '{'", ""),
        ("{{ 007 }}", 3, 3, "007 is neither a number nor a path", ""),
        ("{{ row.a | default: none }}", 20, 4, "unknown name 'none'", ""),
        ("{{ job }}", 3, 3, "'job' is no value of its own", "write job.name"),
        ("{{ job.nmae }}", 3, 8, "job has no 'nmae'", "did you mean job.name?"),
        ("{{ run.nominaltime }}", 3, 15, "run has no 'nominaltime'", "did you mean run.nominalTime?"),
        ("{{ run.id.x }}", 3, 8, "run.id has no members", "write run.id"),
        ("{{ now.year }}", 3, 8, "now has no members", ""),
        ("{{ vars[0] }}", 3, 7, "vars has names, not numbers", ""),
        ("{{ 'abc' | int }}", 0, 17, "int: wants a whole number, found \"abc\" (expression '{{ 'abc' | int }}')", ""),
    ])
    func tellsPlaceAndCure(template: String, offset: Int, length: Int, message: String, hint: String) throws {
        let problems = Fixture.problems(template)
        let problem = try #require(problems.first)
        #expect(problems.count == 1)
        #expect(problem.nodeID == 7)
        #expect(problem.offset == offset)
        #expect(problem.length == length)
        #expect(problem.message == message)
        if !hint.isEmpty { #expect(problem.hint == hint) }
    }

    @Test func allProblemsAreToldAtOnce() throws {
        let source: TemplateSource = .object([
            ("a", .string("{{ rwo }} {{ row.a | nope }} {{ row", id: 1)),
            ("b", .array([.string("{{ x | int: 1 }}", id: 2)])),
        ])
        let problems = #expect(throws: TemplateProblems.self) { try PayloadTemplate(compiling: source) }
        #expect(problems?.list.map(\.nodeID) == [1, 1, 1, 2, 2])
    }

    @Test func theSearchGoesOnAfterABrokenExpression() {
        #expect(Fixture.problems("{{ a b }} {{ rwo }} {{ }}").map(\.offset) == [5, 13, 20])
    }

    @Test(arguments: ["row", "index", "key"])
    func outputNamesKnowNoRow(name: String) {
        let problems = Fixture.problems("{{ \(name) }}-{{ run.id }}-{{ job.name }}", scope: .output)
        #expect(problems.map(\.message) == ["'\(name)' is not known here"])
        #expect(problems.first?.hint == "there are vars, job, run, now, uuid")
    }

    @Test func theKeyKnowsNoKey() {
        #expect(Fixture.problems("{{ key }}", scope: .key).count == 1)
        #expect(Fixture.problems("{{ row.id }}-{{ index }}", scope: .key).isEmpty)
    }

    @Test func variablesAreCheckedWhereTheyAreKnown() {
        let scope = TemplateScope.row.knowing(vars: ["tenant"])
        #expect(Fixture.problems("{{ vars.tenant.x }} {{ vars.other | default: 1 }} {{ vars }}", scope: scope).isEmpty)
        let problems = Fixture.problems("{{ vars.tennant | upper }}", scope: scope)
        #expect(problems.map(\.message) == ["there is no variable 'tennant'"])
        #expect(problems.first?.hint == "did you mean vars.tenant?")
        #expect(Fixture.problems("{{ vars.tennant }}").isEmpty)
    }

    @Test func zonesAreLeftToTheRowsWithoutAProvider() {
        #expect(Fixture.problems("{{ now | date: '%H', 'Nowhere/City' }}", zones: nil).isEmpty)
    }
}
