import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Smoke tests", .serialized)
struct SmokeTests {
    static let binaryName = "job.yaml"

    /// A file whose only job has these settings, and runs against the embedded sandbox.
    private static func file(_ settings: String, job: String = "greet") -> String {
        JobFileText("http://127.0.0.1:1", job: job, settings).text
    }

    private static let threeRows = "input: { items: [{ n: 1 }, { n: 2 }, { n: 3 }], key: \"k-{{ row.n }}\" }\n"

    /// Runs `fnrun smoke` over one file in the embedded sandbox.
    private static func smoke(
        _ settings: String, script: String = "", _ further: [String] = [], binary: BuiltBinary? = nil
    ) async throws -> BuiltBinary.Result {
        let binary = try binary ?? BuiltBinary()
        try binary.write(file(settings), to: binaryName)
        try binary.write("version: 1\n\(script)\n", to: "sandbox.yaml")
        return try await binary.run(["smoke", binaryName, "--sandbox-script", "sandbox.yaml"] + further)
    }

    @Test("Cases that are as expected: exit code 0, one line each, and a result file as run writes it")
    func passes() async throws {
        let binary = try BuiltBinary()
        let result = try await Self.smoke(
            Self.threeRows + "expect: [{ path: response.n, equals: \"{{ row.n }}\" }, { status: 2xx }]", [],
            binary: binary)
        #expect(result.status == 0, "\(result.errors)")
        let marks = result.lines.filter { $0.hasPrefix("✓ ") }.map { $0.prefix { $0 != "(" } }
        #expect(marks == ["✓ greet: k-1 ", "✓ greet: k-2 ", "✓ greet: k-3 "])
        #expect(result.lines.last?.hasSuffix(": 3 passed, 0 failed") == true, "\(result.output)")
        #expect(!result.output.contains("\u{1B}"))
        let files = try FileManager.default.contentsOfDirectory(
            atPath: binary.folder.appendingPathComponent("results").path)
        let records = try binary.records("results/\(try #require(files.first))")
        #expect(records.outcomes == ["succeeded", "succeeded", "succeeded"])
        #expect(records.runs.first?["trigger"]?.stringValue == "smoke")
        #expect(records.reconciles)
    }

    @Test("A case that is not: expected, actual, path, place, status and request id; exit code 1")
    func fails() async throws {
        let binary = try BuiltBinary()
        let result = try await Self.smoke(
            Self.threeRows + "expect:\n  - path: response\n    equals: { n: 2, m: { a: 1 } }",
            ["--output", BuiltBinary.resultName], binary: binary)
        #expect(result.status == 1, "\(result.errors)")
        let records = try binary.records()
        let request = try #require(records.byIndex.first?["requestId"]?.stringValue)
        for text in [
            "✗ greet: k-1", "job.yaml:16: response equals {\"n\":2,\"m\":{\"a\":1}}",
            "expected: {\"n\":2,\"m\":{\"a\":1}}",
            "actual:   {\"n\":1}", "- response.n: is 1, expected 2", "- response.m: missing, expected {\"a\":1}",
            "status 200, ", "request \(request)", "3 cases in ", "0 passed, 3 failed",
        ] {
            #expect(result.output.contains(text), "\(text)\n\(result.output)")
        }
    }

