import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Resuming although input or job have changed")
struct AcceptedChangesTests {
    @Test("Accepted changes: rows are matched by key and ordinal, wherever they stand now")
    func acceptedChanges() async throws {
        let settings = "input: { file: rows.csv, key: \"{{ row.id }}\" }\npayload: { n: \"{{ row.n | int }}\" }"
        let failing = try await SandboxProcess.start(
            script: "default: { match: [{ when: { payload.n: 3 }, then: 901 }] }")
        let healthy = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.write("id,n\na,1\nb,2\nb,3\nc,4\n", to: "rows.csv")
        #expect(try await binary.run(JobFileText(failing.url, settings)).status == 1)
        // New rows before and behind, another order, and a row that is gone (c).
        try binary.write("id,n\nz,9\nb,2\nb,3\na,1\ny,8\n", to: "rows.csv")
        try binary.write(JobFileText(healthy.url, settings).text, to: "job.yaml")
        #expect(try await binary.run(["run", "job.yaml", "--resume", "out.jsonl"]).status == 6)
        let accepted = try await binary.run(["run", "job.yaml", "--resume", "out.jsonl", "--accept-changes"])
        #expect(accepted.status == 0, "\(accepted.errors)")
        #expect(try healthy.statistics().invocations.received == 3, "z, the second b, y")
        let records = try binary.records()
        #expect(records.summary("rows") == 5 && records.summary("succeeded") == 5)
        // From now on it is the file of the new input.
        let again = try await binary.run(["run", "job.yaml", "--resume", "out.jsonl"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try healthy.statistics().invocations.received == 3)
        #expect(try binary.records().summary("succeeded") == 5)
        let report = try await binary.run(["report", "out.jsonl", "--format", "json"])
        let totals = try JSONParser.parse(Array(report.output.utf8))["total"]
        #expect(totals?["rows"]?.intValue == 5 && totals?["succeeded"]?.intValue == 5, "\(report.output)")
    }

    /// Rows `{"n":…,"id":…}` with the given ids, of which those of `failing` fail at first.
    private func keyed(
        _ ids: [String], failing: String = "nobody"
    ) async throws -> (binary: BuiltBinary, healthy: SandboxProcess, write: ([String]) throws -> Void) {
        let settings = "input: { file: rows.jsonl, key: \"{{ row.id }}\" }"
        let first = try await SandboxProcess.start(
            script: "default: { match: [{ when: { payload.id: \(failing) }, then: 901 }] }")
        let healthy = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let write = { (ids: [String]) in
            _ = try binary.write(ids.map { "{\"id\":\"\($0)\"}\n" }.joined(), to: "rows.jsonl")
        }
        try write(ids)
        _ = try await binary.run(JobFileText(first.url, settings))
        try binary.write(JobFileText(healthy.url, settings).text, to: "job.yaml")
        return (binary, healthy, write)
    }

    private static let accepting = ["run", "job.yaml", "--resume", "out.jsonl", "--accept-changes"]

    @Test("Changes are accepted again and again, and between them the input is known")
    func acceptedTwice() async throws {
        let (binary, healthy, write) = try await keyed(["a", "b", "c"])
        try write(["c", "b", "a"])
        #expect(try await binary.run(Self.accepting).status == 0)
        #expect(try healthy.statistics().invocations.received == 0)
        try write(["x", "y", "z"])
        let other = try await binary.run(["run", "job.yaml", "--resume", "out.jsonl"])
        #expect(other.status == 6 && other.errors.contains("input"), "\(other.errors)")
        try write(["n", "m", "c", "b", "a"])
        #expect(try await binary.run(Self.accepting).status == 0)
        #expect(try healthy.statistics().invocations.received == 2, "n and m")
        #expect(try binary.records().summary("succeeded") == 5)
    }

    @Test("A crash while rows are carried over leaves the earlier runs in force", arguments: 1...3)
    func crashWhileCarrying(lines: Int) async throws {
        let (binary, healthy, write) = try await keyed(["a", "b", "c"])
        let before = try binary.read("out.jsonl")
        try write(["c", "b", "n", "a"])
        #expect(try await binary.run(Self.accepting).status == 0)
        let added = try binary.read("out.jsonl").dropFirst(before.count).split(separator: "\n").prefix(lines)
        #expect(added.count == lines)
        try binary.write(before + added.map { $0 + "\n" }.joined(), to: "out.jsonl")
        #expect(try await binary.run(["run", "job.yaml", "--resume", "out.jsonl"]).status == 6)
        #expect(try await binary.run(Self.accepting).status == 0)
        #expect(try healthy.statistics().invocations.received == 2, "n, each time")
        #expect(try binary.records().summary("succeeded") == 4)
    }

    @Test("Rows of a changed input that may be those of other shards are not sent")
    func acceptedShard() async throws {
        let (binary, healthy, write) = try await keyed(["a", "b", "c", "d"])
        let replay = ["replay", "job.yaml", "--from", "rows.jsonl", "--shard", "1/2"]
        #expect(try await binary.run(replay + ["--output", "s.jsonl"]).status == 0)
        try write(["n", "a", "b", "c", "d"])
        let resume = replay + ["--resume", "s.jsonl", "--accept-changes"]
        let refused = try await binary.run(resume)
        #expect(refused.status == 6 && refused.errors.contains("shards"), "\(refused.errors)")
        #expect(try healthy.statistics().invocations.received == 2)
        #expect(try await binary.run(resume + ["--retry-unknown"]).status == 0)
    }

    @Test("A key that matches nothing is refused, not taken for new rows")
    func acceptedKey() async throws {
        let (binary, healthy, _) = try await keyed(["a", "b"])
        let settings = "input: { file: rows.jsonl, key: \"row-{{ row.id }}\" }"
        try binary.write(JobFileText(healthy.url, settings).text, to: "job.yaml")
        let refused = try await binary.run(Self.accepting)
        #expect(refused.status == 6 && refused.errors.contains("key"), "\(refused.errors)")
        #expect(try healthy.statistics().invocations.received == 0)
    }
}
