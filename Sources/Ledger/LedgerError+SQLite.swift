internal import GRDB
internal import Glibc
internal import JobModel

extension LedgerError {
    /// What an error of SQLite (sqlite.org/rescode.html) means to who uses the ledger.
    init(_ error: any Error, at path: String) {
        if let error = error as? LedgerError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(.failed, message: "the ledger \(path): \(error)")
            return
        }
        let reason = error.message ?? "\(error.extendedResultCode)"
        switch error.resultCode {
        case .SQLITE_FULL:
            self = .full(path, reason)
        case .SQLITE_IOERR where Self.isFull(path):
            self = .full(path, reason)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .inaccessible,
                message: "the ledger \(path) cannot be opened or written: \(reason): see to the rights and the file "
                    + "system of its folder, or name another state directory")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self = .damaged(reason, at: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy,
                message:
                    "the ledger \(path) is held by another process for more than 10 s: look for one that hangs, and "
                    + "end it")
        default:
            self.init(.failed, message: "the ledger \(path): \(reason) (\(error.extendedResultCode.rawValue))")
        }
    }

    static func damaged(_ reason: String, at path: String) -> LedgerError {
        LedgerError(
            .corrupt,
            message:
                "the ledger \(path) is damaged: \(reason): end what uses it, and start `schedule` or `tick` again: they "
                + "check it, and move it aside")
    }

    private static func full(_ path: String, _ reason: String) -> LedgerError {
        LedgerError(
            .full, message: "no room to write the ledger \(path): \(reason): free some space, then start again")
    }

    /// SQLite calls some failures for want of room input and output errors: those of its shared memory file.
    private static func isFull(_ path: String) -> Bool {
        var status = statvfs()
        return statvfs(path, &status) == 0 && status.f_bavail == 0
    }
}
