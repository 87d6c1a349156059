internal import Glibc
import Synchronization

/// A result file that is open, locked and ready to be appended to.
///
/// Opened before anything is sent, so that a run that could not be recorded never starts. The lock (flock(2)) keeps
/// a second writer out and ends with the descriptor, however the process ends.
package final class ResultFile: Sendable {
    /// What to do with a file that exists and is not empty.
    package enum Existing: Sendable {
        case refuse
        /// Go on behind its last whole line.
        case append
    }

    /// As the user gave it, or `standard output`.
    package let name: String
    package let descriptor: Int32
    /// Whether it can be synced and cut; pipes, terminals and devices cannot.
    package let isRegular: Bool
    /// Where the first new record goes.
    package let initialLength: Int64
    /// What a user should be told about the opening; nil if there is nothing.
    package let notice: String?
    private let ownsDescriptor: Bool
    /// Whether the records go to standard output.
    package var isStandardOutput: Bool { !ownsDescriptor }

    /// Who works with the file.
    private struct Use {
        var holders = 1
        /// Where the last whole line ends.
        var length: Int64
    }

    private let use: Mutex<Use>

    init(
        name: String, descriptor: Int32, isRegular: Bool, initialLength: Int64, notice: String? = nil,
        ownsDescriptor: Bool
    ) {
        self.name = name
        self.descriptor = descriptor
        self.isRegular = isRegular
        self.initialLength = initialLength
        self.notice = notice
        self.ownsDescriptor = ownsDescriptor
        use = Mutex(Use(length: initialLength))
    }

    deinit {
        if use.withLock({ $0.holders > 0 }) { giveUp() }
    }

    /// Takes part in the file: several runs of a process may append to it at once, and each closes it for itself.
    ///
    /// - Returns: false if the last one has closed it already.
    package func share() -> Bool {
        use.withLock { use in
            guard use.holders > 0 else { return false }
            use.holders += 1
            return true
        }
    }

    /// Ends one's part in the file. With the last part it is closed and its lock given up; further calls do nothing.
    /// Standard output stays open.
    package func close() {
        let isLast = use.withLock { use in
            guard use.holders > 0 else { return false }
            use.holders -= 1
            return use.holders == 0
        }
        if isLast { giveUp() }
    }

    private func giveUp() {
        guard ownsDescriptor else { return }
        // A child process that is about to start something holds the lock until it does: give it up by name.
        _ = flock(descriptor, LOCK_UN)
        _ = Glibc.close(descriptor)
    }

    /// Whether anybody has a part in it.
    package var isOpen: Bool { use.withLock { $0.holders > 0 } }

    /// Where the last whole line ends.
    package var length: Int64 { use.withLock { $0.length } }

    /// Lets one writer at a time append; the closure moves the end of the last whole line.
    func append<Failure: Error>(
        _ body: (_ length: inout Int64) throws(Failure) -> Void
    ) throws(Failure) {
        try use.withLock { use throws(Failure) in try body(&use.length) }
    }

    /// Opens an output: a path, or `-` for standard output.
    ///
    /// A new file gets mode 0600 and missing folders above it 0700. A non-empty file is refused unless it is to be
    /// appended to; then a torn last line, which only a crash can have left, is cut.
    package static func open(_ path: String, existing: Existing = .refuse) throws(ResultsError) -> ResultFile {
        if path == "-" { return try standardOutput() }
        guard !path.isEmpty else { throw ResultsError(.notWritable, "the output's path is empty; give --output FILE") }
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists && status.isFolder { throw isFolder(path) }
        if !exists { try FolderMaker.makeFolders(above: path) }
        let isRegular = !exists || status.isRegular
        let flags = isRegular ? O_RDWR | O_CREAT | O_APPEND : O_WRONLY | O_APPEND
        let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOCTTY, 0o600)
        guard descriptor >= 0 else { throw openFailure(path, .last) }
        do throws(ResultsError) {
            return try examine(path, descriptor: descriptor, isNew: !exists, existing: existing)
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
    }

    private static func examine(
        _ path: String, descriptor: Int32, isNew: Bool, existing: Existing
    ) throws(ResultsError) -> ResultFile {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw openFailure(path, .last) }
        guard status.isRegular else {
            ignoreBrokenPipes()
            return ResultFile(
                name: path, descriptor: descriptor, isRegular: false, initialLength: 0, ownsDescriptor: true)
        }
        try lock(path, descriptor)
        // The size counts only now: whoever held the lock may have written until a moment ago.
        guard fstat(descriptor, &status) == 0 else { throw openFailure(path, .last) }
        var length = Int64(status.st_size)
        var notice: String?
        if length > 0 {
            guard existing == .append else {
                throw ResultsError(
                    .exists,
                    "\(path): exists and is not empty; give --resume to go on with its run, --append to add to it, "
                        + "or another --output")
            }
            (length, notice) = try FileTail.mend(descriptor: descriptor, length: length, name: path)
        }
        if isNew { FolderMaker.syncFolder(of: path) }
        return ResultFile(
            name: path, descriptor: descriptor, isRegular: true, initialLength: length, notice: notice,
            ownsDescriptor: true)
    }

    private static func standardOutput() throws(ResultsError) -> ResultFile {
        var status = stat()
        guard fstat(STDOUT_FILENO, &status) == 0 else {
            throw ResultsError(.notWritable, "standard output: \(SystemError.last.reason); give --output FILE")
        }
        ignoreBrokenPipes()
        var start: Int64 = 0
        if status.isRegular {
            let appends = fcntl(STDOUT_FILENO, F_GETFL) & O_APPEND != 0
            start = appends ? Int64(status.st_size) : Int64(lseek(STDOUT_FILENO, 0, SEEK_CUR))
        }
        return ResultFile(
            name: "standard output", descriptor: STDOUT_FILENO, isRegular: status.isRegular, initialLength: start,
            ownsDescriptor: false)
    }

    private static func lock(_ path: String, _ descriptor: Int32) throws(ResultsError) {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let error = SystemError.last
            switch error.number {
            case EINTR: continue
            case EWOULDBLOCK:
                throw ResultsError(
                    .locked, "\(path): another fnrun writes to this file; wait for it, or choose another file")
            default:
                throw ResultsError(
                    .unlockable, "\(path): cannot be locked: \(error.reason); choose a folder on a local disk")
            }
        }
    }

    /// A reader that goes away must come back as `EPIPE` of the write, not as the end of the process (signal(7)).
    private static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }

    private static func isFolder(_ path: String) -> ResultsError {
        ResultsError(.isFolder, "\(path): is a folder; give the path of a file in it")
    }

    private static func openFailure(_ path: String, _ error: SystemError) -> ResultsError {
        switch error.number {
        case EISDIR: isFolder(path)
        case ENOSPC, EDQUOT: ResultsError(.full, "\(path): cannot be created: \(error.reason); make room")
        default:
            ResultsError(
                .notWritable,
                "\(path): cannot be opened for writing: \(error.reason); check its permissions or choose another file"
            )
        }
    }
}

extension stat {
    var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
    var isRegular: Bool { st_mode & S_IFMT == S_IFREG }
}
