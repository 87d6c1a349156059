import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Resuming")
struct ResumeTests {
    /// Ten rows of which the fourth fails and the sixth ends `unknown`, and the arguments that resume them at a
    /// sandbox where all goes well.
    private struct Failed {
        let binary: BuiltBinary
        let healthy: SandboxProcess

        static func run(_ settings: String = "", rows: Int = 10) async throws -> Failed {
            let failing = try await SandboxProcess.start(
                script: """
                    default:
                      match:
                        - { when: { payload.n: 3 }, then: 901 }
                        - { when: { payload.n: 5 }, then: reset }
                    """)
            let failed = Failed(binary: try BuiltBinary(), healthy: try await SandboxProcess.start())
            try failed.binary.writeRows(rows)
            let ran = try await failed.binary.run(Self.job(failing, settings))
            #expect(ran.status == 1, "\(ran.result.errors)")
            #expect(ran.records.outcomeCounts == ["succeeded": rows - 2, "failed": 1, "unknown": 1])
            try failed.binary.write(Self.job(failed.healthy, settings).text, to: "job.yaml")
            return failed
        }

        private static func job(_ sandbox: SandboxProcess, _ settings: String) -> JobFileText {
            let input = settings.contains("input:") ? "" : "input: { file: rows.jsonl }\n"
            return JobFileText(sandbox.url, input + settings)
        }

        func rewriteJob(_ settings: String) throws {
            try binary.write(Self.job(healthy, settings).text, to: "job.yaml")
        }

        func resume(_ further: [String] = []) async throws -> JobRun {
            let result = try await binary.run(["run", "job.yaml", "--resume", "out.jsonl"] + further)
            return JobRun(result: result, records: try binary.records())
        }

        /// How many invocations the resumed run has sent.
        func sent() throws -> Int { try healthy.statistics().invocations.received }
    }

