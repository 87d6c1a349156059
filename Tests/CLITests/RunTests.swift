import BinarySupport
import JSONText
import Testing

@Suite("Bulk runs", .serialized)
struct RunTests {
    @Test("Ten thousand rows end in ten thousand records, announced beforehand, under one token")
    func bulk() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.writeRows(10_000)
        let run = try await binary.run(
            JobFileText(sandbox.url, "input: { file: rows.jsonl }\nconcurrency: 64\nrecord: { response: false }"))
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(run.records.reconciles)
        #expect(run.records.summary("succeeded") == 10_000)
        #expect(run.records.isComplete == true)
        #expect(Set(run.records.invocations.compactMap { $0["index"]?.intValue }) == Set(0..<10_000))
        #expect(Set(run.records.invocations.compactMap { $0["requestId"]?.stringValue }).count == 10_000)
        #expect(try Self.areAnnounced(binary.read(BuiltBinary.resultName)))
        let seen = try sandbox.statistics()
        #expect(seen.tokens.requested == 1)
        #expect(seen.invocations.executed == 10_000)
        #expect(seen.invocations.duplicateRequestIds == 0)
        #expect(seen.invocations.maxInFlight <= 64)
        #expect(seen.deviationCount == 0, "\(seen.deviations.prefix(3))")
    }

    @Test("The check of announcements finds a row that no window announced")
    func announcementCheckCanFail() throws {
        let window = #"{"type":"window","upTo":1}"#
        let rows = (0...1).map { #"{"type":"invocation","index":\#($0)}"# }
        #expect(try Self.areAnnounced([window, rows[0]].joined(separator: "\n")))
        #expect(try !Self.areAnnounced([window, rows[1]].joined(separator: "\n")))
        #expect(try !Self.areAnnounced([rows[0], window].joined(separator: "\n")))
    }

    /// Whether above every invocation there is a window that reaches beyond its row.
    private static func areAnnounced(_ text: String) throws -> Bool {
        var announced = 0
        for line in text.split(separator: "\n") {
            let record = try JSONParser.parse(String(line))
            switch record["type"]?.stringValue {
            case "window": announced = max(announced, record["upTo"]?.intValue ?? 0)
            case "invocation" where (record["index"]?.intValue ?? .max) >= announced: return false
            default: break
            }
        }
        return true
    }

    @Test("A result file begins with its run, ends with its summary, and tells what ran")
    func frame() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.writeRows(3)
        let run = try await binary.run(
            JobFileText(sandbox.url, "input: { file: rows.jsonl, key: \"k{{ row.n }}\" }"),
            ["--nominal-time", "2026-03-04T05:06:07Z"])
        #expect(run.status == 0)
        #expect(run.records.types.first == "run" && run.records.types.last == "summary")
        let head = try #require(run.records.runs.first)
        #expect(head["job"]?.stringValue == "work" && head["trigger"]?.stringValue == "manual")
        #expect(head["nominalTime"]?.stringValue?.hasPrefix("2026-03-04T05:06:07") == true)
        #expect(head["input"]?["file"]?.stringValue == "rows.jsonl")
        #expect(run.records.byIndex.map { $0["key"]?.stringValue } == ["k0", "k1", "k2"])
        #expect(run.records.byIndex.map { $0["response"]?["n"]?.intValue } == [0, 1, 2])
        let runID = head["runId"]?.stringValue
        #expect(runID != nil)
        #expect(run.records.invocations.allSatisfy { $0["runId"]?.stringValue == runID })
        #expect(run.result.output.isEmpty, "records went to the file; stdout is for what was asked for")
        #expect(run.result.errors.contains("3 succeeded"))
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("Paths of a job file are relative to it: the input, and results/ without --output; flags to the folder")
    func paths() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.write(JobFileText(sandbox.url, "input: { file: rows.jsonl }").text, to: "deep/job.yaml")
        try binary.writeRows(2, to: "deep/rows.jsonl")
        let flagged = try await binary.run(["run", "deep/job.yaml", "--output", "flagged.jsonl"])
        #expect(flagged.status == 0, "\(flagged.errors)")
        #expect(try binary.records("flagged.jsonl").summary("succeeded") == 2)
        let result = try await binary.run(["run", "deep/job.yaml"])
        #expect(result.status == 0, "\(result.errors)")
        let names = try await Shell.run("ls deep/results", in: binary.folder).output.split(separator: "\n")
        let name = try #require(names.first.map(String.init))
        #expect(names.count == 1 && name.hasPrefix("work-") && name.hasSuffix(".jsonl"))
        #expect(try binary.records("deep/results/\(name)").reconciles)
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("Proxies of the environment are not asked for what is on this machine")
    func proxies() async throws {
        let closed = "http://127.0.0.1:\(try LoopbackHTTP.closedPort())"
        let names = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
        let binary = try BuiltBinary(environment: Dictionary(uniqueKeysWithValues: names.map { ($0, closed) }))
        let run = try await binary.run(JobFileText("http://127.0.0.1:1"), ["--sandbox", "--auth-timeout", "2s"])
        #expect(run.status == 0, "\(run.result.errors)")
    }
}
