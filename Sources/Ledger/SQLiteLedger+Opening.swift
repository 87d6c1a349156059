internal import GRDB
internal import Glibc
package import JobModel

extension SQLiteLedger {
    /// Opens the ledger of a state directory; makes both if they are not there (folders 0700, files 0600).
    ///
    /// The whole database is checked (`PRAGMA quick_check`: about 0.5 s a million rows). A damaged one is moved aside to
    /// `ledger.sqlite.corrupt-<time>`, with its log, and a new one is begun; one that cannot be read, that another
    /// process is using, or that is of a later version is left alone, and an error.
    /// - Parameter now: for the name of a damaged ledger.
    package static func open(directory: String, now: Timestamp) throws(LedgerError) -> OpenedLedger {
        let folder = LedgerFolder(directory)
        try folder.create()
        let sound = try folder.locked(LOCK_SH) { () throws(LedgerError) in try openIfSound(folder) }
        if let sound { return OpenedLedger(ledger: sound, damaged: nil) }
        return try folder.locked(LOCK_EX) { () throws(LedgerError) in try openOrBegin(folder, now: now) }
    }

    /// Opens the ledger of a state directory for reading alone: nothing is made, moved or changed there.
    ///
    /// Works in a folder that cannot be written too, provided that no process died there with changes in the log.
    /// - Returns: nil if there is none: nothing has been scheduled with this state directory.
    package static func openForReading(directory: String) throws(LedgerError) -> SQLiteLedger? {
        let folder = LedgerFolder(directory)
        guard let size = try folder.databaseSize(), size > 0 else { return nil }
        do throws(LedgerError) {
            return try openToRead(folder, folder.database)
        } catch {
            // Without a log, the file alone is the whole database, and needs no shared memory to be read.
            guard error.code == .inaccessible, try !folder.hasLog() else { throw error }
            return try openToRead(folder, immutableURI(folder.database))
        }
    }

    /// Nil if it is yet to be made, brought up to date, or moved aside.
    private static func openIfSound(_ folder: LedgerFolder) throws(LedgerError) -> SQLiteLedger? {
        guard let size = try folder.databaseSize(), size > 0 else { return nil }
        do throws(LedgerError) {
            return try openToWrite(folder, mayMigrate: false)
        } catch {
            guard error.code == .corrupt else { throw error }
            return nil
        }
    }

    /// Nobody else is about to open it.
    private static func openOrBegin(_ folder: LedgerFolder, now: Timestamp) throws(LedgerError) -> OpenedLedger {
        let reason: String
        switch try folder.databaseSize() {
        case nil where try !folder.hasLog():
            return OpenedLedger(ledger: try begin(folder), damaged: nil)
        case nil: reason = "its file is gone, and its log is not"
        case 0: reason = "its file is empty"
        default:
            do throws(LedgerError) {
                guard let ledger = try openToWrite(folder, mayMigrate: true) else {
                    throw LedgerError(.failed, message: "the ledger \(folder.database) could not be brought up to date")
                }
                return OpenedLedger(ledger: ledger, damaged: nil)
            } catch {
                guard error.code == .corrupt else { throw error }
                reason = error.message
            }
        }
        if let user = folder.user() {
            throw LedgerError(
                .corrupt,
                message:
                    "the ledger \(folder.database) is damaged (\(reason)), and process \(user) uses it: end that, and "
                    + "start again; it is moved aside then")
        }
        let path = try folder.moveAside(at: now)
        let damaged = DamagedLedger(original: folder.database, path: path, reason: reason)
        return OpenedLedger(ledger: try begin(folder), damaged: damaged)
    }

    private static func begin(_ folder: LedgerFolder) throws(LedgerError) -> SQLiteLedger {
        try folder.createDatabase()
        do throws(LedgerError) {
            if let ledger = try openToWrite(folder, mayMigrate: true) { return ledger }
            throw LedgerError(.failed, message: "the ledger \(folder.database) could not be made")
        } catch {
            folder.removeDatabase()
            throw error
        }
    }

    /// - Returns: nil if it would have to be brought up to date and may not.
    /// - Throws: of a damaged one, an error whose message is what is wrong with it.
    private static func openToWrite(_ folder: LedgerFolder, mayMigrate: Bool) throws(LedgerError) -> SQLiteLedger? {
        try connect(folder.database, isReadOnly: false, at: folder) { db in
            let version = try LedgerSchema.version(db, at: folder.database)
            guard version == LedgerSchema.steps.count || mayMigrate else { return false }
            guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                throw LedgerError(
                    .inaccessible,
                    message:
                        "the ledger \(folder.database) is on a file system without shared memory (mmap), which SQLite's "
                        + "write-ahead log needs: name another state directory")
            }
            // Of the connection, and whoever sets up a connection may change it: therefore last, and read back.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
                throw LedgerError(.failed, message: "the ledger \(folder.database): SQLite does not sync its commits")
            }
            let finding = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
            guard finding == "ok" else {
                throw LedgerError(.corrupt, message: finding.split(separator: "\n").joined(separator: " "))
            }
            try LedgerSchema.migrate(db, at: folder.database)
            return true
        }
    }

    private static func openToRead(_ folder: LedgerFolder, _ name: String) throws(LedgerError) -> SQLiteLedger? {
        do throws(LedgerError) {
            return try connect(name, isReadOnly: true, at: folder) { db in
                let version = try LedgerSchema.version(db, at: folder.database)
                guard version == 0 || version == LedgerSchema.steps.count else {
                    throw LedgerError(
                        .failed,
                        message: "the ledger \(folder.database) is of an earlier version of fnrun: the next "
                            + "'fnrun schedule' or 'fnrun tick' brings it up to date")
                }
                return version > 0
            }
        } catch {
            throw error.code == .corrupt ? .damaged(error.message, at: folder.database) : error
        }
    }

    /// - Parameter prepare: says whether the connection is good; it is closed if not.
    private static func connect(
        _ name: String, isReadOnly: Bool, at folder: LedgerFolder, _ prepare: (Database) throws -> Bool
    ) throws(LedgerError) -> SQLiteLedger? {
        var configuration = Configuration()
        configuration.label = "fnrun.ledger"
        configuration.readonly = isReadOnly
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = false
        let file = try LedgerFile(folder.database)
        do {
            let connection = try DatabaseQueue(path: name, configuration: configuration)
            do {
                guard try connection.inDatabase(prepare) else {
                    try connection.close()
                    return nil
                }
            } catch {
                // Before anything is moved: a connection that closes deletes the log by its name.
                try? connection.close()
                throw error
            }
            return SQLiteLedger(connection: connection, file: file)
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
            throw LedgerError(.corrupt, message: error.message ?? "\(error.extendedResultCode)")
        } catch {
            throw LedgerError(error, at: folder.database)
        }
    }

    /// The name of a database that nobody changes meanwhile (sqlite.org/uri.html, 3.3).
    private static func immutableURI(_ path: String) -> String {
        let escaped = path.map { $0 == "%" ? "%25" : $0 == "?" ? "%3f" : $0 == "#" ? "%23" : String($0) }
        return "file:\(escaped.joined())?immutable=1"
    }
}
