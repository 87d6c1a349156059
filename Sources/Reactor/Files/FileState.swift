internal import Glibc

/// What tells one state of a file from another without reading it (stat(2)).
struct FileState: Equatable {
    private var device: UInt64
    private var inode: UInt64
    private var size: Int64
    private var mode: UInt32
    private var modifiedSeconds: Int64
    private var modifiedNanoseconds: Int64

    enum Kind {
        case folder, link, other
    }

    /// What a path leads to; nil if it leads nowhere.
    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        mode = UInt32(status.st_mode)
        // A folder's own size and time change with entries that may not count.
        let isFolder = mode & UInt32(S_IFMT) == UInt32(S_IFDIR)
        size = isFolder ? 0 : Int64(status.st_size)
        modifiedSeconds = isFolder ? 0 : Int64(status.st_mtim.tv_sec)
        modifiedNanoseconds = isFolder ? 0 : Int64(status.st_mtim.tv_nsec)
    }

    /// What stands at a path itself; nil if nothing does, or nothing that can be seen.
    static func kind(of path: String) -> Kind? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        switch UInt32(status.st_mode) & UInt32(S_IFMT) {
        case UInt32(S_IFDIR): return .folder
        case UInt32(S_IFLNK): return .link
        default: return .other
        }
    }
}
