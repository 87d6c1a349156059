import GRDB
import Glibc
import JobModel
import TestSupport
import Testing

@testable import Ledger

@Suite struct SQLiteLedgerDamageTests {
    private let store: SQLiteStore
    private let now = minute(0)
    private var database: String { store.path + "/ledger.sqlite" }
    private var names: Set<String> { Set(fileNames(in: store.path)) }

    init() throws {
        store = try SQLiteStore()
    }

    private func party(_ ledger: any OccurrenceLedger) throws -> Party {
        let party = Party(
            ledger: ledger, owner: LedgerOwner(id: "a", host: "host", process: 1),
            clock: ManualTimeSource(wall: minute(0)), boot: "boot")
        try party.register(["job"])
        return party
    }

    /// A ledger with some pages of rows, closed.
    private func fill() throws {
        let party = try party(try store.open())
        let batch = (1...500).map { LedgerRequest.claim(claim($0, exclusive: false), after: minute($0 - 1)) }
        _ = try party.ledger.apply(batch, by: party.owner, at: party.now)
    }

    private func overwrite(at offset: Int, _ bytes: [UInt8]) {
        close(overwriting(at: offset, bytes))
    }

    /// - Returns: the file, still open: closing it drops what locks this process has on it (fcntl(2)).
    private func overwriting(at offset: Int, _ bytes: [UInt8]) -> Int32 {
        let descriptor = Glibc.open(database, O_WRONLY | O_CLOEXEC)
        #expect(pwrite(descriptor, bytes, bytes.count, offset) == bytes.count)
        return descriptor
    }

    private func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    enum Damage: CaseIterable {
        case garbage, header, middle, cut, empty
    }

    @Test(arguments: Damage.allCases)
    func isMovedAsideAndTold(_ damage: Damage) throws {
        try fill()
        let length = try #require(size(database))
        switch damage {
        case .garbage: overwrite(at: 0, Array(repeating: 0x5A, count: length))
        case .header: overwrite(at: 0, [0])
        case .middle: for page in 2..<(length / 4096) { overwrite(at: page * 4096, Array(repeating: 0x5A, count: 64)) }
        case .cut: truncate(database, length / 2)
        case .empty: truncate(database, 0)
        }
        let kept = size(database)
        let reading = Result { try SQLiteLedger.openForReading(directory: store.path) }

        let opened = try SQLiteLedger.open(directory: store.path, now: Timestamp(seconds: 1_795_000_000))
        let damaged = try #require(opened.damaged)
        #expect(damaged.original == database)
        #expect(damaged.path == database + ".corrupt-20261118T110640Z")
        #expect(!damaged.reason.isEmpty && !damaged.reason.contains("\n"))
        #expect(damaged.message.contains(damaged.path) && damaged.message.contains("a second time"))
        #expect(size(damaged.path) == kept)
        #expect(try party(opened.ledger).story().isEmpty)
        if damage == .garbage {
            let error = #expect(throws: LedgerError.self) { _ = try reading.get() }
            #expect(error?.code == .corrupt)
            #expect(error?.message.contains(database) == true)
        }
        #expect(try SQLiteLedger.open(directory: store.path, now: now).damaged == nil)
    }

    @Test func severalAreKeptApart() throws {
        for number in 1...3 {
            try fill()
            overwrite(at: 0, [UInt8](repeating: UInt8(number), count: 100))
            let damaged = try #require(try SQLiteLedger.open(directory: store.path, now: now).damaged)
            #expect(damaged.path.hasSuffix(number == 1 ? "Z" : "Z-\(number)"))
        }
        #expect(names.filter { $0.contains("corrupt") }.count == 3)
    }

    @Test func itsLogGoesWithIt() throws {
        try fill()
        truncate(database, 0)
        let log = Array("what a process that died had not yet moved to the database".utf8)
        let descriptor = Glibc.open(database + "-wal", O_CREAT | O_WRONLY, 0o600)
        #expect(write(descriptor, log, log.count) == log.count)
        close(descriptor)
        let opened = try SQLiteLedger.open(directory: store.path, now: now)
        let damaged = try #require(opened.damaged)
        #expect(size(damaged.path + "-wal") == log.count)
        #expect(try party(opened.ledger).story().isEmpty)
    }

    @Test func aLogWithoutItsDatabaseIsKept() throws {
        mkdir(store.path, 0o700)
        let descriptor = Glibc.open(database + "-wal", O_CREAT | O_WRONLY, 0o600)
        #expect(write(descriptor, [1, 2, 3], 3) == 3)
        close(descriptor)
        let damaged = try #require(try SQLiteLedger.open(directory: store.path, now: now).damaged)
        #expect(size(damaged.path + "-wal") == 3)
    }

    @Test func tenFindItAndOneMovesIt() throws {
        try fill()
        overwrite(at: 0, Array("garbage".utf8))
        let path = store.path
        let opened = try concurrently(Array(1...10)) { _ in
            try SQLiteLedger.open(directory: path, now: minute(0))
        }
        #expect(opened.compactMap(\.damaged).count == 1)
        #expect(names.filter { $0.hasPrefix("ledger.sqlite.corrupt-") }.count == 1)
        let parties = try opened.map { try party($0.ledger) }
        try parties[0].take(claim(1), after: 0)
        #expect(try parties.allSatisfy { try $0.story() == ["1 runs"] })
    }

