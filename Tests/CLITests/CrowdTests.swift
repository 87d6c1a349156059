import BinarySupport
import Foundation
import JSONText
import Testing

/// Keeps every core busy for long: run apart from tests that wait for something.
@Suite("Crowds")
struct CrowdTests {
    @Test("Ten thousand jobs that are due at one time: each runs once")
    func tenThousand() async throws {
        let number = 10_000
        let sandbox = try await SandboxProcess.start()
        var binary = try BuiltBinary()
        binary.patience = 600
        var file = JobFileText(sandbox.url)
        let settings = "schedule: { at: \"\(TimeText.fromNow(-300))\" }\noutput: results/all.jsonl"
        file.jobs = (0..<number).map { ("job\($0)", settings) }
        try binary.write(file.text, to: "job.yaml")
        let result = try await binary.run(["tick", "job.yaml", "--since", "1h", "--quiet"])
        #expect(result.status == 0, "\(result.errors.prefix(2000))")
        let lines = try await binary.history()
        #expect(lines.count == number && lines.count(of: "ran succeeded") == number)
        let seen = try sandbox.statistics()
        #expect(seen.invocations.executed == number && seen.tokens.requested == 1)
        let records = try binary.records("results/all.jsonl")
        #expect(records.runs.count == number && records.summaries.count == number)
        #expect(Set(records.runs.compactMap { $0["runId"]?.stringValue }) == Set(lines.compactMap(\.runId)))
    }
}
