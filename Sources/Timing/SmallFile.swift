import Glibc

/// Reads small files whole (open(2), read(2)).
enum SmallFile {
    struct Failure: Error {
        var code: Int32

        var isMissing: Bool { code == ENOENT || code == ENOTDIR || code == EISDIR }
        /// In the words of strerror(3).
        var reason: String { code == EFBIG ? "it is too large" : String(cString: strerror(code)) }
    }

    /// - Parameters:
    ///   - limit: bytes; a longer file is a failure.
    ///   - cut: take the first `limit` bytes of a longer file instead.
    static func read(_ path: String, limit: Int, cut: Bool = false) -> Result<[UInt8], Failure> {
        // A pipe of that name must not block the program.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .failure(Failure(code: errno)) }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: min(limit + 1, 16_384))
        var count = 0
        while true {
            if count == bytes.count {
                if count > limit { break }
                bytes.append(contentsOf: repeatElement(0, count: min(count, limit + 1 - count)))
            }
            let result = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            if result < 0 {
                if errno == EINTR { continue }
                return .failure(Failure(code: errno))
            }
            if result == 0 { break }
            count += result
        }
        guard count <= limit || cut else { return .failure(Failure(code: EFBIG)) }
        return .success(Array(bytes.prefix(min(count, limit))))
    }
}