    @Test("Sends failed rows again, and neither those that succeeded nor those that may have run")
    func sendsWhatIsNotDone() async throws {
        let failed = try await Failed.run()
        let resumed = try await failed.resume()
        #expect(resumed.status == 1, "an unknown row is left: \(resumed.result.errors)")
        #expect(try failed.sent() == 1)
        #expect(resumed.records.runs.count == 2)
        #expect(
            resumed.records.runs.map { $0["nominalTime"] }.allSatisfy { $0 == resumed.records.runs[0]["nominalTime"] })
        #expect(resumed.records.outcomeCounts == ["succeeded": 9, "failed": 1, "unknown": 1])
        #expect(resumed.records.summary("rows") == 10 && resumed.records.summary("succeeded") == 9)
        #expect(resumed.records.summary("unknown") == 1 && resumed.records.summary("failed") == 0)
        #expect(resumed.records.isComplete == true)
    }

    @Test("Sends rows that may have run if told to", arguments: [["--retry-unknown"], []])
    func sendsUnknownRows(flags: [String]) async throws {
        // Idempotence is no part of what makes a row, so it may be declared afterwards.
        let failed = try await Failed.run()
        if flags.isEmpty { try failed.rewriteJob("idempotent: true") }
        let resumed = try await failed.resume(flags)
        #expect(resumed.status == 0, "\(resumed.result.errors)")
        #expect(try failed.sent() == 2)
        #expect(resumed.records.summary("rows") == 10 && resumed.records.summary("succeeded") == 10)
    }

    @Test("A finished file is complete: nothing is sent, and that is a success")
    func finished() async throws {
        let failed = try await Failed.run()
        _ = try await failed.resume(["--retry-unknown"])
        let again = try await failed.resume()
        #expect(again.status == 0, "\(again.result.errors)")
        #expect(try failed.sent() == 2)
        #expect(again.records.runs.count == 3)
        #expect(again.records.summary("succeeded") == 10 && again.records.isComplete == true)
        let attempts = again.records.invocations.compactMap { $0["attempts"]?.intValue }.reduce(0, +)
        #expect(again.records.summary("attempts") == attempts)
        #expect(again.records.summaries.last?["latencyMs"]?["max"] != nil)
    }

    @Test("Settings that do not change what a row means may change")
    func otherSettings() async throws {
        let failed = try await Failed.run()
        try failed.rewriteJob(
            "concurrency: 2\nrate: 100/s\ntimeout: 5s\ntolerate: 3\nretry: { maxAttempts: 1 }\nrecord: { response: false }"
        )
        #expect(try await failed.resume().status == 0)
    }

    @Test(
        "A job that means something else is refused with 6",
        arguments: ["payload: { m: \"{{ row.n }}\" }", "headers: { X-A: b }", "userId: me", "lambda: \(UUID())"])
    func changedJob(settings: String) async throws {
        let failed = try await Failed.run()
        let before = try failed.binary.read("out.jsonl")
        try failed.rewriteJob(settings)
        let refused = try await failed.resume()
        #expect(refused.status == 6, "\(refused.result.errors)")
        #expect(refused.result.errors.contains("job") && refused.result.errors.contains("--accept-changes"))
        #expect(try failed.sent() == 0)
        #expect(try failed.binary.read("out.jsonl") == before)
    }

    @Test(
        "An input that has changed is refused with 6",
        arguments: ["{\"n\":9}\n", "", "{\"n\":0} \n", "{\"n\":0}\n{\"n\":1}\n"])
    func changedInput(beginning: String) async throws {
        let failed = try await Failed.run()
        let rest = beginning.hasSuffix("1}\n") ? "" : (1..<10).map { "{\"n\":\($0)}\n" }.joined()
        try failed.binary.write(beginning + rest, to: "rows.jsonl")
        let refused = try await failed.resume()
        #expect(refused.status == 6, "\(refused.result.errors)")
        #expect(refused.result.errors.contains("input") && refused.result.errors.contains("--accept-changes"))
        #expect(try failed.sent() == 0)
    }

    @Test("An input that only grew is accepted")
    func grownInput() async throws {
        let failed = try await Failed.run()
        try failed.binary.writeRows(15)
        let resumed = try await failed.resume(["--retry-unknown"])
        #expect(resumed.status == 0, "\(resumed.result.errors)")
        #expect(try failed.sent() == 7)
        #expect(resumed.records.summary("rows") == 15)
    }

    @Test("A last row without a line end that has grown is another row")
    func grownLastRow() async throws {
        let failing = try await SandboxProcess.start(script: "default: { then: 901 }")
        let binary = try BuiltBinary()
        try binary.write("1\n2", to: "rows.jsonl")
        let job = JobFileText(failing.url, "input: { file: rows.jsonl }")
        #expect(try await binary.run(job).status == 1)
        try binary.write("1\n23\n", to: "rows.jsonl")
        #expect(try await binary.run(["run", "job.yaml", "--resume", "out.jsonl"]).status == 6)
        try binary.write("1\n2\n3\n", to: "rows.jsonl")
        #expect(try await binary.run(["run", "job.yaml", "--resume", "out.jsonl"]).status == 1)
        #expect(try binary.records().summary("rows") == 3)
    }

    @Test("The result file of another job is refused with 6")
    func otherJob() async throws {
        let failed = try await Failed.run()
        var job = JobFileText(failed.healthy.url, job: "other", "input: { file: rows.jsonl }")
        job.jobs.append(("third", ""))
        try failed.binary.write(job.text, to: "job.yaml")
        let refused = try await failed.resume(["--job", "other"])
        #expect(refused.status == 6, "\(refused.result.errors)")
        #expect(refused.result.errors.contains("work"))
    }

    @Test(
        "A file without one whole record is begun anew", arguments: [nil, "", "{\"type\":\"run\",\"runId\":\"x"])
    func begunAnew(content: String?) async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.writeRows(3)
        try binary.write(JobFileText(sandbox.url, "input: { file: rows.jsonl }").text, to: "job.yaml")
        if let content { try binary.write(content, to: "out.jsonl") }
        let result = try await binary.run(["run", "job.yaml", "--resume", "out.jsonl"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("out.jsonl") && result.errors.contains("begins anew"))
        let records = try binary.records()
        #expect(records.reconciles && records.summary("rows") == 3 && records.runs.count == 1)
    }

    @Test(
        "What is no result file is refused with 7 and left alone",
        arguments: ["id,name\n1,Ada\n", "{\"n\":1}\n{\"n\":2}\n", "{}\n"])
    func foreign(content: String) async throws {
        let binary = try BuiltBinary()
        try binary.write(JobFileText("http://127.0.0.1:1").text, to: "job.yaml")
        try binary.write(content, to: "out.jsonl")
        for options in [["--resume", "out.jsonl"], ["--output", "out.jsonl", "--append"]] {
            let result = try await binary.run(["run", "job.yaml"] + options)
            #expect(result.status == 7, "\(result.errors)")
            #expect(try binary.read("out.jsonl") == content)
        }
    }

    @Test("A pipe, a device or the run's own input cannot be resumed", arguments: ["pipe", "/dev/null", "rows.jsonl"])
    func unusable(path: String) async throws {
        let binary = try BuiltBinary()
        try binary.writeRows(3)
        _ = try await Shell.run("mkfifo pipe", in: binary.folder)
        try binary.write(JobFileText("http://127.0.0.1:1", "input: { file: rows.jsonl }").text, to: "job.yaml")
        let result = try await binary.run(["run", "job.yaml", "--resume", path])
        #expect(result.status == 7 && result.errors.contains(path), "\(result.errors)")
    }

    // MARK: - Rows in doubt

    /// The file as a crash after the last window would have left it: without the records of some rows, or the summary.
    private func crash(_ binary: BuiltBinary, losing rows: Set<Int>) throws {
        let lines = try binary.read("out.jsonl").split(separator: "\n").filter { line in
            let record = try JSONParser.parse(Array(line.utf8))
            if record["type"]?.stringValue == "summary" { return false }
            return !(record["index"]?.intValue.map(rows.contains) ?? false)
        }
        try binary.write(lines.map { $0 + "\n" }.joined(), to: "out.jsonl")
    }

    @Test("An announced row without a record may have run: it is recorded as unknown, not sent")
    func rowsInDoubt() async throws {
        let failed = try await Failed.run()
        try crash(failed.binary, losing: [0, 9])
        let resumed = try await failed.resume()
        #expect(resumed.status == 1)
        #expect(try failed.sent() == 1, "row 3, which failed")
        let last = resumed.records.invocations.reduce(into: [Int: String]()) {
            $0[$1["index"]?.intValue ?? -1] = $1["outcome"]?.stringValue
        }
        #expect(last[0] == "unknown" && last[9] == "unknown" && last[3] == "succeeded" && last.count == 10)
        #expect(resumed.records.summary("unknown") == 3 && resumed.records.summary("rows") == 10)
        #expect(resumed.result.errors.contains("2 may have run and left no record: recorded as unknown"))
        #expect(resumed.result.errors.contains("--retry-unknown"))
        let again = try await failed.resume()
        #expect(again.records.invocations.count == resumed.records.invocations.count, "known to be unknown")
    }

    @Test("A failed row that was sent again and left no record may have run")
    func failedRowsSentAgain() async throws {
        let failed = try await Failed.run()
        // A second run has announced every row, and died before it recorded one.
        let text = try failed.binary.read("out.jsonl")
        let lines = text.split(separator: "\n").map(String.init)
        let identity = try #require(try failed.binary.records().runs[0]["runId"]?.stringValue)
        let copies = lines.filter { $0.contains("\"type\":\"run\"") || $0.contains("\"type\":\"window\"") }
            .map { $0.replacingOccurrences(of: identity, with: "0190b6f8-0000-7000-8000-000000000001") + "\n" }
        try failed.binary.write(text + copies.joined(), to: "out.jsonl")
        let resumed = try await failed.resume()
        #expect(resumed.status == 1)
        #expect(try failed.sent() == 0, "row 3 may have run meanwhile")
        #expect(resumed.records.summary("unknown") == 2 && resumed.records.summary("failed") == 0)
    }

    // MARK: - Other runs

    @Test("An input that is read in another format is another input")
    func otherFormat() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.write("id\n1\n2\n", to: "rows.txt")
        try binary.write(JobFileText(sandbox.url).text, to: "job.yaml")
        let replay = ["replay", "job.yaml", "--from", "rows.txt", "--input-format"]
        #expect(try await binary.run(replay + ["csv", "--output", "out.jsonl"]).status == 0)
        for format in ["tsv", "jsonl"] {
            let refused = try await binary.run(replay + [format, "--resume", "out.jsonl"])
            #expect(refused.status == 6 && refused.errors.contains("csv"), "\(refused.errors)")
        }
        #expect(try await binary.run(replay + ["csv", "--resume", "out.jsonl"]).status == 0)
        #expect(try sandbox.statistics().invocations.received == 2)
    }

    @Test("A run that was appended is resumed by itself, whatever stands before it")
    func appendedRun() async throws {
        let failed = try await Failed.run()
        try failed.binary.write((20..<26).map { "{\"n\":\($0)}\n" }.joined(), to: "rows.jsonl")
        let append = ["run", "job.yaml", "--output", "out.jsonl", "--append", "--limit", "2"]
        #expect(try await failed.binary.run(append).status == 0)
        #expect(try failed.sent() == 2)
        let resumed = try await failed.resume()
        #expect(resumed.status == 0, "\(resumed.result.errors)")
        #expect(try failed.sent() == 6)
        #expect(resumed.records.summary("rows") == 6)
        let report = try await failed.binary.run(["report", "out.jsonl", "--format", "json"])
        #expect(try JSONParser.parse(Array(report.output.utf8))["total"]?["rows"]?.intValue == 16, "\(report.output)")
    }

    @Test("A file whose beginning is lost is refused, not begun anew")
    func lostHead() async throws {
        let failed = try await Failed.run()
        let text = try failed.binary.read("out.jsonl").split(separator: "\n").dropFirst()
        try failed.binary.write(text.map { $0 + "\n" }.joined(), to: "out.jsonl")
        #expect(try await failed.resume().status == 6)
        #expect(try failed.sent() == 0)
    }

    // MARK: - Usage

    @Test(
        "Options that make no sense together are wrong usage",
        arguments: [
            ["--resume", "out.jsonl", "--output", "x.jsonl"], ["--resume", "out.jsonl", "--append"], ["--resume", "-"],
            ["--resume", ""],
            ["--retry-unknown"], ["--accept-changes"],
        ])
    func usage(options: [String]) async throws {
        let binary = try BuiltBinary()
        try binary.write(JobFileText("http://127.0.0.1:1").text, to: "job.yaml")
        let result = try await binary.run(["run", "job.yaml"] + options)
        #expect(result.status == 64, "\(result.errors)")
    }

    @Test("A dry run shows what a resumed run would send, and leaves the file alone")
    func dryRun() async throws {
        let failed = try await Failed.run()
        let before = try failed.binary.read("out.jsonl")
        let result = try await failed.binary.run(
            ["run", "job.yaml", "--resume", "out.jsonl", "--dry-run", "--format", "json"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try result.lines.map { try JSONParser.parse(Array($0.utf8))["index"]?.intValue } == [3])
        #expect(try failed.binary.read("out.jsonl") == before)
    }
}
