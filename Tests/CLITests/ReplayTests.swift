import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Replay")
struct ReplayTests {
    private static let job = "concurrency: 4\nrecord: { request: true }"

    @Test(
        "Takes its rows from --from, by name or as --input-format says",
        arguments: [
            ("rows.jsonl", "{\"n\":1}\n{\"n\":2}\n", [String]()), ("rows.csv", "n\n1\n2\n", []),
            ("rows.json", "[{\"n\":1},{\"n\":2}]", []), ("-", "{\"n\":1}\n{\"n\":2}\n", []),
            ("-", "n\n1\n2\n", ["--input-format", "csv"]), ("rows", "n\t1\n1\t1\n2\t2\n", ["--input-format", "tsv"]),
        ])
    func inputs(path: String, text: String, flags: [String]) async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        // The job's own input is not looked at.
        try binary.write(JobFileText(sandbox.url, "input: { file: missing.csv }\n" + Self.job).text, to: "job.yaml")
        if path != "-" { try binary.write(text, to: path) }
        let result = try await binary.run(
            ["replay", "job.yaml", "--job", "work", "--from", path, "--output", "out.jsonl"] + flags, input: text)
        #expect(result.status == 0, "\(result.errors)")
        let records = try binary.records()
        #expect(records.reconciles && records.summary("rows") == 2)
        #expect(records.runs[0]["trigger"]?.stringValue == "replay")
        #expect(records.runs[0]["input"]?["file"]?.stringValue == path)
        let values = records.byIndex.compactMap { $0["request"]?["n"] }.map { JSONWriter.text(of: $0) }
        #expect(values.map { $0.filter(\.isNumber) } == ["1", "2"])
    }

    @Test("Gzip streams, and resumes")
    func gzip() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.writeRows(3000)
        _ = try await Shell.run("gzip -k rows.jsonl", in: binary.folder)
        try binary.write(JobFileText(sandbox.url, Self.job).text, to: "job.yaml")
        let arguments = ["replay", "job.yaml", "--from", "rows.jsonl.gz"]
        #expect(try await binary.run(arguments + ["--output", "out.jsonl", "--limit", "100"]).status == 0)
        #expect(try await binary.run(arguments + ["--resume", "out.jsonl"]).status == 0)
        #expect(try binary.records().summary("rows") == 3000)
        #expect(try sandbox.statistics().invocations.received == 3000)
        // The same rows unpacked are the same input.
        #expect(
            try await binary.run(["replay", "job.yaml", "--from", "rows.jsonl", "--resume", "out.jsonl"]).status == 0)
        #expect(try sandbox.statistics().invocations.received == 3000)
    }

    @Test("Standard input is resumed although it cannot be read twice")
    func resumedStdin() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.writeRows(5000)
        try binary.write(JobFileText(sandbox.url, Self.job).text, to: "job.yaml")
        let program = "'\(try BuiltBinary.url.path)' replay job.yaml --from -"
        let first = try await Shell.run(
            "cat rows.jsonl | \(program) --output out.jsonl --limit 1500", in: binary.folder)
        #expect(first.status == 0, "\(first.output)")
        let second = try await Shell.run("cat rows.jsonl | \(program) --resume out.jsonl", in: binary.folder)
        #expect(second.status == 0, "\(second.output)")
        #expect(try binary.records().summary("rows") == 5000)
        #expect(try sandbox.statistics().invocations.received == 5000)
        let other = try await Shell.run("sed s/1/2/ rows.jsonl | \(program) --resume out.jsonl", in: binary.folder)
        #expect(other.status == 6, "\(other.output)")
    }

    @Test(
        "Wrong usage",
        arguments: [
            ["--job", "work"], ["--from", ""], ["--from", "rows.jsonl", "--job", "nope"],
            ["--from", "rows.jsonl", "--shard", "0/2"], ["--from", "rows.jsonl", "--shard", "3/2"],
            ["--from", "rows.jsonl", "--shard", "auto"], ["--from", "rows.jsonl", "--input", "rows.jsonl"],
            ["--from", "-", "--only", "failed"], ["--from", "rows.jsonl", "--only", "succeeded"],
            ["--from", "rows.jsonl", "--retry-unknown"],
            ["--from", "rows.jsonl", "--only", "failed", "--accept-changes"],
        ])
    func usage(options: [String]) async throws {
        var binary = try BuiltBinary()
        binary.environment = ["CI_NODE_INDEX": nil, "CI_NODE_TOTAL": nil]
        try binary.write(JobFileText("http://127.0.0.1:1").text, to: "job.yaml")
        try binary.writeRows(1)
        let result = try await binary.run(["replay", "job.yaml"] + options)
        #expect(result.status == 64, "\(result.errors)")
    }

    @Test("An input that is not there is 2, before anything is sent")
    func missingInput() async throws {
        let binary = try BuiltBinary()
        try binary.write(JobFileText("http://127.0.0.1:1").text, to: "job.yaml")
        let result = try await binary.run(["replay", "job.yaml", "--from", "nowhere.jsonl"])
        #expect(result.status == 2 && result.errors.contains("nowhere.jsonl"), "\(result.errors)")
    }

    // MARK: - Shards

    @Test("Shards deal out the rows after --limit, and are told by the output's name")
    func shards() async throws {
        let sandbox = try await SandboxProcess.start(script: "remember: { payloads: 1000 }")
        let binary = try BuiltBinary()
        try binary.writeRows(25)
        try binary.write(JobFileText(sandbox.url, Self.job).text, to: "job.yaml")
        for shard in 1...3 {
            let result = try await binary.run([
                "replay", "job.yaml", "--from", "rows.jsonl", "--output", "out.jsonl", "--limit", "20", "--shard",
                "\(shard)/3",
            ])
            #expect(result.status == 0, "\(result.errors)")
            let records = try binary.records("out-\(shard)-of-3.jsonl")
            #expect(records.byIndex.compactMap { $0["index"]?.intValue } == (0..<20).filter { $0 % 3 == shard - 1 })
            #expect(records.runs[0]["shard"]?.stringValue == "\(shard)/3")
        }
        let seen = try sandbox.statistics()
        #expect(seen.invocations.received == 20 && seen.payloads?.distinct == 20)
        let files = (1...3).map { "out-\($0)-of-3.jsonl" }
        let report = try await binary.run(["report"] + files)
        #expect(report.status == 0 && report.output.contains(" 20 "), "\(report.output)")
        let missing = try await binary.run(["report", "--input", "rows.jsonl"] + files)
        #expect(missing.output.contains("20-24"), "\(missing.output)")
    }

    @Test(
        "A shard is resumed by the command that began it, or by its own file's name",
        arguments: [
            "out.jsonl", "out-2-of-2.jsonl",
        ])
    func resumedShard(name: String) async throws {
        var binary = try BuiltBinary()
        binary.environment = ["JOB_COMPLETION_INDEX": "1", "FNRUN_SHARD_TOTAL": "2"]
        let failing = try await SandboxProcess.start(
            script: "default: { match: [{ when: { payload.n: 3 }, then: 901 }] }")
        let healthy = try await SandboxProcess.start()
        try binary.writeRows(10)
        try binary.write(JobFileText(failing.url, Self.job).text, to: "job.yaml")
        let arguments = ["replay", "job.yaml", "--from", "rows.jsonl", "--shard", "auto"]
        #expect(try await binary.run(arguments + ["--output", "out.jsonl"]).status == 1)
        try binary.write(JobFileText(healthy.url, Self.job).text, to: "job.yaml")
        let resumed = try await binary.run(arguments + ["--resume", name])
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try healthy.statistics().invocations.received == 1)
        #expect(try binary.records("out-2-of-2.jsonl").summary("rows") == 5)
        let other = try await binary.run(
            ["replay", "job.yaml", "--from", "rows.jsonl", "--shard", "1/2", "--resume", "out-2-of-2.jsonl"])
        #expect(other.status == 6 && other.errors.contains("2/2"), "\(other.errors)")
    }

    // MARK: - Redrive

    /// Six rows with random payloads, of which two fail; `healthy` is where they would not.
    private func failedRows(
        record: String = "{ request: true }"
    ) async throws -> (binary: BuiltBinary, healthy: SandboxProcess) {
        let failing = try await SandboxProcess.start(
            script: """
                default:
                  match:
                    - { when: { payload.n: 2 }, then: 901 }
                    - { when: { payload.n: 4 }, then: 400 }
                    - { when: { payload.n: 5 }, then: reset }
                """)
        let healthy = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.writeRows(6)
        let settings = "payload: { n: \"{{ row.n }}\", mark: \"{{ uuid }}\" }\nrecord: \(record)"
        try binary.write(JobFileText(failing.url, settings).text, to: "job.yaml")
        let ran = try await binary.run(["replay", "job.yaml", "--from", "rows.jsonl", "--output", "out.jsonl"])
        #expect(ran.status == 1, "\(ran.errors)")
        try binary.write(JobFileText(healthy.url, settings).text, to: "job.yaml")
        return (binary, healthy)
    }

    @Test("Redrives what failed, exactly as it was sent", arguments: [false, true])
    func verbatim(appends: Bool) async throws {
        let (binary, healthy) = try await failedRows()
        let before = try binary.records()
        let output = appends ? ["--output", "out.jsonl", "--append"] : ["--output", "again.jsonl"]
        let result = try await binary.run(
            ["replay", "job.yaml", "--from", "out.jsonl", "--only", "failed"] + output)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try healthy.statistics().invocations.received == 2)
        let records = try binary.records(appends ? "out.jsonl" : "again.jsonl")
        let redriven = records.invocations.suffix(2).sorted {
            ($0["index"]?.intValue ?? 0) < ($1["index"]?.intValue ?? 0)
        }
        #expect(redriven.compactMap { $0["index"]?.intValue } == [2, 4])
        for record in redriven {
            let original = before.byIndex[record["index"]?.intValue ?? 0]
            #expect(record["request"] == original["request"] && record["key"] == original["key"])
            #expect(record["response"] == original["request"])
        }
        #expect(records.summary("rows") == 2 && records.summary("succeeded") == 2)
        // Nothing is left to redrive.
        if appends {
            let again = try await binary.run(
                ["replay", "job.yaml", "--from", "out.jsonl", "--only", "failed", "--output", "third.jsonl"])
            #expect(again.status == 0, "\(again.errors)")
            #expect(try binary.records("third.jsonl").summary("rows") == 0)
        }
    }

    @Test("A result file is no input: its records are not sent as payloads")
    func resultFileAsInput() async throws {
        let (binary, healthy) = try await failedRows()
        let result = try await binary.run(["replay", "job.yaml", "--from", "out.jsonl", "--output", "x.jsonl"])
        #expect(result.status == 64 && result.errors.contains("--only failed"), "\(result.errors)")
        #expect(try healthy.statistics().invocations.received == 0)
        let surplus = try await binary.run(["report", "out.jsonl", "--input", "short.jsonl"])
        #expect(surplus.status == 2)
        try binary.writeRows(4, to: "short.jsonl")
        #expect(try await binary.run(["report", "out.jsonl", "--input", "short.jsonl"]).status == 1)
    }

    @Test("Redrives what may have run only if told to")
    func unknown() async throws {
        let (binary, healthy) = try await failedRows()
        let without = try await binary.run(
            ["replay", "job.yaml", "--from", "out.jsonl", "--only", "failed", "--dry-run"])
        #expect(without.errors.contains("leaves out 1 unknown"), "\(without.errors)")
        let result = try await binary.run([
            "replay", "job.yaml", "--from", "out.jsonl", "--only", "failed", "--retry-unknown", "--output",
            "again.jsonl",
        ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try healthy.statistics().invocations.received == 3)
    }

    @Test("Redrives rows rendered anew from the original input, which must be it")
    func renderedAnew() async throws {
        let (binary, healthy) = try await failedRows(record: "{ request: false }")
        let arguments = ["replay", "job.yaml", "--from", "out.jsonl", "--only", "failed"]
        let without = try await binary.run(arguments + ["--output", "x.jsonl"])
        #expect(without.status == 2 && without.errors.contains("--input"), "\(without.errors)")
        // The job may be another now: that is what rendering anew is for.
        let fixed = "payload: { n: \"{{ row.n }}\", fixed: true }"
        try binary.write(JobFileText(healthy.url, fixed).text, to: "job.yaml")
        let result = try await binary.run(arguments + ["--input", "rows.jsonl", "--output", "again.jsonl"])
        #expect(result.status == 0, "\(result.errors)")
        let records = try binary.records("again.jsonl")
        #expect(records.byIndex.compactMap { $0["index"]?.intValue } == [2, 4])
        #expect(records.byIndex.allSatisfy { $0["response"]?["fixed"]?.boolValue == true })
        try binary.writeRows(3)
        let changed = try await binary.run(arguments + ["--input", "rows.jsonl", "--output", "y.jsonl"])
        #expect(changed.status == 6 && changed.errors.contains("input"), "\(changed.errors)")
    }

    @Test("What a redrive of records left is redriven from the original input")
    func redriveOfRedrive() async throws {
        let (binary, healthy) = try await failedRows()
        let text = try binary.read("job.yaml")
        try binary.write(text.replacingOccurrences(of: healthy.url, with: "http://127.0.0.1:1"), to: "job.yaml")
        let first = try await binary.run([
            "replay", "job.yaml", "--from", "out.jsonl", "--only", "failed", "--sandbox-script", "failing.yaml",
            "--output",
            "again.jsonl",
        ])
        #expect(first.status == 2, "no such script: \(first.errors)")
        try binary.write("version: 1\ndefault: { then: 901 }\n", to: "failing.yaml")
        let second = try await binary.run([
            "replay", "job.yaml", "--from", "out.jsonl", "--only", "failed", "--sandbox-script", "failing.yaml",
            "--output",
            "again.jsonl",
        ])
        #expect(second.status == 1, "\(second.errors)")
        try binary.write(text, to: "job.yaml")
        let third = try await binary.run([
            "replay", "job.yaml", "--from", "again.jsonl", "--only", "failed", "--input", "rows.jsonl", "--output",
            "third.jsonl",
        ])
        #expect(third.status == 0, "\(third.errors)")
        #expect(try binary.records("third.jsonl").byIndex.compactMap { $0["index"]?.intValue } == [2, 4])
    }

    @Test("A redrive is resumed like any run")
    func resumedRedrive() async throws {
        let (binary, healthy) = try await failedRows()
        let arguments = ["replay", "job.yaml", "--from", "out.jsonl", "--only", "failed"]
        #expect(try await binary.run(arguments + ["--output", "again.jsonl", "--limit", "1"]).status == 0)
        #expect(try healthy.statistics().invocations.received == 1, "the limit is one of redriven rows")
        let resumed = try await binary.run(arguments + ["--resume", "again.jsonl"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(try healthy.statistics().invocations.received == 2)
        #expect(try binary.records("again.jsonl").summary("rows") == 2)
        // As a crash would have left it: row 4 was announced, and may have run.
        let text = try binary.read("again.jsonl").split(separator: "\n").filter { line in
            !line.contains("\"index\":4") && !line.contains("\"summary\"")
        }
        try binary.write(text.map { $0 + "\n" }.joined(), to: "again.jsonl")
        let doubtful = try await binary.run(arguments + ["--resume", "again.jsonl"])
        #expect(doubtful.status == 1, "\(doubtful.errors)")
        #expect(try healthy.statistics().invocations.received == 2, "it may have run: not sent again")
        #expect(try binary.records("again.jsonl").summary("unknown") == 1)
    }
}
