internal import Glibc

/// What a path leads to, whatever it is called: device and inode (stat(2)).
struct FileIdentity: Hashable {
    private let device: UInt64
    private let inode: UInt64
    /// An ordinary file: no folder, pipe or device.
    let isRegular: Bool

    /// Whether a path leads to a pipe (fifo(7)), which waits for the other side when it is opened.
    static func isPipe(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    /// Nil if there is nothing.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        isRegular = status.st_mode & S_IFMT == S_IFREG
    }
}
