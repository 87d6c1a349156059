import GRDB
import Glibc
import JobModel
import TestSupport
import Testing

@testable import Ledger

@Suite struct SQLiteLedgerOpeningTests {
    private let store: SQLiteStore
    private let now = Timestamp(seconds: 1_795_000_000)

    init() throws {
        store = try SQLiteStore()
    }

    private func opened() throws -> OpenedLedger { try SQLiteLedger.open(directory: store.path, now: now) }

    private func party(_ ledger: any OccurrenceLedger) throws -> Party {
        let party = Party(
            ledger: ledger, owner: LedgerOwner(id: "a", host: "host", process: 1),
            clock: ManualTimeSource(wall: minute(0)), boot: "boot")
        try party.register(["job"])
        return party
    }

    private func pragma(_ ledger: SQLiteLedger, _ name: String) throws -> String? {
        try ledger.connection.inDatabase { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    private func mode(_ name: String) -> UInt32? {
        var status = stat()
        return stat(store.path + name, &status) == 0 ? status.st_mode & 0o7777 : nil
    }

    private var names: [String] { fileNames(in: store.path) }

    @Test func syncsEveryCommit() throws {
        let first = try opened().ledger
        let second = try opened().ledger
        for ledger in [first, second] {
            #expect(try pragma(ledger, "synchronous") == "2")
            #expect(try pragma(ledger, "journal_mode") == "wal")
            _ = try party(ledger)
            #expect(try pragma(ledger, "synchronous") == "2")
        }
    }

    @Test func nobodyElseMayLookIntoIt() throws {
        let ledger = try opened().ledger
        try party(ledger).take(claim(1), after: 0)
        #expect(mode("") == 0o700)
        for name in ["/ledger.sqlite", "/ledger.sqlite-wal", "/ledger.sqlite-shm", "/ledger.lock"] {
            #expect(mode(name) == 0o600, "\(name)")
        }
    }

    @Test func makesFoldersAbove() throws {
        let path = store.path + "/a/b/c"
        _ = try SQLiteLedger.open(directory: path, now: now)
        #expect(fileNames(in: path).contains("ledger.sqlite"))
    }

    @Test func remembers() throws {
        do { try party(try opened().ledger).take(claim(1), after: 0) }
        let again = try opened()
        #expect(again.damaged == nil)
        #expect(try party(again.ledger).story() == ["1 runs"])
    }

    @Test func isReadWithoutBeingMade() throws {
        #expect(try SQLiteLedger.openForReading(directory: store.path) == nil)
        #expect(names.isEmpty)
        mkdir(store.path, 0o700)
        #expect(try SQLiteLedger.openForReading(directory: store.path) == nil)
        #expect(names.isEmpty)
    }

    @Test func isReadBesideAWriter() throws {
        let writer = try party(try opened().ledger)
        let reader = try #require(try SQLiteLedger.openForReading(directory: store.path))
        try writer.take(claim(1), after: 0)
        let entries = try reader.entries(LedgerQuery(), at: writer.now)
        #expect(entries.count == 1)
        #expect(try entries == writer.entries())
        let error = #expect(throws: LedgerError.self) { _ = try reader.renew(writer.owner, at: writer.now) }
        #expect(error?.code == .inaccessible)
    }

    @Test func isReadInAFolderThatCannotBeWritten() throws {
        do { try party(try opened().ledger).take(claim(1), after: 0) }
        let (path, files) = (store.path, ["ledger.sqlite", "ledger.lock"])
        #expect(names.sorted() == files.sorted())
        for file in files { chmod("\(path)/\(file)", 0o444) }
        chmod(path, 0o555)
        chmod(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]), 0o755)
        defer { chmod(path, 0o755) }
        let (read, written) = try asNobody { () -> ([LedgerEntry]?, LedgerError?) in
            let reader = try SQLiteLedger.openForReading(directory: path)
            let moment = LedgerMoment(wall: minute(0), monotonic: .init(nanoseconds: 0), boot: "boot")
            let entries = try reader?.entries(LedgerQuery(), at: moment)
            do {
                _ = try SQLiteLedger.open(directory: path, now: minute(0))
                return (entries, nil)
            } catch {
                return (entries, error as? LedgerError)
            }
        }
        #expect(read?.map(\.nominalTime) == [minute(1)])
        #expect(written?.code == .inaccessible)
        #expect(written?.message.contains(path) == true)
        #expect(names.sorted() == files.sorted())
    }

    @Test func aFolderThatCannotBeMadeIsAnError() throws {
        for path in ["/proc/fnrun-state", "/dev/null/state", "/dev/null"] {
            let error = #expect(throws: LedgerError.self) { _ = try SQLiteLedger.open(directory: path, now: now) }
            #expect(error?.code == .inaccessible)
            #expect(error?.message.contains(path) == true)
            #expect(error?.message.contains("\n") == false)
        }
        #expect(throws: LedgerError.self) { _ = try SQLiteLedger.openForReading(directory: "/dev/null") }
    }

