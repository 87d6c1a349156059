import BinarySupport
import JSONText
import Testing

@Suite("Tolerance and deadlines", .serialized)
struct LimitTests {
    /// About every other invocation fails.
    private static let script = "default: { reply: ok, failures: { rate: 50%, as: [901], seed: 3 } }"

    struct Tolerance: Sendable, CustomTestStringConvertible {
        var tolerate: String
        var status: Int32
        var testDescription: String { tolerate }
    }

    @Test(
        "Failures within tolerate are fine, beyond it the run stops with 5",
        arguments: [
            Tolerance(tolerate: "60%", status: 0), Tolerance(tolerate: "1500", status: 0),
            Tolerance(tolerate: "10%", status: 5), Tolerance(tolerate: "20", status: 5),
        ])
    func tolerance(tolerance: Tolerance) async throws {
        let sandbox = try await SandboxProcess.start(script: Self.script)
        let binary = try BuiltBinary()
        try binary.writeRows(2000)
        let run = try await binary.run(
            JobFileText(sandbox.url, "input: { file: rows.jsonl }\ntolerate: \(tolerance.tolerate)"))
        #expect(run.status == tolerance.status, "\(run.result.errors)")
        #expect(run.records.reconciles)
        #expect(run.records.summary("failed") > 0)
        #expect(run.records.isComplete == (tolerance.status == 0))
        if tolerance.status == 5 {
            #expect(try sandbox.statistics().invocations.received < 2000, "the run went on to the end")
        } else {
            #expect(run.records.summary("rows") == 2000)
        }
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test(
        "Of a short run a share is judged at its end, and one that is unknown counts as one that failed",
        arguments: [
            Tolerance(tolerate: "10%", status: 5), Tolerance(tolerate: "20%", status: 0),
            Tolerance(tolerate: "1", status: 5), Tolerance(tolerate: "2", status: 0),
        ])
    func shortRun(tolerance: Tolerance) async throws {
        let sandbox = try await SandboxProcess.start(
            script: """
                default:
                  match:
                    - { when: { payload.n: 8 }, then: 901 }
                    - { when: { payload.n: 9 }, then: reset }
                """)
        let binary = try BuiltBinary()
        try binary.writeRows(10)
        let run = try await binary.run(
            JobFileText(sandbox.url, "input: { file: rows.jsonl }\nconcurrency: 1\ntolerate: \(tolerance.tolerate)"))
        #expect(run.status == tolerance.status, "\(run.result.errors)")
        #expect(run.records.summary("failed") == 1 && run.records.summary("unknown") == 1)
        #expect(run.records.reconciles)
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("What has not started by the deadline is cancelled, and never sent")
    func deadline() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 100ms }")
        let binary = try BuiltBinary()
        try binary.writeRows(200)
        let run = try await binary.run(
            JobFileText(sandbox.url, "input: { file: rows.jsonl }\nconcurrency: 2\ndeadline: 500ms"))
        #expect(run.status == 1, "\(run.result.errors)")
        #expect(run.records.reconciles)
        #expect(run.records.summary("succeeded") > 0)
        #expect(run.records.summary("cancelled") > 0)
        #expect(
            run.records.invocations.filter { $0["outcome"]?.stringValue == "cancelled" }
                .allSatisfy { $0["attempts"]?.intValue == 0 && $0["error"]?["class"]?.stringValue == "cancelled" })
        #expect(try sandbox.statistics().invocations.received == run.records.summary("succeeded"))
    }
}
