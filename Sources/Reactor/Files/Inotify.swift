internal import Glibc

/// An inotify(7) descriptor and what it watches.
struct Inotify: ~Copyable {
    struct Event: Equatable {
        var watch: Int32
        var mask: UInt32
        /// The entry of the folder; empty if it is about the folder itself.
        var name: String

        func has(_ flags: Int32...) -> Bool {
            flags.contains { mask & UInt32(bitPattern: $0) != 0 }
        }
    }

    /// The folder itself goes away.
    private static let itself = IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
    /// Its entries come, go, were written to, or may be read by others than before.
    private static let entries = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | IN_ATTRIB

    /// Closed by whoever owns this, when nothing reads from it any more.
    let descriptor: Int32
    private(set) var watches: [Int32: PathWalk.Interest] = [:]

    /// - Throws: if the system has no descriptor left.
    init() throws(FileWatchError) {
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else {
            throw FileWatchError(
                "files cannot be watched: \(String(cString: strerror(errno))) (inotify_init1; see "
                    + "/proc/sys/fs/inotify/max_user_instances)")
        }
    }

    /// Watches these folders and no others.
    ///
    /// - Returns: why a folder whose entries count cannot be watched, if there is one.
    mutating func watch(_ folders: [String: PathWalk.Interest]) -> String? {
        var wanted: [Int32: PathWalk.Interest] = [:]
        var problem: String?
        // What is watched entry by entry comes last: of two paths to one folder the later sets what is watched.
        let ordered = folders.sorted { $0.value.isPassedThrough && !$1.value.isPassedThrough }
        for (folder, interest) in ordered {
            let mask = interest.isPassedThrough ? Self.itself : Self.itself | Self.entries
            let watch = inotify_add_watch(descriptor, folder.isEmpty ? "/" : folder, UInt32(bitPattern: mask))
            guard watch >= 0 else {
                // A folder that has gone meanwhile is found to be missing when the paths are followed once more.
                if errno != ENOENT, errno != ENOTDIR, !interest.isPassedThrough || errno == ENOSPC {
                    problem = "\(folder) cannot be watched: \(Self.reason(errno))"
                }
                continue
            }
            wanted[watch, default: PathWalk.Interest()].names.formUnion(interest.names)
            if interest.includesContents { wanted[watch]?.includesContents = true }
        }
        for watch in watches.keys where wanted[watch] == nil { inotify_rm_watch(descriptor, watch) }
        watches = wanted
        return problem
    }

    /// Reads what has happened since the last call.
    func read() -> [Event] {
        var events: [Event] = []
        withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 8) { buffer in
            while true {
                let length = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                guard length > 0 else { return }
                Self.parse(UnsafeRawBufferPointer(rebasing: buffer[..<length]), into: &events)
            }
        }
        return events
    }

    /// Reads `struct inotify_event`s; what is cut off is left out.
    static func parse(_ bytes: UnsafeRawBufferPointer, into events: inout [Event]) {
        var position = 0
        while position + 16 <= bytes.count {
            let watch = bytes.loadUnaligned(fromByteOffset: position, as: Int32.self)
            let mask = bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self)
            let length = Int(bytes.loadUnaligned(fromByteOffset: position + 12, as: UInt32.self))
            let start = position + 16
            guard start + length <= bytes.count else { return }
            let name = bytes[start..<start + length].prefix { $0 != 0 }
            events.append(Event(watch: watch, mask: mask, name: String(decoding: name, as: UTF8.self)))
            position = start + length
        }
    }

    private static func reason(_ number: Int32) -> String {
        number == ENOSPC
            ? "too many watches (see /proc/sys/fs/inotify/max_user_watches)" : String(cString: strerror(number))
    }
}
