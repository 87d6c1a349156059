import BinarySupport
import Foundation
import JSONText
import Testing

/// A result file of two runs, cut at a byte, is what a crash at that instant leaves on the disk.
@Suite("Cut result files", .serialized)
struct CutTests {
    private static let job = CrashJob(rows: 6, isIdempotent: false, concurrency: 1)
    /// Processes at a time.
    private static let width = 3

    /// Rows 1 and 3 fail; sent again, row 1 succeeds, and row 3 hangs.
    private static let script = """
        version: 1
        remember: { payloads: 1000 }
        functions:
          \(JobFileText.function):
            per: function
            match:
              - when: { payload.n: 1 }
                sequence: [901, ok]
              - when: { payload.n: 3 }
                sequence: [901, hang]

        """

    /// The bytes of a file whose first run has ended and whose second one was killed, with row 3 in flight.
    private static func recorded() async throws -> [UInt8] {
        try await CrashScene.with(job, script: script) { scene in
            let first = try await scene.run()
            #expect(first.status == 1, "\(first.errors)")
            let second = try scene.start()
            try await Polling.until("row 3 to be sent again") {
                scene.received == job.rows + 2 && scene.audit().rows[1]?.outcome == "succeeded"
            }
            second.signal(SIGKILL)
            #expect(await second.result().status == 128 + SIGKILL)
            let bytes = Array(try Data(contentsOf: scene.binary.folder.appendingPathComponent("out.jsonl")))
            #expect(ResultAudit(bytes).types.filter { $0 == "run" }.count == 2)
            return bytes
        }
    }

    /// Where it is cut: around the end of each line, and in the long version everywhere.
    private static func places(_ bytes: [UInt8]) -> [Int] {
        if CrashPlan.isLong { return Array(0...bytes.count) }
        let ends = bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }
        let near = ends.flatMap { [$0 - 1, $0, $0 + 1, $0 + 2] }
        return Set([0, 1] + near + Array(stride(from: 7, through: bytes.count, by: 397)))
            .filter { $0 <= bytes.count }.sorted()
    }

    @Test("Wherever it is cut, a resume ends the job, and sends nothing that may have run")
    func cut() async throws {
        let bytes = try await Self.recorded()
        let places = Self.places(bytes)
        try await CrashScene.with(Self.job, script: "version: 1") { scene in
            let sent = try await withThrowingTaskGroup(of: Int.self) { group in
                var next = places.makeIterator()
                var sent = 0
                for _ in 0..<Self.width {
                    if let place = next.next() { group.addTask { try await Self.resume(bytes, cutAt: place, scene) } }
                }
                while let count = try await group.next() {
                    sent += count
                    if let place = next.next() { group.addTask { try await Self.resume(bytes, cutAt: place, scene) } }
                }
                return sent
            }
            #expect(scene.received == sent)
        }
    }

    /// - Returns: how many rows were to be sent.
    private static func resume(_ bytes: [UInt8], cutAt place: Int, _ scene: CrashScene) async throws -> Int {
        let name = "cut-\(place).jsonl"
        try Data(bytes[..<place]).write(to: scene.binary.folder.appendingPathComponent(name))
        // A last line that lacks nothing but its newline is whole.
        let lines = bytes[..<place].split(separator: UInt8(ascii: "\n"))
        let prefix = Prefix(lines.compactMap { try? JSONParser.parse(Array($0)) }, rows: job.rows)
        let result = try await scene.binary.run([
            "replay", "job.yaml", "--from", job.inputName, "--resume", name, "--progress", "none",
        ])
        let after = ResultAudit(Array(try Data(contentsOf: scene.binary.folder.appendingPathComponent(name))))
        #expect(result.status == (prefix.count("unknown") > 0 ? 1 : 0), "cut at \(place): \(result.errors)")
        #expect(after.problemsAtEnd(expected: Array(0..<job.rows), report: nil) == [], "cut at \(place)")
        #expect(after.count("unknown") == prefix.count("unknown"), "cut at \(place)")
        #expect(after.count("succeeded") == job.rows - prefix.count("unknown"), "cut at \(place)")
        return job.rows - prefix.count("unknown") - prefix.count("succeeded")
    }
}
