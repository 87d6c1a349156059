import GRDB
import JobModel
import TestSupport
import Testing

@testable import Ledger

/// What is asked all the time must not read the whole ledger.
@Suite struct QueryPlanTests {
    @Test func nothingScansTheOccurrences() throws {
        let store = try SQLiteStore()
        let opened = try SQLiteLedger.open(directory: store.path, now: minute(0))
        let statements = Recorder()
        opened.ledger.connection.inDatabase { db in
            db.trace { event in
                if case .statement(let statement) = event { statements.add(statement.sql) }
            }
        }
        let scene = Party(
            ledger: opened.ledger, owner: LedgerOwner(id: "a", host: "host", process: 1),
            clock: ManualTimeSource(wall: minute(0)), boot: "boot")
        try scene.register(["job", "other"])
        try scene.apply(
            .claim(claim(1, mutexes: ["m"]), after: minute(0)), .claim(claim(2, waits: true), after: minute(1)),
            .begin(claim(2)), .giveUp(occurrence(2), as: .missed(.window)), .askToStop(occurrence(1)),
            .passOver(job: "job", span(3, 5), as: .missed(.window), after: minute(2)),
            .finish(occurrence(1), runID: "run-1", .succeeded, at: minute(2)),
            .finish(occurrence(1), runID: "run-1", .succeeded, at: minute(2)),
            .backfill(claim(4, mutexes: ["m"]), previous: minute(3), next: minute(5)))
        _ = try scene.renew()
        _ = try scene.entries("job") {
            $0.from = minute(1); $0.limit = 10
        }
        _ = try scene.entries {
            $0.from = minute(1); $0.limit = 10
        }
        #expect(try scene.ledger.latestOutcomes(at: scene.now).count == 1)
        scene.clock.advance(by: .seconds(20))
        let other = Party(
            ledger: opened.ledger, owner: LedgerOwner(id: "b", host: "host", process: 2), clock: scene.clock,
            boot: "boot")
        #expect(try other.reap(["job": .resume]).count == 1)
        _ = try other.ledger.forget(before: minute(0), at: other.now)

        let all = statements.all.filter { !$0.hasPrefix("PRAGMA") && !$0.hasPrefix("--") && $0.contains("occurrence") }
        #expect(all.count >= 15)
        for sql in all {
            let plan = try opened.ledger.connection.inDatabase { db in
                let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
                statement.setUncheckedArguments(StatementArguments())
                return try Row.fetchAll(statement).map { $0["detail"] as String }
            }
            let scans = plan.filter { line in
                let words = line.split(separator: " ")
                return words.count > 1 && words[0] == "SCAN" && ["occurrence", "o", "mutex", "m"].contains(words[1])
                    && !words.contains("occurrence_open")
            }
            #expect(scans.isEmpty, "\(sql): \(plan)")
        }
    }
}

private final class Recorder: @unchecked Sendable {  // filled by the one connection, read when that is done
    private var statements: Set<String> = []
    var all: [String] { statements.sorted() }
    func add(_ sql: String) { statements.insert(sql) }
}
