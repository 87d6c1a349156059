import BinarySupport
import JSONText
import Testing

@Suite("Options and settings of a run", .serialized)
struct OptionTests {
    private static let rows = "input: { file: rows.jsonl }"

    @Test("--limit runs the first rows alone", arguments: [(0, 0), (2, 2), (99, 5)])
    func limit(limit: Int, expected: Int) async throws {
        let binary = try BuiltBinary()
        try binary.writeRows(5)
        let run = try await binary.run(
            JobFileText("http://127.0.0.1:1", Self.rows), ["--sandbox", "--limit", "\(limit)"])
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(run.records.byIndex.map { $0["index"]?.intValue } == (0..<expected).map { $0 })
    }

    @Test("--set overrides vars and keeps the file's other vars")
    func set() async throws {
        let binary = try BuiltBinary()
        var job = JobFileText("http://127.0.0.1:1", "payload: [\"{{ vars.a }}\", \"{{ vars.b }}\"]").text
        job += "vars: { a: one, b: two }\n"
        try binary.write(job, to: "job.yaml")
        let result = try await binary.run(
            ["run", "job.yaml", "--sandbox", "--output", "-", "--set", "a=x=y {{ z }}"])
        #expect(result.status == 0, "\(result.errors)")
        let response = try ResultLines(result.output).byIndex.first?["response"]
        #expect(response?[0]?.stringValue == "x=y {{ z }}")
        #expect(response?[1]?.stringValue == "two")
    }

