import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Outputs that cannot be written", .serialized)
struct OutputTests {
    @Test(
        "Refused with 7 before anything is sent",
        arguments: ["old.jsonl", "old.jsonl/below", "folder", "/proc/nowhere/out.jsonl"])
    func refused(output: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.write("{\"type\":\"run\"}\n", to: "old.jsonl")
        try binary.write("", to: "folder/x")
        try binary.write(JobFileText(sandbox.url).text, to: "job.yaml")
        let result = try await binary.run(["run", "job.yaml", "--output", output])
        #expect(result.status == 7, "\(result.errors)")
        #expect(result.errors.contains(output), "\(result.errors)")
        #expect(try binary.read("old.jsonl") == "{\"type\":\"run\"}\n", "an older result was changed")
        let seen = try sandbox.statistics()
        #expect(seen.invocations.received == 0 && seen.tokens.requested == 0)
    }

    @Test("The file of a run in progress is refused to a second writer, --append or not")
    func locked() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 20s }")
        let binary = try BuiltBinary()
        let job = JobFileText(sandbox.url)
        let first = try binary.start(binary.arguments(for: job))
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received == 1 }
        let second = try await binary.run(binary.arguments(for: job, ["--append"]))
        #expect(second.status == 7, "\(second.errors)")
        #expect(second.errors.contains(BuiltBinary.resultName))
        #expect(try sandbox.statistics().invocations.received == 1)
        first.signal(SIGKILL)
        _ = await first.result()
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("A full disk stops the run with 7")
    func fullDisk() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.writeRows(5000)
        try binary.write(JobFileText(sandbox.url, "input: { file: rows.jsonl }").text, to: "job.yaml")
        let result = try await binary.run(["run", "job.yaml", "--output", "/dev/full"])
        #expect(result.status == 7, "\(result.errors)")
        #expect(result.errors.contains("/dev/full"))
        #expect(try sandbox.statistics().invocations.received < 5000)
    }

    @Test("With stdin, stdout and stderr closed, what is said does not end up among the records")
    func closedDescriptors() async throws {
        let binary = try BuiltBinary()
        try binary.writeRows(5)
        try binary.write(JobFileText("http://127.0.0.1:1", "input: { file: rows.jsonl }").text, to: "job.yaml")
        let program = try BuiltBinary.url.path
        let ran = try await Shell.run(
            "'\(program)' run job.yaml --sandbox --output out.jsonl --log-level trace <&- >&- 2>&-",
            in: binary.folder)
        #expect(ran.status == 0)
        let records = try binary.records()
        #expect(records.types.first == "run" && records.types.last == "summary" && records.reconciles)
    }

    @Test("A reader of --output - that goes away stops the run with 7")
    func closedPipe() async throws {
        let binary = try BuiltBinary()
        try binary.writeRows(20_000)
        try binary.write(JobFileText("http://127.0.0.1:1", "input: { file: rows.jsonl }").text, to: "job.yaml")
        let program = try BuiltBinary.url.path
        let ran = try await Shell.run(
            "'\(program)' run job.yaml --sandbox --output - | head -n 1 >/dev/null; echo \"status ${PIPESTATUS[0]}\"",
            in: binary.folder)
        #expect(ran.output.contains("status 7"), "\(ran.output)")
    }
}