    @Test func aFolderInPlaceOfTheDatabaseIsAnError() throws {
        mkdir(store.path, 0o700)
        mkdir(store.path + "/ledger.sqlite", 0o700)
        let error = #expect(throws: LedgerError.self) { _ = try opened() }
        #expect(error?.code == .inaccessible)
        #expect(names.sorted() == ["ledger.lock", "ledger.sqlite"])
    }

    @Test func namesAreNotURIs() throws {
        let odd = store.path + "/file:a?mode=memory&b#c %41 ü"
        do { try party(try SQLiteLedger.open(directory: odd, now: now).ledger).take(claim(1), after: 0) }
        #expect(fileNames(in: odd).contains("ledger.sqlite"))
        let reader = try #require(try SQLiteLedger.openForReading(directory: odd))
        #expect(try party(try SQLiteLedger.open(directory: odd, now: now).ledger).story() == ["1 runs"])
        _ = reader
    }

    @Test func aLaterVersionIsLeftAlone() throws {
        do {
            let ledger = try opened().ledger
            try party(ledger).take(claim(1), after: 0)
            try ledger.connection.inDatabase { try $0.execute(sql: "PRAGMA user_version = 99") }
        }
        for _ in 1...2 {
            let error = #expect(throws: LedgerError.self) { _ = try opened() }
            #expect(error?.code == .tooNew)
            #expect(error?.message.contains("99") == true)
            let read = #expect(throws: LedgerError.self) {
                _ = try SQLiteLedger.openForReading(directory: store.path)
            }
            #expect(read?.code == .tooNew)
        }
        #expect(!names.contains { $0.contains("corrupt") })
    }

    @Test func anEarlierVersionIsBroughtUpToDate() throws {
        mkdir(store.path, 0o700)
        do {
            let earlier = try DatabaseQueue(path: store.path + "/ledger.sqlite")
            try earlier.inDatabase { db in
                try db.execute(sql: LedgerSchema.steps[0])
                try db.execute(
                    sql: """
                        INSERT INTO job VALUES (1, 'job', 'text', 0, 1);
                        INSERT INTO file VALUES (1, 'jobs.yaml');
                        INSERT INTO watermark VALUES (1, ?);
                        INSERT INTO occurrence (job, nominal_time, last_nominal_time, count, state, detail, file)
                            VALUES (1, ?, ?, 1, 'ran', 'succeeded', 1);
                        PRAGMA application_id = \(LedgerSchema.applicationID); PRAGMA user_version = 1;
                        """,
                    arguments: [minute(1).microseconds, minute(1).microseconds, minute(1).microseconds])
            }
        }
        let read = #expect(throws: LedgerError.self) { _ = try SQLiteLedger.openForReading(directory: store.path) }
        #expect(read?.message.contains("earlier version") == true)
        let opened = try opened()
        #expect(opened.damaged == nil)
        let party = try party(opened.ledger)
        try party.take(claim(2), after: 1)
        try party.apply(.finish(occurrence(2), runID: "run-2", .failed, at: minute(3), message: "no input"))
        #expect(try party.story() == ["1 ran succeeded", "2 ran failed"])
        #expect(try party.entries().map(\.message) == ["no input", nil])
        #expect(try SQLiteLedger.openForReading(directory: store.path) != nil)
    }

    @Test func anotherDatabaseIsLeftAlone() throws {
        mkdir(store.path, 0o700)
        do {
            let other = try DatabaseQueue(path: store.path + "/ledger.sqlite")
            try other.inDatabase { try $0.execute(sql: "CREATE TABLE photo (id INTEGER)") }
        }
        let error = #expect(throws: LedgerError.self) { _ = try opened() }
        #expect(error?.code == .failed)
        let other = try DatabaseQueue(path: store.path + "/ledger.sqlite")
        #expect(try other.inDatabase { try $0.tableExists("photo") && !$0.tableExists("job") })
    }

    @Test func aDatabaseWhoseMakingWasInterruptedIsMade() throws {
        mkdir(store.path, 0o700)
        do {
            let other = try DatabaseQueue(path: store.path + "/ledger.sqlite")
            try other.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        }
        #expect(try SQLiteLedger.openForReading(directory: store.path) == nil)
        let ledger = try opened()
        #expect(ledger.damaged == nil)
        #expect(try party(ledger.ledger).story().isEmpty)
    }
}

/// The names of the files in a folder; none if there is no such folder.
func fileNames(in folder: String) -> [String] {
    guard let entries = opendir(folder) else { return [] }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}

/// Does something on a thread without the rights of the superuser (setfsuid(2) is a thread's own), if tests have them.
func asNobody<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
    try alone {
        if geteuid() == 0 {
            typealias Call = @convention(c) (uid_t) -> Int32
            let symbol = try #require(dlsym(nil, "setfsuid"))
            _ = unsafeBitCast(symbol, to: Call.self)(65534)
        }
        return try body()
    }
}
