import Glibc
import Synchronization

/// Bytes of a file, a pipe or standard input.
final class FileByteSource: RewindableByteSource {
    /// For messages.
    private let name: String
    private let descriptor: Int32
    private let isOwner: Bool
    /// A file that can be read again, unlike a pipe or a terminal.
    let isRegular: Bool
    /// Where reading began: standard input may be a file of which others have read before.
    private let start: Int64
    private let counter: ByteCounter
    /// What is left of a regular file; nil of anything else.
    let size: Int64?

    /// - Parameter path: `-` is standard input.
    /// - Throws: ``InputError`` if it is missing, a directory, or may not be read.
    init(path: String, name: String, counter: ByteCounter) throws(InputError) {
        self.name = name
        self.counter = counter
        let isOwner = path != "-"
        let descriptor = isOwner ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0 else { throw Self.error(errno, name: name) }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            if isOwner { close(descriptor) }
            throw Self.error(EISDIR, name: name)
        }
        self.isOwner = isOwner
        self.descriptor = descriptor
        isRegular = status.st_mode & S_IFMT == S_IFREG
        start = isRegular ? max(0, Int64(lseek(descriptor, 0, SEEK_CUR))) : 0
        size = isRegular ? max(0, Int64(status.st_size) - start) : nil
    }

    deinit {
        if isOwner { close(descriptor) }
    }

    var isReady: Bool {
        guard !isRegular else { return true }
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) > 0
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 {
                counter.bytes.add(Int64(count), ordering: .relaxed)
                return count
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                // Standard input may have been made non-blocking by whoever shares it.
                var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                poll(&request, 1, -1)
            default: throw Self.error(errno, name: name)
            }
        }
    }

    /// Only of a regular file.
    func rewind() throws(InputError) {
        guard lseek(descriptor, off_t(start), SEEK_SET) >= 0 else { throw Self.error(errno, name: name) }
        counter.bytes.store(0, ordering: .relaxed)
    }

    private static func error(_ code: Int32, name: String) -> InputError {
        switch code {
        case ENOENT, ENOTDIR: InputError(.notFound, message: "cannot read \(name): there is no such file")
        case EISDIR: InputError(.isDirectory, message: "cannot read \(name): it is a directory, not a file")
        case EACCES, EPERM: InputError(.permission, message: "cannot read \(name): permission denied")
        default: InputError(.unreadable, message: "cannot read \(name): \(String(cString: strerror(code)))")
        }
    }
}

/// How many bytes a source has read, for progress: visible to other threads while a read waits.
final class ByteCounter: Sendable {
    let bytes = Atomic<Int64>(0)
}