    @Test("A function that is meant to fail passes, and one that is not meant to fails without saying so")
    func negative() async throws {
        let script = "default: { then: { status: 901, code: com.x, message: no such customer } }"
        let meant = try await Self.smoke(
            "expect: [{ outcome: failed }, { status: 901 }, { path: error.code, equals: com.x }]", script: script)
        #expect(meant.status == 0, "\(meant.output)")
        let implied = try await Self.smoke("expect: [{ latency: 10s }]", script: script)
        #expect(implied.status == 1)
        #expect(
            implied.output.contains(
                "outcome: succeeded (implied)\n    expected: succeeded\n    actual:   failed (function: no such customer"
            ),
            "\(implied.output)")
    }

    @Test("Statuses, headers of any case, attempts and latency are looked at")
    func roots() async throws {
        let result = try await Self.smoke(
            """
            retry: { initialInterval: 1ms }
            expect:
              - { path: headers.Content-Type, startsWith: application/json }
              - { path: attempts, equals: 2 }
              - { path: latencyMs, greaterThan: 0, lessThan: 60000 }
              - { path: error, exists: false }
              - { path: status, oneOf: [200, 202] }
            """, script: "default: { sequence: [503, ok] }")
        #expect(result.status == 0, "\(result.output)")
    }

    @Test(
        "Tests that could not be run are no failures of expectations, negative ones neither",
        arguments: [
            ("payload: \"{{ row.gone }}\"\nexpect: [{ outcome: failed }]", "row.gone is missing"),
            ("input: { file: bad.csv }\nexpect: [{ outcome: failed }]", "line 2"),
        ])
    func couldNotRun(settings: String, reason: String) async throws {
        let binary = try BuiltBinary()
        try binary.write("a,b\n1\n", to: "bad.csv")
        let result = try await Self.smoke(settings, [], binary: binary)
        #expect(result.status == 1)
        #expect(result.output.contains("could not be run"), "\(result.output)")
        #expect(result.output.contains(reason), "\(result.output)")
        #expect(result.lines.last?.contains("0 passed, 0 failed, 1 could not be run") == true, "\(result.output)")
    }

    @Test("A job without a case tests nothing, which is a failure")
    func noCases() async throws {
        let result = try await Self.smoke("input: { items: [] }\nexpect: [{ status: 200 }]")
        #expect(result.status == 1)
        #expect(result.output.contains("✗ greet: its input has no rows: nothing was tested"), "\(result.output)")
    }

    @Test("A gateway that is out of reach passes no negative test; exit code 3")
    func unreachable() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        var job = JobFileText(sandbox.url, "expect: [{ outcome: failed }]\nretry: { maxAttempts: 1 }")
        job.endpoints = "gateway: http://127.0.0.1:1"
        try binary.write(job.text, to: "job.yaml")
        let result = try await binary.run(["smoke", "job.yaml"])
        #expect(result.status == 3, "\(result.output)\n\(result.errors)")
        #expect(result.output.contains("0 passed, 0 failed, 1 could not be run"), "\(result.output)")
    }

    @Test("Refused credentials: exit code 4, and every report says so")
    func refused() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "accounts: { \"12345678\": { clientId: test-client, clientSecret: right } }")
        let binary = try BuiltBinary()
        try binary.write(JobFileText(sandbox.url, "expect: [{ status: 200 }]").text, to: "job.yaml")
        let result = try await binary.run(["smoke", "job.yaml", "--junit", "r.xml", "--json", "r.json"])
        #expect(result.status == 4, "\(result.errors)")
        #expect(try binary.read("r.xml").contains("<error type="))
        #expect(try JSONParser.parse(binary.read("r.json"))["ok"]?.boolValue == false)
        #expect(!(result.output + result.errors).contains(JobFileText.secret))
    }

    @Test("--retries: what passes when tried again is flaky, exit code 0; what never does has failed")
    func retries() async throws {
        let binary = try BuiltBinary()
        let script = """
            default:
              per: function
              match:
                - when: { payload.n: 2 }
                  sequence: [901, 901, ok]
                - when: { payload.n: 3 }
                  then: 901
            """
        let settings = Self.threeRows + "expect: [{ status: 200 }]"
        let result = try await Self.smoke(
            settings, script: script, ["--retries", "2", "--output", BuiltBinary.resultName], binary: binary)
        #expect(result.status == 1)
        #expect(result.output.contains("~ greet: k-2 ("), "\(result.output)")
        #expect(result.output.contains("flaky: passed on try 3)"), "\(result.output)")
        #expect(result.lines.last?.contains("1 passed, 1 failed, 1 flaky") == true, "\(result.output)")
        let records = try binary.records()
        #expect(records.runs.count == 3 && records.invocations.count == 7)
        #expect(Set(records.invocations.compactMap { $0["requestId"]?.stringValue }).count == 7)
        let report = try await binary.run(["report", BuiltBinary.resultName, "--format", "json"])
        #expect(try JSONParser.parse(report.output)["total"]?["rows"]?.intValue == 3, "\(report.output)")
        let fewer = try await Self.smoke(settings, script: script, ["--retries", "1", "--limit", "2"])
        #expect(fewer.status == 1, "\(fewer.output)")
        let enough = try await Self.smoke(settings, script: script, ["--retries", "2", "--limit", "2"])
        #expect(enough.status == 0, "\(enough.output)")
    }

    @Test("--fail-fast: nothing is started after the first failure, and nothing of later jobs")
    func failFast() async throws {
        let binary = try BuiltBinary()
        let items = (0..<200).map { "{ n: \($0) }" }.joined(separator: ", ")
        var job = JobFileText(
            "http://127.0.0.1:1", job: "a",
            "input: { items: [\(items)] }\nexpect: [{ path: response.n, lessThan: 3 }]\nconcurrency: 1")
        job.jobs.append(("b", "expect: [{ status: 200 }]"))
        try binary.write(job.text, to: "job.yaml")
        let result = try await binary.run(["smoke", "job.yaml", "--sandbox", "--fail-fast", "--format", "json"])
        #expect(result.status == 1)
        let summary = try JSONParser.parse(result.output)
        #expect(summary["summary"]?["failed"]?.intValue ?? 0 >= 1)
        // Of the rows that were read by then; the others were not.
        #expect(summary["summary"]?["skipped"]?.intValue ?? 0 > 20, "\(result.output)")
        #expect(summary["summary"]?["passed"]?.intValue ?? 200 < 100, "\(result.output)")
        #expect(summary["jobs"]?[1]?["skipped"]?.boolValue == true)
    }

    @Test(
        "--tag and --job choose jobs",
        arguments: [
            (["--tag", "fast"], ["a", "b"]), (["--tag", "slow"], ["c"]),
            (["--tag", "fast", "--tag", "slow"], ["a", "b", "c"]),
            (["--tag", "!slow"], ["a", "b", "d"]), (["--tag", "fast", "--tag", "!x"], ["a"]),
            (["--job", "a", "--job", "d"], ["a", "d"]), ([], ["a", "b", "c", "d"]),
        ])
    func tags(options: [String], jobs: [String]) async throws {
        let binary = try BuiltBinary()
        var job = JobFileText("http://127.0.0.1:1", job: "a", "expect: [{ status: 200 }]\ntags: [fast]")
        job.jobs += [
            ("none", ""), ("b", "expect: [{ status: 200 }]\ntags: [fast, x]"),
            ("c", "expect: [{ status: 200 }]\ntags: slow"), ("d", "expect: [{ status: 200 }]"),
        ]
        try binary.write(job.text, to: "job.yaml")
        let result = try await binary.run(["smoke", "job.yaml", "--sandbox"] + options)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.lines.filter { $0.hasPrefix("✓ ") }.map { String($0.dropFirst(2).prefix { $0 != " " }) } == jobs)
    }

    @Test(
        "Nothing to test is an error",
        arguments: [
            ("", [], 2, "no job has 'expect'"), ("tags: x\nexpect: [{ status: 200 }]", ["--tag", "y"], 64, "tags: x"),
            ("expect: [{ status: 200 }]", ["--job", "gret"], 64, "there is no such job"),
            ("expect: [{ stauts: 200 }]", [], 2, "did you mean 'status'?"),
        ] as [(String, [String], Int32, String)])
    func nothing(settings: String, options: [String], status: Int32, phrase: String) async throws {
        let result = try await Self.smoke(settings, options)
        #expect(result.status == status)
        #expect(result.errors.contains(phrase), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test("Several files and accounts, in the order of files and jobs; names are unique over all of them")
    func severalFiles() async throws {
        let sandboxes = [try await SandboxProcess.start(), try await SandboxProcess.start()]
        let binary = try BuiltBinary()
        for (name, sandbox) in zip(["tests/b.yaml", "tests/a.yml"], sandboxes) {
            let job = String(name.dropFirst(6).prefix(1))
            try binary.write(JobFileText(sandbox.url, job: job, "expect: [{ status: 200 }]").text, to: name)
        }
        let result = try await binary.run(["smoke", "tests", "--output", "-"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try ResultLines(result.output).runs.compactMap { $0["job"]?.stringValue } == ["a", "b"])
        #expect(try sandboxes.map { try $0.statistics().invocations.received } == [1, 1])
        let twice = try await binary.run(["smoke", "tests/a.yml", "tests/b.yaml", "tests/a.yml"])
        #expect(twice.status == 2)
        #expect(twice.errors.contains("is in tests/a.yml as well"))
    }

    @Test("expect and tags leave run as it is: they are not evaluated there")
    func run() async throws {
        let run = try await BuiltBinary().run(
            JobFileText("http://127.0.0.1:1", "expect: [{ status: 500 }]\ntags: [x]"), ["--sandbox"])
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(run.records.outcomes == ["succeeded"])
    }

    @Test("--dry-run prints the requests of the chosen jobs and sends nothing")
    func dryRun() async throws {
        let result = try await Self.smoke(Self.threeRows + "expect: [{ status: 200 }]", ["--dry-run", "--limit", "1"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("\"payload\":{\"n\":1}") && !result.output.contains("✓"))
    }

    @Test("A pattern that would take for ever fails its case and holds nothing up")
    func slowPattern() async throws {
        let text = String(repeating: "a", count: 5000) + "!"
        let result = try await Self.smoke(
            "input: { items: [\"\(text)\"] }\nexpect: [{ path: response, matches: '^(a+)+$' }]")
        #expect(result.status == 1)
        #expect(result.output.contains("takes too long"), "\(result.output)")
    }
}
