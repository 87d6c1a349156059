import BinarySupport
import Foundation
import TestSupport
import Testing

@Suite("A disk that fills up", .serialized)
struct FullDiskTests {
    /// Runs fnrun under a limit on the size of files (setrlimit(2), `RLIMIT_FSIZE`): what would go beyond fails with
    /// EFBIG, and SIGXFSZ ends a process that does not ignore it.
    private static func run(_ scene: CrashScene, limit: Int) async throws -> (status: Int32, output: String) {
        let command = ([try BuiltBinary.url.path] + scene.arguments()).map { "'\($0)'" }.joined(separator: " ")
        // Not into a file: the limit is on that one, too.
        return try await Shell.run(
            "set -o pipefail; timeout -s KILL 60 prlimit --fsize=\(limit) \(command) 2>&1 | cat",
            in: scene.binary.folder)
    }

    @Test("The run ends with 7 and loses nothing that was written; with room again, a resume goes on")
    func fill() async throws {
        for seed in CrashPlan.seeds(short: 1, long: 10) {
            try await CrashScene.with(.careful(rows: 200), seed: seed) { scene in
                var random = SeededGenerator(seed: seed)
                var size = 0
                var fills = 0
                for _ in 0..<4 {
                    // Room for anything from a torn first record to some dozens of rows.
                    size += Int.random(in: 1...(fills == 0 ? 600 : 12_000), using: &random)
                    let result = try await Self.run(scene, limit: size)
                    #expect(result.status == 7, "seed \(seed), \(size) bytes: \(result.output)")
                    #expect(result.output.contains("out.jsonl"), "seed \(seed), \(size) bytes: \(result.output)")
                    fills += 1
                    let audit = scene.audit()
                    #expect(audit.faults == [], "seed \(seed), \(size) bytes")
                    let ran = (0..<scene.job.rows).filter { scene.executions(of: $0) > 0 && audit.rows[$0] == nil }
                    #expect(ran.count <= fills * scene.job.concurrency, "seed \(seed), \(size) bytes")
                }
                let last = try await scene.run()
                #expect(last.status == 1, "\(last.errors)")
                let audit = scene.audit()
                let rows = Array(0..<scene.job.rows)
                #expect(audit.problemsAtEnd(expected: rows, report: try await scene.report()) == [], "seed \(seed)")
                let unexplained = rows.filter { row in
                    let surplus = scene.executions(of: row) - (audit.rows[row]?.answered ?? 0)
                    return surplus != 0 && !(surplus == 1 && audit.rows[row]?.outcome == "unknown")
                }
                #expect(unexplained == [], "seed \(seed)")
            }
        }
    }
}