    @Test("--concurrency beats the job file, and holds", arguments: [1, 5])
    func concurrency(limit: Int) async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 20ms }")
        let binary = try BuiltBinary()
        try binary.writeRows(40)
        let run = try await binary.run(
            JobFileText(sandbox.url, "\(Self.rows)\nconcurrency: 40"), ["--concurrency", "\(limit)"])
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(try sandbox.statistics().invocations.maxInFlight == limit)
    }

    @Test("A lambda's own concurrency holds whatever the job says; the environment may give the number")
    func lambdaConcurrency() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 20ms }")
        let binary = try BuiltBinary(environment: ["LANES": "3"])
        try binary.write("LANES=7\n", to: ".env")
        try binary.writeRows(40)
        var job = JobFileText(sandbox.url, "lambda: narrow\n\(Self.rows)\nconcurrency: 40")
        job.lambdas = ["narrow: { uuid: \(JobFileText.function), concurrency: \"${LANES}\" }"]
        let quoted = try await binary.run(job)
        #expect(quoted.status == 2, "what is quoted stays a string")
        job.lambdas = ["narrow:", "  uuid: \(JobFileText.function)", "  concurrency: ${LANES}"]
        let run = try await binary.run(job)
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(try sandbox.statistics().invocations.maxInFlight == 3)
    }

    @Test("--rate spreads what is started: the excess over a second's worth stays within its bounds")
    func rate() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.writeRows(80)
        let run = try await binary.run(
            JobFileText(sandbox.url, "\(Self.rows)\nrate: 1000/s\nconcurrency: 64"), ["--rate", "40/s"])
        #expect(run.status == 0, "\(run.result.errors)")
        let peak = try sandbox.statistics().invocations.peakPerSecond
        // 40 and 1 more; what a busy machine delivers late may meet what comes after it.
        #expect(peak <= 45, "peak \(peak) in a second")
        let milliseconds = run.records.summaries.last?["durationMs"]?.numberValue?.doubleValue ?? 0
        #expect(milliseconds >= 1900, "80 rows at 40/s took \(milliseconds) ms")
    }

    @Test("--output - writes records to stdout and nothing else; talk goes to stderr")
    func standardOutput() async throws {
        let binary = try BuiltBinary()
        try binary.writeRows(5)
        try binary.write(JobFileText("http://127.0.0.1:1", Self.rows).text, to: "job.yaml")
        let result = try await binary.run(["run", "job.yaml", "--sandbox", "--output", "-"])
        #expect(result.status == 0)
        #expect(try ResultLines(result.output).reconciles)
        #expect(result.errors.contains("5 succeeded"))
        let quiet = try await binary.run(["run", "job.yaml", "--sandbox", "--output", "-", "--quiet"])
        #expect(quiet.status == 0 && quiet.errors.isEmpty, "\(quiet.errors)")
        #expect(try ResultLines(quiet.output).reconciles)
    }

    @Test("--format json tells the end of a run as its summary record")
    func summary() async throws {
        let run = try await BuiltBinary().run(
            JobFileText("http://127.0.0.1:1"), ["--sandbox", "--format", "json"])
        #expect(run.status == 0)
        let told = try ResultLines(run.result.errors)
        #expect(told.types == ["summary"] && told.summary("succeeded") == 1, "\(run.result.errors)")
    }

    @Test("--append adds a run to a result file, after cutting a torn last line")
    func append() async throws {
        let binary = try BuiltBinary()
        try binary.writeRows(2)
        let job = JobFileText("http://127.0.0.1:1", Self.rows)
        let first = try await binary.run(job, ["--sandbox"])
        let before = try binary.read(BuiltBinary.resultName)
        try binary.write(before + "{\"type\":\"invo", to: BuiltBinary.resultName)
        let second = try await binary.run(job, ["--sandbox", "--append"])
        #expect(first.status == 0 && second.status == 0, "\(second.result.errors)")
        #expect(try binary.read(BuiltBinary.resultName).hasPrefix(before + "{\"type\":\"run\""))
        #expect(second.records.runs.count == 2 && second.records.invocations.count == 4)
    }

    @Test("record.request adds the payload; maxResponse cuts what is too long and says so")
    func record() async throws {
        let binary = try BuiltBinary()
        let settings = """
            input: { items: [{ t: short }, { t: "\(String(repeating: "é", count: 100))" }] }
            record: { request: true, maxResponse: 64 }
            """
        let run = try await binary.run(JobFileText("http://127.0.0.1:1", settings), ["--sandbox"])
        #expect(run.status == 0, "\(run.result.errors)")
        let rows = run.records.byIndex
        try #require(rows.count == 2)
        #expect(rows[0]["request"]?["t"]?.stringValue == "short")
        #expect(rows[0]["responseTruncated"] == nil && rows[0]["response"]?["t"]?.stringValue == "short")
        #expect(rows[1]["request"]?["t"]?.stringValue?.count == 100)
        #expect(rows[1]["responseTruncated"]?.boolValue == true)
        let cut = try #require(rows[1]["response"]?.stringValue)
        #expect(cut.hasPrefix("{\"t\":\"é") && cut.utf8.count <= 64)
    }

    @Test("record.response: false leaves answers out")
    func noResponse() async throws {
        let run = try await BuiltBinary().run(
            JobFileText("http://127.0.0.1:1", "record: { response: false }"), ["--sandbox"])
        #expect(run.status == 0)
        #expect(run.records.invocations.count == 1 && run.records.invocations[0]["response"] == nil)
    }

    @Test("A file with several jobs wants names or --all, and runs them in file order")
    func severalJobs() async throws {
        let binary = try BuiltBinary()
        var job = JobFileText("http://127.0.0.1:1", job: "zeta")
        job.jobs += [("alpha", ""), ("mid", "")]
        let undecided = try await binary.run(job, ["--sandbox"])
        #expect(undecided.status == 64)
        #expect(undecided.result.errors.contains("--all") && undecided.result.errors.contains("zeta, alpha, mid"))
        let unknown = try await binary.run(job, ["--sandbox", "--job", "nope"])
        #expect(unknown.status == 64 && unknown.result.errors.contains("nope"))
        #expect(unknown.records.types.isEmpty, "nothing may be written before the names are known")
        let some = try await binary.run(job, ["--sandbox", "--job", "mid", "--job", "zeta"])
        #expect(some.status == 0, "\(some.result.errors)")
        #expect(some.records.runs.map { $0["job"]?.stringValue } == ["zeta", "mid"])
        let all = try await binary.run(job, ["--sandbox", "--all", "--append"])
        #expect(all.records.runs.map { $0["job"]?.stringValue } == ["zeta", "mid", "zeta", "alpha", "mid"])
    }

    @Test("Headers, userId and an event's parameters reach the platform as it wants them")
    func addressing() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "default: { reply: { tenant: \"{{ headers.X-Tenant }}\", p: \"{{ payload }}\" } }")
        let binary = try BuiltBinary()
        var job = JobFileText(
            sandbox.url, "lambda: ended\nuserId: \"Zoë & {{ index }}\"\nheaders: { X-Tenant: \"{{ job.name }}\" }")
        job.lambdas = [
            "ended: { event: controllerbot_messaging_conversation_end, skillId: \"41 29\", externalSystem: crm }"
        ]
        let run = try await binary.run(job)
        #expect(run.status == 0, "\(run.result.errors)")
        let seen = try sandbox.statistics()
        #expect(seen.requests["event"] == 1 && seen.deviationCount == 0, "\(seen.deviations)")
        #expect(run.records.byIndex.first?["response"]?[0]?["result"] != nil)
    }
}
