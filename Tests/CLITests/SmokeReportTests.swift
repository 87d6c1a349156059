import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Reports of smoke tests", .serialized)
struct SmokeReportTests {
    private static let nasty = #"a<b>&\"c\" \u0000\u001b[31m\ufffe\u2028\u202e ]]> é %: ,"#
    private static let settings = """
        input: { items: [{ n: 1 }, { n: 2, s: "\(nasty)" }, { n: 3 }], key: "{{ row.n }} {{ row.s | default: '' }}" }
        payload: "{{ row }}"
        expect:
          - path: response.n
            lessThan: 2
          - path: response.s
            exists: false
        """
    private static let script = """
        version: 1
        default:
          match:
            - when: { payload.n: 3 }
              then: { status: 901, code: com.x, message: no such customer }
        """

    /// The schema of the source tree.
    private static let schema = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("schema/junit.xsd").path

    private static func run(
        _ options: [String], environment: [String: String?] = [:], settings: String = settings
    ) async throws -> (binary: BuiltBinary, result: BuiltBinary.Result) {
        let binary = try BuiltBinary(environment: ["GITHUB_ACTIONS": nil].merging(environment) { $1 })
        try binary.write(JobFileText("http://127.0.0.1:1", job: "greet", settings).text, to: "job.yaml")
        try binary.write(script, to: "sandbox.yaml")
        let result = try await binary.run(["smoke", "job.yaml", "--sandbox-script", "sandbox.yaml"] + options)
        return (binary, result)
    }

    @Test(
        "JUnit is valid by the schema, whatever a function answers",
        arguments: [[], ["--retries", "1"], ["--fail-fast"]])
    func junit(options: [String]) async throws {
        let (binary, result) = try await Self.run(["--junit", "r.xml"] + options)
        #expect(result.status == 1)
        let (status, output) = try await Shell.run("xmllint --noout --schema '\(Self.schema)' r.xml", in: binary.folder)
        let report = try binary.read("r.xml")
        #expect(status == 0, "\(output)\n\(report)")
        // How many were sent before the first failure was known is a matter of luck.
        #expect(report.contains("failures=\"2\"") || options == ["--fail-fast"], "\(report)")
    }

    @Test("The schema refuses what is no report: the test above can fail")
    func schemaRefuses() async throws {
        let (binary, _) = try await Self.run(["--junit", "r.xml"])
        let text = try binary.read("r.xml")
        for (old, new) in [
            ("<testsuites ", "<testsuites file=\"x\" "), ("<failure", "<failed"), (" time=\"", " time=\"x"),
        ] {
            try binary.write(text.replacingOccurrences(of: old, with: new), to: "bad.xml")
            let (status, _) = try await Shell.run(
                "xmllint --noout --schema '\(Self.schema)' bad.xml", in: binary.folder)
            #expect(status != 0, "\(old)")
        }
    }

    @Test("TAP has a plan and a line for each case")
    func tap() async throws {
        let (_, result) = try await Self.run(["--tap", "-"])
        #expect(result.status == 1)
        #expect(result.lines.prefix(3) == ["TAP version 14", "1..3", "ok 1 - greet: 1 "])
        #expect(result.lines.filter { $0.hasPrefix("not ok ") }.count == 2)
        #expect(result.errors.contains("✓ greet: 1"), "people are told on stderr")
    }

    @Test("JSON, on stdout or into a file, is the same report")
    func json() async throws {
        let (binary, result) = try await Self.run(["--json", "r.json"])
        #expect(result.output.contains("✓ greet: 1"))
        let filed = try JSONParser.parse(binary.read("r.json"))
        let (_, printed) = try await Self.run(["--format", "json"])
        let report = try JSONParser.parse(printed.output)
        for report in [filed, report] {
            #expect(report["ok"]?.boolValue == false)
            #expect(report["summary"]?["passed"]?.intValue == 1 && report["summary"]?["failed"]?.intValue == 2)
            #expect(report["jobs"]?[0]?["cases"]?[2]?["troubles"]?[0]?["errorClass"]?.stringValue == "function")
        }
    }

