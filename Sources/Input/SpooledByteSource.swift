import Glibc
import Synchronization

/// Makes the beginning of a pipe readable again: what is read before ``rewind()`` is copied into a temporary file,
/// and read from there afterwards; then come the rest of the pipe's bytes.
///
/// The file is unlinked as soon as it exists, so that nothing is left of it however the process ends.
final class SpooledByteSource: RewindableByteSource {
    private let source: any ByteSource
    /// For messages.
    private let name: String
    private let folder: String
    private let counter: ByteCounter
    /// The temporary file; negative once it is of no more use.
    private var descriptor: Int32
    private var isReplaying = false
    /// Bytes of the temporary file that are still to be read again.
    private var rest: Int64 = 0
    /// A terminal would wait for a second end.
    private var hasEnded = false

    /// - Parameters:
    ///   - counter: that of the source.
    ///   - folder: where the temporary file is made.
    /// - Throws: ``InputError`` if it cannot be made.
    init(
        _ source: any ByteSource, name: String, counter: ByteCounter, folder: String = defaultFolder
    ) throws(InputError) {
        (self.source, self.name, self.counter, self.folder) = (source, name, counter, folder)
        // mkstemp(3) makes the file with mode 0600.
        var path = Array("\(folder)/fnrun-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw Self.error(errno, name: name, folder: folder) }
        unlink(path)
        // Nobody else is to hold the disk space.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// `$TMPDIR`, else `/tmp`.
    private static var defaultFolder: String {
        guard let folder = getenv("TMPDIR"), folder.pointee != 0 else { return "/tmp" }
        return String(cString: folder)
    }

    var isReady: Bool { isReplaying && rest > 0 || hasEnded || source.isReady }

    func rewind() throws(InputError) {
        guard lseek(descriptor, 0, SEEK_SET) >= 0 else { throw Self.error(errno, name: name, folder: folder) }
        isReplaying = true
        counter.bytes.store(0, ordering: .relaxed)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        if isReplaying, rest > 0 { return try readCopy(into: buffer) }
        guard !hasEnded else { return 0 }
        let count = try source.read(into: buffer)
        hasEnded = count == 0
        if !isReplaying { try copy(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        return count
    }

    private func copy(_ bytes: UnsafeRawBufferPointer) throws(InputError) {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = write(descriptor, UnsafeRawBufferPointer(rebasing: bytes).baseAddress, bytes.count)
            if count < 0 {
                guard errno == EINTR else { throw Self.error(errno, name: name, folder: folder) }
                continue
            }
            bytes = bytes.dropFirst(count)
            rest += Int64(count)
        }
    }

    private func readCopy(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, Int(min(Int64(buffer.count), rest)))
            if count > 0 {
                rest -= Int64(count)
                counter.bytes.add(Int64(count), ordering: .relaxed)
                if rest == 0 {
                    // Gives the disk space back while the pipe is still being read.
                    close(descriptor)
                    descriptor = -1
                }
                return count
            }
            guard count < 0, errno == EINTR else {
                throw Self.error(count < 0 ? errno : EIO, name: name, folder: folder)
            }
        }
    }

    private static func error(_ code: Int32, name: String, folder: String) -> InputError {
        InputError(
            .temporaryFile,
            message: "cannot keep a copy of the beginning of \(name) in \(folder), which is needed to compare it with "
                + "an earlier run: \(String(cString: strerror(code))); set TMPDIR to a folder with room for it, or "
                + "give the input as a file")
    }
}
