internal import Glibc
internal import JobModel

/// Which file an open database is, to notice that its name has become another's.
struct LedgerFile: Sendable {
    let path: String
    private let device: UInt
    private let inode: UInt

    init(_ path: String) throws(LedgerError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw LedgerError(
                .inaccessible, message: "cannot open the ledger \(path): " + String(cString: strerror(errno)))
        }
        self.path = path
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
    }

    var isInPlace: Bool {
        var status = stat()
        return stat(path, &status) == 0 && UInt(status.st_dev) == device && UInt(status.st_ino) == inode
    }

    /// - Throws: ``LedgerError`` if the file was moved or deleted: what is written to it now, nobody will find.
    func check() throws(LedgerError) {
        guard isInPlace else {
            throw LedgerError(
                .inaccessible,
                message:
                    "the ledger \(path) was moved, replaced or deleted while in use: start again, to go on with what "
                    + "is there now")
        }
    }
}