    @Test func tenBeginItTogether() throws {
        let path = store.path
        let opened = try concurrently(Array(1...10)) { _ in
            try SQLiteLedger.open(directory: path, now: minute(0))
        }
        #expect(opened.allSatisfy { $0.damaged == nil })
        let parties = try opened.map { try party($0.ledger) }
        try parties[0].take(claim(1), after: 0)
        #expect(try parties.allSatisfy { try $0.story() == ["1 runs"] })
    }

    /// Moved under a running scheduler, what that goes on to write would be lost, and run a second time.
    @Test func isNotMovedWhileAnotherProcessUsesIt() async throws {
        try fill()
        let user = try store.open()
        let file = overwriting(at: 0, Array("garbage".utf8))
        let path = store.path
        await #expect(processExitsWith: .exitCode(17)) { [path = path as String] in
            do throws(LedgerError) {
                _ = try SQLiteLedger.open(directory: path, now: minute(0))
                exit(1)
            } catch {
                exit(error.code == .corrupt && error.message.contains("process") ? 17 : 2)
            }
        }
        #expect(!names.contains { $0.contains("corrupt") })
        withExtendedLifetime(user) { _ = close(file) }
    }

    @Test func whoseDatabaseWasReplacedIsTold() throws {
        let old = try party(try store.open())
        try old.take(claim(1), after: 0)
        for suffix in ["-wal", "-shm", ""] { rename(database + suffix, database + ".away" + suffix) }
        let error = #expect(throws: LedgerError.self) { try old.take(claim(2, exclusive: false), after: 1) }
        #expect(error?.code == .inaccessible)
        #expect(error?.message.contains(database) == true)
        let new = try party(try store.open())
        #expect(throws: LedgerError.self) { try old.take(claim(2, exclusive: false), after: 1) }
        try new.take(claim(1), after: 0)
        #expect(try new.story() == ["1 runs"])
    }

    @Test func closingAnOldOneDoesNoHarmToTheNew() throws {
        var old: (any OccurrenceLedger)? = try store.open()
        try party(try #require(old)).take(claim(1), after: 0)
        for suffix in ["-wal", "-shm", ""] { rename(database + suffix, database + ".away" + suffix) }
        let new = try party(try store.open())
        try new.take(claim(1), after: 0)
        old = nil
        #expect(names.contains("ledger.sqlite-wal"))
        #expect(try party(try store.open()).story() == ["1 runs"])
    }

    @Test func aFullDiskIsToldAndChangesNothing() throws {
        let opened = try SQLiteLedger.open(directory: store.path, now: now)
        let party = try party(opened.ledger)
        try party.take(claim(1), after: 0)
        try opened.ledger.connection.inDatabase { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
        }
        let batch = (2...2000).map { LedgerRequest.claim(claim($0, exclusive: false), after: minute($0 - 1)) }
        for _ in 1...2 {
            let error = #expect(throws: LedgerError.self) {
                _ = try party.ledger.apply(batch, by: party.owner, at: party.now)
            }
            #expect(error?.code == .full)
            #expect(error?.message.contains(database) == true)
            #expect(try party.story() == ["1 runs"])
            #expect(try party.accounted() == minute(1))
        }
        try opened.ledger.connection.inDatabase { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
        #expect(try party.ledger.apply(batch, by: party.owner, at: party.now).allSatisfy { $0 == .started })
    }

    @Test func aFailedRegistrationLeavesNothingBehind() throws {
        let opened = try SQLiteLedger.open(directory: store.path, now: now)
        let party = try party(opened.ledger)
        try opened.ledger.connection.inDatabase { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages + 1)")
        }
        #expect(throws: LedgerError.self) { try party.register((1...5000).map { "job \($0)" }) }
        // Not the row id that it was to have, which nobody has or another job.
        #expect(throws: LedgerError.self) { try party.take(claim(1, "job 1"), after: 0) }
        #expect(try party.take(claim(1), after: 0) == .started)
    }

    @Test func aRowOfAStateUnknownIsAnError() throws {
        let opened = try SQLiteLedger.open(directory: store.path, now: now)
        let party = try party(opened.ledger)
        try party.take(claim(1), after: 0)
        try opened.ledger.connection.inDatabase { try $0.execute(sql: "UPDATE occurrence SET state = 'dreamt'") }
        let error = #expect(throws: LedgerError.self) { try party.entries() }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("dreamt") == true)
    }

    @Test func forgettingDropsOwnersThatHaveNothing() throws {
        let opened = try SQLiteLedger.open(directory: store.path, now: now)
        let party = try party(opened.ledger)
        let idle = Party(
            ledger: opened.ledger, owner: LedgerOwner(id: "idle", host: "host", process: 2), clock: party.clock,
            boot: "boot")
        _ = try idle.renew()
        try party.take(claim(1), after: 0)
        func owners() throws -> [String] {
            try opened.ledger.connection.inDatabase { try String.fetchAll($0, sql: "SELECT uuid FROM owner") }
        }
        #expect(try party.ledger.forget(before: minute(0), at: party.now) == 0)
        #expect(try owners() == ["a", "idle"])
        #expect(try party.ledger.forget(before: minute(1), at: party.now) == 0)
        #expect(try owners() == ["a"])
        #expect(try idle.renew().isEmpty)
        #expect(try party.finish(1) == .done)
    }
}
