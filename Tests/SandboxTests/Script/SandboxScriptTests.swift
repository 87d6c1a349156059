import JobModel
import Testing
import YAMLText

@testable import Sandbox

@Suite struct SandboxScriptTests {
    private func load(_ yaml: String) -> SandboxScript.Loading {
        SandboxScript.load(bytes: Array(yaml.utf8), file: "s.yaml")
    }

    @Test func readsEverySetting() throws {
        let yaml = """
            version: 1
            platform: v2
            strict: true
            accounts:
              "12345678": { clientId: me, clientSecret: s3cret }
            token:
              { lifetime: 2m, expiresIn: number, opaque: true, revokeAfter: 9, sequence: [500], then: ok, latency: 1ms }
            domainApi: { sequence: [hang], then: 503, latency: 2ms, hosts: { faasGW: null, sentinel: x } }
            functions:
              6F91F192-c1df-40e0-94f9-8765fd70fd02:
                name: hello
                reply: { greeting: "hello {{ payload.name }}", list: [1, 1.10, true, null] }
                latency: { min: 10ms, max: 50ms }
                sequence:
                  - 429
                  - { status: 429, retryAfter: 1, code: c, message: m, latency: 1s }
                  - { kind: torn }
                  - reset
                per: function
                then: 901
                failures: { rate: 5%, as: [429, reset], seed: 3 }
                match:
                  - when: { payload.id: 3 }
                    reply: x
            default: { latency: 5ms }
            events: { e: [6f91f192-c1df-40e0-94f9-8765fd70fd02] }
            remember: { requestIds: 5, payloads: 6 }
            """
        let loading = load(yaml)
        #expect(loading.diagnostics == [])
        let script = try #require(loading.script)
        #expect(script.platform == .v2)
        #expect(script.isStrict)
        #expect(script.accounts["12345678"]?.clientID == "me")
        #expect(script.accounts["12345678"]?.clientSecret.reveal() == "s3cret")
        let milliseconds = { (count: Int64) in
            Latency(minimum: .milliseconds(count), maximum: .milliseconds(count))
        }
        #expect(
            script.token
                == TokenScript(
                    lifetime: .seconds(120), expiresIn: .number, isOpaque: true, revokeAfter: 9,
                    answers: AnswerScript(sequence: [Fate(.status(500))], latency: milliseconds(1))))
        #expect(
            script.domainAPI
                == DomainScript(
                    hosts: ["faasGW": nil, "sentinel": "x"],
                    answers: AnswerScript(
                        sequence: [Fate(.hang)], afterwards: Fate(.status(503)), latency: milliseconds(2))))
        let function = try #require(script.functions["6f91f192-c1df-40e0-94f9-8765fd70fd02"])
        #expect(function.name == "hello")
        #expect(function.scope == .function)
        #expect(function.cases.count == 1)
        let behaviour = function.behaviour
        #expect(behaviour.reply != nil)
        #expect(behaviour.latency == Latency(minimum: .milliseconds(10), maximum: .milliseconds(50)))
        let detailed = Fate(
            .status(429), retryAfter: .seconds(1), code: "c", message: "m",
            latency: Latency(minimum: .seconds(1), maximum: .seconds(1)))
        #expect(behaviour.sequence == [Fate(.status(429)), detailed, Fate(.torn), Fate(.reset)])
        #expect(behaviour.afterwards == Fate(.status(901)))
        #expect(behaviour.failures?.rate == 0.05)
        #expect(behaviour.failures?.fates == [Fate(.status(429)), Fate(.reset)])
        #expect(behaviour.failures?.seed == 3)
        #expect(script.fallback.behaviour.latency == milliseconds(5))
        #expect(script.events == ["e": ["6f91f192-c1df-40e0-94f9-8765fd70fd02"]])
        #expect(script.memory == SandboxScript.MemoryLimits(requestIDs: 5, payloads: 6))
    }

    @Test func leavesOutWhatHasDefaults() throws {
        let script = try #require(load("version: 1").script)
        #expect(script.platform == .v1)
        #expect(!script.isStrict)
        #expect(script.accounts.isEmpty)
        #expect(script.events == nil)
        #expect(script.token == TokenScript())
        #expect(script.domainAPI == DomainScript())
    }

    /// A script in one line, and where and how it is wrong.
    struct Mistake: Sendable, CustomTestStringConvertible {
        var yaml: String
        var code: String
        var column: Int
        var message: String

        init(_ yaml: String, _ code: String, _ column: Int, _ message: String) {
            self.yaml = yaml
            self.code = code
            self.column = column
            self.message = message
        }

        var testDescription: String { yaml }
    }

    static let mistakes: [Mistake] = [
        Mistake("{}", "missing-key", 1, "lacks 'version'"),
        Mistake("{version: 2}", "bad-value", 11, "expected the number 1 for version"),
        Mistake("{version: 1, function: {}}", "unknown-key", 14, "unknown key 'function'"),
        Mistake("{version: 1, version: 1}", "duplicate-key", 14, "version"),
        Mistake("[1]", "wrong-type", 1, "a mapping"),
        Mistake("{version: 1, platform: v3}", "bad-value", 24, "v1 or v2"),
        Mistake("{version: 1, strict: yes}", "wrong-type", 22, "true or false"),
        Mistake("{version: 1, accounts: {a-b: {clientId: a, clientSecret: b}}}", "bad-value", 25, "letters and digits"),
        Mistake("{version: 1, accounts: {ab: {clientId: a}}}", "missing-key", 25, "clientSecret"),
        Mistake("{version: 1, token: {lifetime: 500ms}}", "bad-value", 32, "at least 1s"),
        Mistake("{version: 1, token: {lifetime: 1500ms}}", "bad-value", 32, "whole seconds"),
        Mistake("{version: 1, token: {lifetime: 30}}", "wrong-type", 32, "a duration"),
        Mistake("{version: 1, token: {expiresIn: text}}", "bad-value", 33, "string, number or absent"),
        Mistake("{version: 1, token: {sequence: [revoked]}}", "bad-value", 33, "a status from 200 to 999"),
        Mistake("{version: 1, token: {revokeAfter: 0}}", "bad-value", 35, "between 1"),
        Mistake("{version: 1, domainApi: {hosts: {faasgw: x}}}", "unknown-key", 34, "faasgw"),
        Mistake("{version: 1, functions: {hello: {}}}", "bad-value", 26, "no UUID"),
        Mistake("{version: 1, default: {sequence: 500}}", "wrong-type", 34, "a list"),
        Mistake("{version: 1, default: {sequence: [99]}}", "bad-value", 35, "a status from 200 to 999"),
        Mistake("{version: 1, default: {sequence: [1000]}}", "bad-value", 35, "a status from 200 to 999"),
        Mistake("{version: 1, default: {sequence: [reste]}}", "bad-value", 35, "a status from 200 to 999"),
        Mistake("{version: 1, default: {sequence: [null]}}", "wrong-type", 35, "a status from 200 to 999"),
        Mistake("{version: 1, default: {then: {code: x}}}", "missing-key", 30, "'status' or 'kind'"),
        Mistake("{version: 1, default: {then: {status: 500, kind: ok}}}", "bad-value", 31, "exclude"),
        Mistake("{version: 1, default: {then: {status: 500, retry: 1}}}", "unknown-key", 44, "retry"),
        Mistake("{version: 1, default: {then: {status: 429, retryAfter: -1}}}", "bad-value", 56, "whole number"),
        Mistake(#"{version: 1, default: {then: {status: 429, retryAfter: "a\r\nb"}}}"#, "bad-value", 56, "ASCII"),
        Mistake("{version: 1, default: {latency: {min: 2s, max: 1s}}}", "bad-value", 33, "min is more than max"),
        Mistake("{version: 1, default: {latency: fast}}", "wrong-type", 33, "a duration"),
        Mistake("{version: 1, default: {failures: {as: [500]}}}", "missing-key", 24, "rate"),
        Mistake("{version: 1, default: {failures: {rate: 120%}}}", "bad-value", 41, "a share"),
        Mistake("{version: 1, default: {failures: {rate: 1.5}}}", "bad-value", 41, "between 0 and 1"),
        Mistake("{version: 1, default: {failures: {rate: 1%, as: []}}}", "bad-value", 49, "empty"),
        Mistake("{version: 1, default: {per: row}}", "bad-value", 29, "request or function"),
        Mistake("{version: 1, default: {reply: '{{ row.id }}'}}", "bad-template", 35, "row"),
        Mistake("{version: 1, default: {reply: {a: ['{{ payload.id | nope }}']}}}", "bad-template", 53, "nope"),
        Mistake("{version: 1, default: {reply: .nan}}", "bad-value", 31, "JSON"),
        Mistake("{version: 1, default: {match: [{then: 500}]}}", "missing-key", 32, "when"),
        Mistake("{version: 1, default: {match: [{when: {id: 3}}]}}", "bad-value", 40, "no path into a request"),
        Mistake("{version: 1, default: {match: [{when: {'payload.': 3}}]}}", "bad-value", 40, "payload."),
        Mistake("{version: 1, events: {e: [x]}}", "bad-value", 27, "no UUID"),
        Mistake(
            "{version: 1, strict: true, events: {e: [6f91f192-c1df-40e0-94f9-8765fd70fd02]}}", "bad-value", 41,
            "there is no function"),
        Mistake("{version: 1, remember: {payloads: -1}}", "bad-value", 35, "between 0"),
    ]

    @Test(arguments: mistakes)
    func saysWhatIsWrongAndWhere(mistake: Mistake) throws {
        let loading = load(mistake.yaml)
        #expect(loading.script == nil)
        let diagnostic = try #require(loading.diagnostics.first)
        #expect(loading.diagnostics.count == 1, "\(loading.diagnostics)")
        #expect(diagnostic.code == mistake.code)
        #expect(diagnostic.file == "s.yaml")
        #expect(diagnostic.location?.line == 1)
        #expect(diagnostic.location?.column == mistake.column)
        #expect(diagnostic.message.contains(mistake.message), "\(diagnostic.message)")
    }

    @Test func saysAllThatIsWrong() {
        let loading = load("version: 1\nstrict: 1\nplatform: x\ndefault:\n  latency: x\n  thn: 1\n")
        #expect(loading.diagnostics.map { $0.location?.line } == [2, 3, 5, 6])
        #expect(loading.diagnostics.last?.hint == "did you mean 'then'?")
    }

    @Test func suggestsTheFateThatWasMeant() {
        #expect(load("{version: 1, default: {then: rest}}").diagnostics.first?.hint == "did you mean 'reset'?")
    }

    @Test func neverShowsSecrets() {
        let loading = load("{version: 1, accounts: {a1: {clientId: [s3cret], clientSecret: {s3cret: 1}}}}")
        #expect(loading.diagnostics.count == 2)
        #expect(!loading.diagnostics.contains { "\($0)".contains("s3cret") })
    }

    @Test func aFileThatIsMissingIsReported() {
        let loading = SandboxScript.load(path: "/nonexistent/script.yaml")
        #expect(loading.script == nil)
        #expect(loading.source == nil)
        #expect(loading.diagnostics.map(\.code) == ["unreadable"])
        #expect(loading.diagnostics.first?.file == "/nonexistent/script.yaml")
    }

    @Test(arguments: ["", "{", "\u{0}", "- a\n b: c", "version: 1\n---\nversion: 1\n", "&a [*a]"])
    func brokenYAMLIsReported(yaml: String) {
        let loading = load(yaml)
        #expect(loading.script == nil)
        #expect(!loading.diagnostics.isEmpty)
    }
}
