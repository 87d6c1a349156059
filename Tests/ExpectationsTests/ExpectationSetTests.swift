import Expectations
import JSONText
import JobModel
import Templating
import Testing

@Suite struct ExpectationSetTests {
    private static let failed = Fixture.result(
        #"{"code":"c"}"#, outcome: .failed, status: 901,
        error: InvocationError(.function, code: "com.x", message: "no such customer"))

    private static func equals(_ path: String, _ value: JSONValue) throws -> Expectation {
        try Fixture.value(path, .compare(.equals, .constant(value)))
    }

    @Test func impliesSuccess() throws {
        let latency = Expectation(.latency(.seconds(1)), text: "latency: 1s", location: Fixture.location)
        #expect(try Fixture.failures([latency]).isEmpty)
        let failures = try Fixture.failures([latency], of: Self.failed)
        #expect(failures.map(\.expectation) == ["outcome: succeeded (implied)"])
        #expect(failures.map(\.actual) == ["failed (function: no such customer [com.x])"])
        #expect(failures.map(\.location) == [Fixture.location])
    }

    @Test(arguments: ["status", "outcome"])
    func impliesNothingBesideStatusOrOutcome(path: String) throws {
        #expect(try Fixture.failures([Fixture.value(path, .exists(true))], of: Self.failed).isEmpty)
    }

    @Test func isANegativeTestIfFailureIsExpected() throws {
        let outcome = Expectation(.outcome([.failed, .unknown]), text: "o", location: Fixture.location)
        #expect(try Fixture.failures([outcome, Self.equals("error.code", "com.x")], of: Self.failed).isEmpty)
        #expect(try Fixture.failures([outcome]).map(\.expected) == ["one of failed, unknown"])
    }

