import BinarySupport
import Foundation
import TestSupport
import Testing

@Suite("Interrupted runs", .serialized)
struct InterruptTests {
    /// Stops one run after the other at instants drawn by chance, then lets one end.
    ///
    /// - Parameter stop: does it.
    /// - Returns: how many runs were stopped.
    private static func live(
        _ scene: CrashScene, seed: UInt64, stops: Int, status: Int32,
        stop: (BuiltBinary.Running) async throws -> Void
    ) async throws -> Int {
        var random = SeededGenerator(seed: seed)
        for stopped in 0..<stops {
            let remaining = scene.job.rows - scene.audit().count("succeeded")
            let instant = KillInstant.draw(remaining: max(1, remaining / 2), soon: stopped == 1, using: &random)
            let received = scene.received
            let process = try scene.start()
            try await instant.wait(for: process, received: received, at: scene.sandbox)
            try await stop(process)
            let result = await process.result()
            // It may have ended by itself just before.
            let isEnded = scene.audit().isComplete && result.status <= 1
            #expect(result.status == status || isEnded, "seed \(seed), \(instant): \(result.errors)")
            #expect(scene.audit().tornBytes == 0 && scene.audit().faults == [], "seed \(seed), \(instant)")
            if isEnded { return stopped }
        }
        return stops
    }

    @Test("After SIGTERM, whenever it came, a resume goes on: nothing is in doubt, nothing ran twice")
    func terminate() async throws {
        for seed in CrashPlan.seeds(short: 1, long: 10) {
            try await CrashScene.with(.careful(rows: 300), seed: seed) { scene in
                _ = try await Self.live(scene, seed: seed, stops: 3, status: 128 + SIGTERM) { $0.signal(SIGTERM) }
                let last = try await scene.run()
                #expect(last.status == 1, "\(last.errors)")
                let audit = scene.audit()
                let rows = Array(0..<scene.job.rows)
                #expect(audit.problemsAtEnd(expected: rows, report: try await scene.report()) == [], "seed \(seed)")
                #expect(audit.count("unknown") == 0 && audit.count("cancelled") == 0, "seed \(seed)")
                let unexplained = rows.filter { scene.executions(of: $0) != audit.rows[$0]?.answered }
                #expect(unexplained == [], "seed \(seed)")
            }
        }
    }

    @Test("After a second SIGINT a resume goes on: only what was in flight is in doubt, nothing ran twice")
    func abort() async throws {
        for seed in CrashPlan.seeds(short: 1, long: 10) {
            try await CrashScene.with(.careful(rows: 300), seed: seed) { scene in
                let stops = try await Self.live(scene, seed: seed, stops: 3, status: 128 + SIGINT) { process in
                    process.signal(SIGINT)
                    try await Polling.until("the first signal's notice") {
                        !process.isRunning || process.errorsSoFar.contains("SIGINT")
                    }
                    process.signal(SIGINT)
                }
                let last = try await scene.run()
                #expect(last.status == 1, "\(last.errors)")
                let audit = scene.audit()
                let rows = Array(0..<scene.job.rows)
                #expect(audit.problemsAtEnd(expected: rows, report: try await scene.report()) == [], "seed \(seed)")
                #expect(audit.count("unknown") <= stops * scene.job.concurrency, "seed \(seed)")
                let twice = rows.filter { row in
                    let surplus = scene.executions(of: row) - (audit.rows[row]?.answered ?? 0)
                    return surplus != 0 && !(surplus == 1 && audit.rows[row]?.outcome == "unknown")
                }
                #expect(twice == [], "seed \(seed)")
            }
        }
    }
}