    @Test("On GitHub Actions failures are annotations, and the step has a summary")
    func gitHub() async throws {
        let folder = try TemporaryFolder()
        let summary = folder.url.appendingPathComponent("summary.md")
        try "before\n".write(to: summary, atomically: true, encoding: .utf8)
        let (_, result) = try await Self.run(
            ["--quiet"],
            environment: ["GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": summary.path])
        let lines = result.output.split(separator: "\n").filter { $0.hasPrefix("::error ") }
        #expect(lines.count == 4, "\(result.output)")
        #expect(lines.allSatisfy { $0.hasPrefix("::error file=job.yaml,line=1") && !$0.contains("\u{1B}") })
        #expect(lines.contains { $0.contains("title=greet%3A 2 ") && $0.contains("%25: ,") }, "\(result.output)")
        let page = try String(contentsOf: summary, encoding: .utf8)
        #expect(page.hasPrefix("before\n### fnrun smoke: failed\n"), "\(page)")
        #expect(page.contains("| ❌ | greet: 3 "), "\(page)")
        let (_, report) = try await Self.run(["--format", "json"], environment: ["GITHUB_ACTIONS": "true"])
        #expect(throws: Never.self) { try JSONParser.parse(report.output) }
        #expect(report.errors.contains("\n::error "), "\(report.errors)")
        let (_, elsewhere) = try await Self.run([])
        #expect(!(elsewhere.errors + elsewhere.output).contains("::error"))
    }

    @Test("Nothing is sent if a report cannot be written; exit code 7", arguments: ["--junit", "--tap", "--json"])
    func unwritable(option: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.write(JobFileText(sandbox.url, "expect: [{ status: 200 }]").text, to: "job.yaml")
        let result = try await binary.run(["smoke", "job.yaml", option, "/dev/null/r"])
        #expect(result.status == 7, "\(result.errors)")
        #expect(try sandbox.statistics().invocations.received == 0)
        let full = try await binary.run(["smoke", "job.yaml", option, "/dev/full"])
        #expect(full.status == 7, "\(full.errors)")
        #expect(full.output.contains("1 passed"))
    }

    @Test(
        "Two things cannot have one place",
        arguments: [
            ["--junit", "-", "--tap", "-"], ["--format", "json", "--output", "-"], ["--json", "-", "--output", "-"],
            ["--junit", "r", "--tap", "./r"],
        ])
    func conflicts(options: [String]) async throws {
        let (_, result) = try await Self.run(options)
        #expect(result.status == 64, "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test("Secrets that a function echoes are in no report, and reports are for their owner alone")
    func secrets() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary(
            environment: [
                "LP_CLIENT_SECRET": JobFileText.secret, "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "summary.md",
            ])
        var job = JobFileText(
            sandbox.url, job: "echo",
            """
            input: { items: [{ s: "${LP_CLIENT_SECRET}" }], key: "k-{{ row.s }}" }
            expect:
              - { path: response, equals: "x${LP_CLIENT_SECRET}" }
              - { path: response.s, exists: false }
              - { path: response.s, contains: "{{ row.s }}-" }
            """)
        job.clientSecret = "${LP_CLIENT_SECRET}"
        try binary.write(job.text, to: "job.yaml")
        let result = try await binary.run(
            ["smoke", "job.yaml", "--junit", "r.xml", "--tap", "r.tap", "--json", "r.json", "--log-level", "trace"])
        #expect(result.status == 1, "\(result.errors)")
        let names = ["r.xml", "r.tap", "r.json", "summary.md"]
        for text in try [result.output, result.errors] + names.map({ try binary.read($0) }) {
            #expect(!text.contains(JobFileText.secret), "\(text)")
            #expect(!text.contains("eyJ"), "a token is in \(text)")
        }
        #expect(result.output.contains("***"))
        let records = try await Shell.run("cat results/*.jsonl", in: binary.folder).output
        #expect(records.contains(#""response":{"s":"***"}"#), "\(records)")
        let modes = try await Shell.run("stat -c %a r.xml r.tap r.json", in: binary.folder).output
        #expect(modes == "600\n600\n600\n")
    }

    @Test("SIGINT: what was run is reported; exit code 130")
    func interrupted() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 50ms }")
        let binary = try BuiltBinary()
        let items = (0..<500).map { "{ n: \($0) }" }.joined(separator: ", ")
        let job = JobFileText(sandbox.url, "input: { items: [\(items)] }\nexpect: [{ status: 200 }]\nconcurrency: 1")
        try binary.write(job.text, to: "job.yaml")
        let process = try binary.start(["smoke", "job.yaml", "--json", "r.json"])
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received > 1 }
        process.signal(SIGINT)
        let result = await process.result()
        #expect(result.status == 130, "\(result.errors)")
        let report = try JSONParser.parse(binary.read("r.json"))
        #expect(report["summary"]?["passed"]?.intValue ?? 0 > 0)
        #expect(report["jobs"]?[0]?["problem"]?.stringValue != nil)
    }
}
