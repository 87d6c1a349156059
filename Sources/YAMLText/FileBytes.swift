internal import Glibc
import JobModel

/// Reads whole small files: job files, scripts, secrets.
package enum FileBytes {
    /// Why a file could not be read, such as `No such file or directory`.
    package struct Failure: Error, Sendable, Hashable {
        /// A few words without the path.
        package var reason: String
        /// There is no such file (ENOENT).
        package var isMissing: Bool
        /// It is a folder (EISDIR).
        package var isFolder = false
    }

    /// The content of a file, or of a pipe up to its end (open(2), read(2)).
    ///
    /// - Parameter limit: in bytes; a longer file gives one byte more than that, so that the caller can tell.
    package static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw Failure(reason: "a NUL in its name", isMissing: false) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        let block = 64 << 10
        var status = stat()
        // Of pipes the size is 0. Growing step by step would need twice the room.
        if fstat(descriptor, &status) == 0 { content.reserveCapacity(min(max(Int(status.st_size), 0), limit) + block) }
        while content.count <= limit {
            let length = content.count
            var count = 0
            var code: Int32 = 0
            content.append(contentsOf: repeatElement(0, count: min(block, limit + 1 - length)))
            content.withUnsafeMutableBytes { buffer in
                guard let base = buffer.baseAddress else { return }
                repeat {
                    count = Glibc.read(descriptor, base + length, buffer.count - length)
                    code = errno
                } while count < 0 && code == EINTR
            }
            guard count >= 0 else { throw failure(code) }
            content.removeLast(content.count - length - count)
            if count == 0 { return content }
        }
        return content
    }

    private static func failure(_ code: Int32) -> Failure {
        var text = [CChar](repeating: 0, count: 128)
        // The POSIX variant: 0 means that the text was filled in.
        let isKnown = strerror_r(code, &text, text.count) == 0
        let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        let reason = isKnown ? String(decoding: bytes, as: UTF8.self) : "error \(code)"
        return Failure(reason: reason, isMissing: code == ENOENT, isFolder: code == EISDIR)
    }
}

extension SourceText {
    /// Reads a file; what hinders it is reported, at no line.
    ///
    /// A file above the limit is read a little further, for ``YAMLDocument/parse(_:limits:)`` to refuse.
    package static func read(
        _ path: String, limit: Int = YAMLDocument.Limits().bytes, sink: DiagnosticSink,
        hint: (FileBytes.Failure) -> String = { _ in "" }
    ) -> SourceText? {
        do throws(FileBytes.Failure) {
            return SourceText(file: path, bytes: try FileBytes.read(path, limit: limit))
        } catch {
            sink.error(.unreadable, "cannot read the file: \(error.reason)", hint: hint(error), at: nil)
            return nil
        }
    }
}
