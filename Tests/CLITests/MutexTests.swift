import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Mutexes of runs by hand")
struct MutexTests {
    private static func files(_ url: String) -> JobFileText {
        var file = JobFileText(url)
        file.jobs = [
            ("first", "mutex: database"), ("second", "mutex: [other, database]"), ("apart", "mutex: another"),
        ]
        return file
    }

    /// A run of the job `first` that has the mutex.
    private static func holder(_ binary: BuiltBinary, _ sandbox: SandboxProcess) async throws -> BuiltBinary.Running {
        let running = try binary.start(["run", "job.yaml", "--job", "first", "--output", "first.jsonl"])
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received >= 1 }
        return running
    }

    @Test(
        "A later run waits, says for what, and then runs",
        arguments: [
            ["run", "job.yaml", "--job", "second", "--output", "second.jsonl"],
            ["replay", "job.yaml", "--job", "second", "--from", "rows.jsonl", "--output", "second.jsonl"],
        ])
    func later(arguments: [String]) async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { per: function, sequence: [hang] }")
        let binary = try BuiltBinary()
        try binary.write(Self.files(sandbox.url).text, to: "job.yaml")
        try binary.write("{}\n", to: "rows.jsonl")
        let first = try await Self.holder(binary, sandbox)
        let apart = try await binary.run(["run", "job.yaml", "--job", "apart", "--output", "apart.jsonl"])
        #expect(apart.status == 0 && first.isRunning, "\(apart.errors)")
        let later = try binary.start(arguments)
        try await later.waitFor("second: waits for the mutex 'database', which a run of first has")
        first.signal(SIGTERM)
        try await first.waitFor("SIGTERM")
        #expect(later.isRunning)
        first.signal(SIGTERM)
        let (one, other) = (await first.result(), await later.result())
        #expect(one.status == 143 && other.status == 0, "\(one.errors) \(other.errors)")
        let (before, after) = (try binary.records("first.jsonl"), try binary.records("second.jsonl"))
        let end = try #require(before.summaries.last?["finishedAt"]?.stringValue)
        let start = try #require(after.runs.first?["startedAt"]?.stringValue)
        #expect(end <= start)
        #expect(other.errors.contains(try #require(before.runs.first?["runId"]?.stringValue)))
    }

    @Test("A run that waits is stopped by a signal, and has sent nothing")
    func stopped() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { then: hang }")
        let binary = try BuiltBinary()
        try binary.write(Self.files(sandbox.url).text, to: "job.yaml")
        let first = try await Self.holder(binary, sandbox)
        let later = try binary.start(["run", "job.yaml", "--job", "second", "--output", "second.jsonl"])
        try await later.waitFor("waits for the mutex")
        later.signal(SIGTERM)
        #expect(await later.result().status == 143)
        #expect(try sandbox.statistics().invocations.received == 1)
        first.signal(SIGKILL)
    }

    @Test("The mutex of a run that was killed is had when its lease has ended")
    func killed() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { per: function, sequence: [hang] }")
        let binary = try BuiltBinary()
        try binary.write(Self.files(sandbox.url).text, to: "job.yaml")
        let first = try await Self.holder(binary, sandbox)
        first.signal(SIGKILL)
        _ = await first.result()
        let later = try await binary.run(["run", "job.yaml", "--job", "second", "--output", "second.jsonl"])
        #expect(later.status == 0 && later.errors.contains("waits for the mutex"), "\(later.errors)")
    }

    @Test("A scheduled run waits for a run by hand, and a backfill for a scheduled run")
    func scheduled() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 600ms }")
        let binary = try BuiltBinary()
        var file = Self.files(sandbox.url)
        file.jobs[0].settings += "\ninput: { items: [1, 2] }\nconcurrency: 1"
        file.jobs[1].settings += "\nschedule: { every: 500ms }"
        try binary.write(file.text, to: "job.yaml")
        let first = try await Self.holder(binary, sandbox)
        let daemon = try binary.start(["schedule", "job.yaml", "--log-level", "debug"])
        try await daemon.waitForEnds(2, of: "second")
        #expect(await first.result().status == 0)
        let line = try #require(try await binary.history().last { $0.state == "ran" })
        let backfill = try await binary.run([
            "run", "job.yaml", "--job", "second", "--nominal-time", line.nominalTime, "--output", "again.jsonl",
        ])
        #expect(backfill.status == 0, "\(backfill.errors)")
        #expect(await binary.stop(daemon).status == 0)
        #expect(try sandbox.statistics().invocations.maxInFlight == 1)
        let lines = try await binary.history()
        #expect(lines.contains { $0.trigger == "backfill" && $0.result == "succeeded" })
        #expect(lines.contains { ($0.latenessMs ?? 0) > 300 }, "nothing waited")
    }
}