    @Test(arguments: [
        ("status", "200"), ("response.name", #""Ada""#), ("response.tags[-1]", #""b""#),
        ("headers.x-region", #""emea, va""#),
        ("latencyMs", "12.345"), ("attempts", "2"), ("outcome", #""succeeded""#),
        ("headers", #"{"x-region":"emea, va"}"#),
    ])
    func knowsEveryRoot(path: String, value: String) throws {
        let result = Fixture.result(headers: [("x-region", "emea"), ("x-region", "va")])
        #expect(try Fixture.failures([Self.equals(path, JSONParser.parse(value))], of: result).isEmpty)
    }

    @Test(arguments: [
        ("error", "{\"class\":\"function\",\"code\":\"com.x\",\"message\":\"no such customer\"}"),
        ("error.class", "\"function\""), ("status", "901"), ("response.code", "\"c\""),
    ])
    func knowsErrors(path: String, value: String) throws {
        let any = Expectation(.outcome(Outcome.allCases), text: "o", location: Fixture.location)
        #expect(try Fixture.failures([any, Self.equals(path, JSONParser.parse(value))], of: Self.failed).isEmpty)
    }

    @Test(arguments: [
        ("response.nam", "missing: response has no 'nam'; did you mean response.name?"),
        ("response.zip", "missing: response has no 'zip', but id, name, tags"),
        ("response.tags[2]", "missing: response.tags has 2 elements"),
        ("response.name.first", "missing: response.name is a string, not an object"),
        ("response.name[0]", "missing: response.name is a string, not an array"),
        ("error.class", "missing"),
    ])
    func explainsWhatIsMissing(path: String, actual: String) throws {
        for matcher in [
            Matcher.exists(true), .compare(.notEquals, .constant(1)), .type(.null), .matches(try Pattern("")),
        ] {
            #expect(try Fixture.failures([Fixture.value(path, matcher)]).map(\.actual) == [actual])
        }
        #expect(try Fixture.failures([Fixture.value(path, .exists(false))]).isEmpty)
    }

    @Test func rendersExpectedValuesForTheRow() throws {
        let template = try PayloadTemplate(
            compiling: .object([("id", .string("{{ row.id }}", id: 0)), ("name", .string("A{{ row.rest }}", id: 1))]))
        let expectation = try Fixture.value("response", .compare(.contains, ExpectedValue(template)))
        #expect(try Fixture.failures([expectation], row: #"{"id":7,"rest":"da"}"#).isEmpty)
        let wrong = try Fixture.failures([expectation], row: #"{"id":"7","rest":"da"}"#)
        #expect(wrong.map(\.expected) == [#"contains {"id":"7","name":"Ada"}"#])
        let missing = try Fixture.failures([expectation], row: "{}")
        #expect(missing.count == 1 && missing[0].expected.contains("row.id is missing"))
    }

    @Test func keepsSecretsAndLengthWithinBounds() throws {
        let body = "\"" + String(repeating: "x", count: 995) + "hunter2" + String(repeating: "y", count: 5000) + "\""
        for matcher in [
            Matcher.compare(.equals, .constant("hunter2")), .exists(false), .matches(try Pattern("^hunter2")),
        ] {
            let failures = try Fixture.failures(
                [Fixture.value("response", matcher, "response equals hunter2")], of: Fixture.result(body),
                redact: { $0.replacing("hunter2", with: "***") })
            let text = failures.map { "\($0)" }.joined()
            #expect(failures.count == 1 && !text.contains("hunter2") && !text.contains("hunte"))
            #expect(failures[0].actual.count < 1100)
        }
    }

    @Test func comparesAsIfSecretsWereInTheAnswer() throws {
        let body = #"["a***b"]"#
        func failures(_ comparison: Matcher.Comparison, _ text: String) throws -> Int {
            try Fixture.failures(
                [Fixture.value("response[0]", .compare(comparison, .constant(.string(text))))],
                of: Fixture.result(body), redact: { $0.replacing("hunter2", with: "***") }
            ).count
        }
        #expect(try failures(.equals, "ahunter2b") == 0)
        #expect(try failures(.contains, "hunter2") == 0)
        #expect(try failures(.notEquals, "ahunter2b") == 1)
        #expect(try failures(.equals, "ahunter3b") == 1)
    }

    @Test func showsNoHalfOfASecret() throws {
        let start = String(repeating: "x", count: 30)
        // The surroundings of the first difference end inside of the secret.
        let body = "\"\(start)\(String(repeating: "y", count: 17))hunter2\(start)\""
        let failures = try Fixture.failures(
            [Self.equals("response", .string(start + start + start))], of: Fixture.result(body),
            redact: { $0.replacing("hunter2", with: "***") })
        #expect(failures.first?.differences.first?.contains("yyy***") == true)
        #expect(!"\(failures)".contains("hun"))
    }

    @Test func saysWhenAPatternTakesTooLong() throws {
        let body = "\"" + String(repeating: "a", count: 100_000) + "!\""
        let failures = try Fixture.failures(
            [Fixture.value("response", .matches(Pattern("(a+)+$")))], of: Fixture.result(body))
        #expect(failures.first?.differences.first?.contains("takes too long") == true)
    }

    @Test func needsTheAnswersHeadersOnlyIfAnExpectationNamesThem() throws {
        func needs(_ path: String) throws -> Bool {
            ExpectationSet([try Fixture.value(path, .exists(true))], location: Fixture.location).needsHeaders
        }
        #expect(try needs("headers.etag"))
        #expect(try !needs("response.headers"))
    }

    @Test(arguments: [
        (
            #"{"a":1,"b":{"c":[1,2]},"d":4}"#, #"{"a":2,"b":{"c":[1,3,4]},"e":5}"#,
            [
                "response.a: is 2, expected 1", "response.b.c[1]: is 3, expected 2",
                "response.b.c: has 3 elements, expected 2", "response.d: missing, expected 4",
                "response.e: not expected, is 5",
            ]
        ),
        ("7", "8", []), (#""abc""#, #""abd""#, []), (#""a b""#, #""a\tb""#, []),
        (
            #""a b""#, #""a\u00a0b""#,
            ["response: looks the same, and character 2 is U+00A0, expected U+0020"]
        ),
        (
            #""\u00e9""#, #""e\u0301""#, ["response: looks the same, and character 1 is U+0065, expected U+00E9"]
        ),
        (
            #""The quick brown fox jumps over the lazy dog""#, #""The quick brown fox leaps over the lazy dog""#,
            [
                "response: from character 21 on: \"The quick brown fox leaps over the lazy \"…, "
                    + "expected \"The quick brown fox jumps over the lazy \"…"
            ]
        ),
    ])
    func pointsToDifferences(expected: String, actual: String, lines: [String]) throws {
        let failures = try Fixture.failures(
            [Self.equals("response", JSONParser.parse(expected))], of: Fixture.result(actual))
        #expect(failures.first?.differences == lines)
    }

    @Test func showsTheFirstDifferencesOfMany() throws {
        let numbers = "[\((0..<1000).map(String.init).joined(separator: ","))]"
        let zeros = "[\((0..<1000).map { _ in "-1" }.joined(separator: ","))]"
        let failures = try Fixture.failures(
            [Self.equals("response", JSONParser.parse(numbers))], of: Fixture.result(zeros))
        #expect(failures.first?.differences.count == 11)
        #expect(failures.first?.differences.last == "… and more")
    }
}
