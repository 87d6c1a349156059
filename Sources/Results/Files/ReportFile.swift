internal import Glibc

/// A report that is written in one piece at the end, and whose file is opened before anything is sent: a report that
/// could not be written is known in time.
package final class ReportFile: Sendable {
    /// As the user gave it.
    package let path: String
    private let descriptor: Int32
    private let isRegular: Bool

    private init(path: String, descriptor: Int32, isRegular: Bool) {
        self.path = path
        self.descriptor = descriptor
        self.isRegular = isRegular
    }

    deinit { close(descriptor) }

    /// Opens a file, which keeps what it holds until it is written. A new one gets mode 0600, missing folders above it
    /// 0700.
    package static func open(_ path: String) throws(ResultsError) -> ReportFile {
        guard !path.isEmpty else {
            throw ResultsError(.notWritable, "a report's path is empty; give the path of a file")
        }
        try FolderMaker.makeFolders(above: path)
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0o600)
        guard descriptor >= 0 else {
            throw ResultsError(
                .notWritable, "\(path): cannot be opened for writing: \(SystemError.last.reason); choose another file")
        }
        var status = stat()
        let isRegular = fstat(descriptor, &status) == 0 && status.isRegular
        return ReportFile(path: path, descriptor: descriptor, isRegular: isRegular)
    }

    /// Puts the bytes in the place of what the file held.
    package func write(_ bytes: [UInt8]) throws(ResultsError) {
        if isRegular, ftruncate(descriptor, 0) != 0 { throw failure(.last) }
        let failed = bytes.withUnsafeBytes { buffer -> SystemError? in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0 {
                    guard errno == EINTR else { return .last }
                    continue
                }
                rest = rest.dropFirst(count)
            }
            return nil
        }
        if let failed { throw failure(failed) }
        if isRegular, fsync(descriptor) != 0 { throw failure(.last) }
    }

    private func failure(_ error: SystemError) -> ResultsError {
        ResultsError(.write, "\(path): the report cannot be written: \(error.reason)")
    }
}
