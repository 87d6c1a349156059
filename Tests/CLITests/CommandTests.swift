import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("init, report and sandbox", .serialized)
struct CommandTests {
    @Test("init writes a job file that validates and runs, and never overwrites one")
    func initialise() async throws {
        let binary = try BuiltBinary()
        let made = try await binary.run(["init", "demo"])
        #expect(made.status == 0, "\(made.errors)")
        let validated = try await binary.run(["validate", "demo"])
        #expect(validated.status == 0, "\(validated.errors)")
        let ran = try await binary.run(["run", "demo/job.yaml", "--sandbox", "--output", "-"])
        #expect(ran.status == 0, "\(ran.errors)")
        #expect(try ResultLines(ran.output).outcomes == ["succeeded", "succeeded", "succeeded"])
        try binary.write("mine", to: "demo/job.yaml")
        let again = try await binary.run(["init", "demo"])
        #expect(again.status == 7 && again.errors.contains("demo/job.yaml"))
        #expect(try binary.read("demo/job.yaml") == "mine")
    }

    @Test("report adds up files; in JSON too")
    func report() async throws {
        let binary = try BuiltBinary()
        try binary.write(
            "version: 1\ndefault: { match: [{ when: { payload.n: 1 }, then: 901 }] }\n", to: "sandbox.yaml")
        try binary.writeRows(3)
        let job = JobFileText("http://127.0.0.1:1", "input: { file: rows.jsonl }")
        try binary.write(job.text, to: "job.yaml")
        for name in ["a.jsonl", "b.jsonl"] {
            let run = try await binary.run(
                ["run", "job.yaml", "--sandbox-script", "sandbox.yaml", "--output", name])
            #expect(run.status == 1, "\(run.errors)")
        }
        let text = try await binary.run(["report", "a.jsonl", "b.jsonl"])
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.output.contains("function"))
        let one = try await binary.run(["report", "a.jsonl", "--format", "json"])
        let report = try JSONParser.parse(one.output)
        #expect(JSONWriter.text(of: report).contains("\"succeeded\":2"), "\(one.output)")
        let both = try await binary.run(["report", "a.jsonl", "b.jsonl", "--format", "json"])
        #expect(both.output.contains("\"succeeded\":4"), "\(both.output)")
    }

    @Test("report of a file that is missing, or holds no records: 2", arguments: ["missing.jsonl", "notes.txt"])
    func badReport(name: String) async throws {
        let binary = try BuiltBinary()
        try binary.write("nothing of that kind\n", to: "notes.txt")
        let result = try await binary.run(["report", name])
        #expect(result.status == 2)
        #expect(result.errors.contains(name))
        #expect(result.output.isEmpty)
    }

    @Test("sandbox serves until it is told to stop", arguments: [(SIGTERM, Int32(143)), (SIGINT, Int32(130))])
    func sandbox(signal: Int32, status: Int32) async throws {
        let sandbox = try await SandboxProcess.start()
        #expect(try sandbox.statistics().deviationCount == 0)
        sandbox.signal(signal)
        #expect(await sandbox.result().status == status)
    }

    @Test("sandbox refuses a port that is taken, and says so")
    func takenPort() async throws {
        let sandbox = try await SandboxProcess.start()
        let port = try #require(sandbox.url.split(separator: ":").last.map(String.init))
        let second = try await BuiltBinary().run(["sandbox", "--port", port])
        #expect(second.status == 3)
        #expect(second.errors.contains(port), "\(second.errors)")
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("--version and --help go to stdout", arguments: ["--version", "--help"])
    func help(flag: String) async throws {
        let result = try await BuiltBinary().run([flag])
        #expect(result.status == 0 && !result.output.isEmpty && result.errors.isEmpty)
    }
}
