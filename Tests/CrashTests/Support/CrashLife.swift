import BinarySupport
import Foundation
import Sandbox
import TestSupport

/// The life of one result file: runs that are killed, then one that ends; after each the file is held against what the
/// sandbox saw.
struct CrashLife {
    private let scene: CrashScene
    private let shard: Int
    private let seed: UInt64
    private let rows: [Int]
    private var random: SeededGenerator
    private(set) var kills = 0
    /// Runs that may have sent something.
    private var runs = 0
    private(set) var problems: [String] = []
    /// How often each row had run before the process under way began.
    private var before: [Int]
    private var runsBefore = 0
    private var killedSoon = false

    init(_ scene: CrashScene, shard: Int = 1, seed: UInt64) {
        self.scene = scene
        self.shard = shard
        self.seed = seed
        rows = scene.job.rows(of: shard)
        random = SeededGenerator(seed: seed &* 1_000_003 &+ UInt64(shard))
        before = scene.executions()
    }

    /// Kills up to so many runs, each of which goes on where the one before it was, then lets one end.
    mutating func live(kills most: Int) async throws {
        while kills < most, try await runAndKill() {}
        if kills == most {
            runs += 1
            try await end(scene.run(shard: shard))
        }
    }

    /// - Returns: whether the process was killed; else it had ended before.
    private mutating func runAndKill() async throws -> Bool {
        let done = scene.audit(shard: shard).count("succeeded")
        let soon = kills > 0 && !killedSoon && Int.random(in: 0..<10, using: &random) < 4
        killedSoon = soon
        let instant = KillInstant.draw(remaining: rows.count - done, soon: soon, using: &random)
        let received = scene.received
        let process = try scene.start(shard: shard)
        runs += 1
        try await instant.wait(for: process, received: received, at: scene.sandbox)
        process.signal(SIGKILL)
        let result = await process.result()
        guard result.status == 128 + SIGKILL else {
            try await end(result)
            return false
        }
        kills += 1
        try checkAfterKill(instant)
        return true
    }

    /// What must hold at any instant.
    private mutating func checkAfterKill(_ instant: KillInstant) throws {
        try scene.settle()
        let audit = scene.audit(shard: shard)
        note(audit.faults, "kill \(kills), \(instant)")
        let executions = scene.executions()
        let reach = audit.reach.count > runsBefore ? audit.reach.last ?? 0 : 0
        let sent = rows.filter { executions[$0] > before[$0] }
        if let last = sent.last, last >= reach {
            note(["row \(last) was sent, but only rows below \(reach) were announced"], "kill \(kills), \(instant)")
        }
        let inDoubt = rows.filter { executions[$0] > 0 && audit.rows[$0] == nil }.count
        let most = (scene.job.isIdempotent ? resets : 0) + kills * scene.job.concurrency
        if inDoubt > most {
            note(["\(inDoubt) rows ran and have no record, more than \(most)"], "kill \(kills), \(instant)")
        }
        runsBefore = audit.reach.count
        before = executions
    }

    /// What must hold when a run has ended by itself.
    private mutating func end(_ result: BuiltBinary.Result) async throws {
        let audit = scene.audit(shard: shard)
        let expected: Int32 = audit.count("succeeded") == rows.count ? 0 : 1
        if result.status != expected { note(["exit code \(result.status): \(result.errors)"], "the end") }
        note(audit.problemsAtEnd(expected: rows, report: try await scene.report(shard: shard)), "the end")
        let executions = rows.map { (row: $0, count: scene.executions(of: $0)) }
        note(scene.job.isIdempotent ? surplus(executions, audit) : doubts(executions, audit), "the end")
        try await checkNothingLeft(audit)
    }

    /// Rows of an idempotent job: all are done, and no more of them ran again than were in flight at a kill.
    private func surplus(_ executions: [(row: Int, count: Int)], _ audit: ResultAudit) -> [String] {
        var problems: [String] = []
        let lasting = executions.filter { scene.job.fate(of: $0.row) != .fails }
        let undone = lasting.filter { audit.rows[$0.row]?.succeeded != 1 || $0.count == 0 }
        if !undone.isEmpty { problems.append("rows that did not succeed exactly once: \(undone.prefix(10))") }
        let surplus = lasting.reduce(0) { $0 + max(0, $1.count - 1) }
        // A slot is held until its record is written, so at most that many rows ran and have none.
        let most = kills * scene.job.concurrency + resets
        if surplus > most {
            problems.append("\(surplus) executions too many; \(kills) kills and \(resets) resets explain \(most)")
        }
        let often = executions.filter { scene.job.fate(of: $0.row) == .fails && $0.count > runs }
        if !often.isEmpty { problems.append("rows that fail were sent more than once a run: \(often.prefix(10))") }
        return problems
    }

    /// Rows of a job that is not idempotent: each execution is answered for by a record, or its row is unknown.
    private func doubts(_ executions: [(row: Int, count: Int)], _ audit: ResultAudit) -> [String] {
        var problems: [String] = []
        var unanswered = 0
        for (row, count) in executions {
            let told = audit.rows[row] ?? ResultAudit.Row()
            unanswered += count - told.answered
            switch (told.outcome, count - told.answered) {
            case ("unknown", 0...1), ("succeeded", 0): break
            case ("failed", 0) where scene.job.fate(of: row) == .fails: break
            default: problems.append("row \(row) ran \(count) times: \(told)")
            }
        }
        let inFlight = kills * scene.job.concurrency
        if unanswered > inFlight { problems.append("\(unanswered) rows ran unseen, more than \(inFlight)") }
        // A window is read ahead when half of the one before it is left.
        let most = kills * (2 * audit.widestWindow + scene.job.concurrency)
        if audit.count("unknown") > most { problems.append("\(audit.count("unknown")) rows in doubt, above \(most)") }
        return problems
    }

    /// A further resume sends what failed, and nothing else.
    private mutating func checkNothingLeft(_ audit: ResultAudit) async throws {
        guard scene.job.shards == 1 else { return }
        let failed = Set(rows.filter { audit.rows[$0]?.outcome == "failed" })
        let unknown = Set(rows.filter { audit.rows[$0]?.outcome == "unknown" })
        let resent = scene.job.isIdempotent ? failed.union(unknown) : failed
        let before = scene.executions()
        let result = try await scene.run(shard: shard)
        let sent = rows.filter { scene.executions(of: $0) > before[$0] }
        if Set(sent) != resent {
            note(["sent again: \(sent.prefix(20)), not \(resent.sorted().prefix(20))"], "one resume more")
        }
        if result.status != (audit.count("succeeded") == rows.count ? 0 : 1) {
            note(["exit code \(result.status): \(result.errors)"], "one resume more")
        }
        note(
            scene.audit(shard: shard).problemsAtEnd(expected: rows, report: try await scene.report(shard: shard)),
            "one resume more")
    }

    /// Connections that the sandbox broke after it had run the function.
    private var resets: Int {
        scene.sandbox.statistics().faults.values.reduce(0, +)
    }

    private mutating func note(_ found: [String], _ place: String) {
        problems += found.map { "seed \(seed), shard \(shard), \(place): \($0)" }
    }
}
