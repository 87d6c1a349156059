internal import Glibc
internal import JobModel

/// The folder of a ledger, and the names in it.
struct LedgerFolder: Sendable {
    let path: String

    init(_ path: String) {
        // SQLite would read a name that begins with `file:` as a URI.
        self.path = path.isEmpty ? "." : path.hasPrefix("/") || path.hasPrefix(".") ? path : "./" + path
    }

    var database: String { path + "/ledger.sqlite" }
    var log: String { database + "-wal" }
    private var sharedMemory: String { database + "-shm" }
    private var lock: String { path + "/ledger.lock" }

    /// Makes the folder, and those that it is in, for nobody else to look into.
    func create() throws(LedgerError) {
        var end = path.startIndex
        while end < path.endIndex {
            end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
            let folder = String(path[..<end])
            guard mkdir(folder, 0o700) != 0, errno != EEXIST else { continue }
            let code = errno
            var status = stat()
            // Folders above may be there without telling mkdir(2) so: on read-only file systems, or without rights.
            if stat(folder, &status) == 0 { continue }
            throw inaccessible("cannot make the state directory \(folder)", code)
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw inaccessible("cannot open the state directory \(path)", errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw inaccessible("cannot use the state directory \(path)", ENOTDIR)
        }
    }

    /// The size of the database in bytes; nil if there is none.
    func databaseSize() throws(LedgerError) -> Int? { try size(of: database) }

    /// Whether there is a write-ahead log with something in it.
    func hasLog() throws(LedgerError) -> Bool { try (size(of: log) ?? 0) > 0 }

    /// Makes an empty database file, which SQLite's other files take their rights from.
    func createDatabase() throws(LedgerError) {
        let descriptor = open(database, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw inaccessible("cannot make the ledger \(database)", errno) }
        close(descriptor)
    }

    /// Takes back what ``createDatabase()`` made: an empty file would be taken for a damaged ledger.
    func removeDatabase() {
        for name in [log, sharedMemory, database] { unlink(name) }
    }

    /// Moves the database and what belongs to it out of the way.
    ///
    /// - Returns: where the database is now.
    func moveAside(at now: Timestamp) throws(LedgerError) -> String {
        let time = now.rfc3339(fractionDigits: 0).filter { $0 != "-" && $0 != ":" }
        let first = "\(database).corrupt-\(time)"
        var target = first
        var number = 1
        while try isTaken(target) {
            number += 1
            target = "\(first)-\(number)"
        }
        // The database last: a new one must never meet a log that is not its own.
        for suffix in ["-wal", "-shm", ""] where rename(database + suffix, target + suffix) != 0 && errno != ENOENT {
            throw inaccessible("cannot move the damaged ledger \(database) out of the way", errno)
        }
        return target
    }

    /// Does something while no other process opens, makes or moves the ledger; or, shared, while none makes or moves it.
    func locked<Result>(
        _ operation: Int32, _ body: () throws(LedgerError) -> Result
    ) throws(LedgerError) -> Result {
        let descriptor = open(lock, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw inaccessible("cannot write in the state directory \(path)", errno) }
        defer { close(descriptor) }
        // Not flock(2)'s own waiting, which has no limit: another process may have been stopped just here.
        var attempts = 0
        while flock(descriptor, operation | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw inaccessible("cannot lock \(lock)", errno)
            }
            attempts += 1
            guard attempts < 2000 else {
                throw LedgerError(
                    .busy,
                    message: "another process is opening the ledger in \(path) for more than 10 s: look for "
                        + "one that hangs, and end it")
            }
            usleep(5000)
        }
        return try body()
    }

    /// Another process that has the database open; nil if there is none.
    ///
    /// A connection in WAL mode keeps a shared lock on SQLite's lock bytes (sqlite.org/fileformat2.html, 1.4).
    /// Not to be called while this process has the database open: closing the file would drop its locks (fcntl(2)).
    func user() -> Int32? {
        let descriptor = open(database, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var range = flock()
        range.l_type = Int16(F_WRLCK)
        range.l_whence = Int16(SEEK_SET)
        range.l_start = 0x4000_0002
        range.l_len = 510
        guard fcntl(descriptor, F_GETLK, &range) == 0, range.l_type != Int16(F_UNLCK) else { return nil }
        return range.l_pid
    }

    func inaccessible(_ what: String, _ code: Int32) -> LedgerError {
        let reason = String(cString: strerror(code))
        if code == ENOSPC || code == EDQUOT {
            return LedgerError(.full, message: "\(what): \(reason): free some space, or name another state directory")
        }
        return LedgerError(
            .inaccessible,
            message: "\(what): \(reason): see to its rights and its file system, or name another state directory")
    }

    private func isTaken(_ name: String) throws(LedgerError) -> Bool {
        if try size(of: name) != nil { return true }
        return try size(of: name + "-wal") != nil
    }

    private func size(of file: String) throws(LedgerError) -> Int? {
        var status = stat()
        if stat(file, &status) == 0 { return Int(status.st_size) }
        guard errno == ENOENT else { throw inaccessible("cannot open \(file)", errno) }
        return nil
    }
}
