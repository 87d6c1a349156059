internal import Glibc

/// Reads result files of any size, block by block.
package struct ResultReader: Sendable {
    /// What a reader saw besides records.
    package struct Findings: Sendable, Hashable {
        /// The file's length.
        package var bytes: Int64 = 0
        /// Lines that are records.
        package var records = 0
        /// Bytes of a last line that a crash cut short; 0 if the file ends whole.
        package var tornBytes: Int64 = 0
        /// Whole lines that are no records.
        package var badLines = 0
        /// The first of them: its number from 1, and why.
        package var firstBadLine: BadLine?
    }

    package struct BadLine: Sendable, Hashable {
        package var number: Int
        package var reason: String
    }

    /// As the user gave it; `-` is standard input.
    package let path: String
    private let blockSize: Int
    private let longestLine: Int
    /// Where reading ends, whatever is appended meanwhile; nil is the file's end.
    private let limit: Int64?

    /// - Parameter longestLine: a longer line is no record; bounds the memory.
    package init(path: String, blockSize: Int = 256 * 1024, longestLine: Int = 256 << 20) {
        self.init(path: path, blockSize: blockSize, longestLine: longestLine, limit: nil)
    }

    init(path: String, blockSize: Int = 256 * 1024, longestLine: Int = 256 << 20, limit: Int64?) {
        self.path = path
        self.blockSize = max(1, blockSize)
        self.longestLine = longestLine
        self.limit = limit
    }

    /// Reads the file to its end and hands over each record.
    ///
    /// A last line without a newline counts if it is a whole record; else it is torn, which is told and no error. A
    /// line that is no record is counted and passed over.
    /// - Parameter body: gets the record, which is valid only during the call, and the number of its line from 1.
    package func read(_ body: (borrowing RecordScanner, _ line: Int) -> Void) throws(ResultsError) -> Findings {
        try visit { record, place in body(record, place.number) }
    }

    /// Where a record stands.
    struct Place {
        /// Of its line, from 1.
        var number: Int
        /// Of its first byte.
        var offset: Int64
        /// In bytes, the newline excluded.
        var length: Int
    }

    @inline(__always)
    func visit(_ body: (borrowing RecordScanner, Place) -> Void) throws(ResultsError) -> Findings {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(.last) }
        defer { if path != "-" { _ = close(descriptor) } }
        var pass = Pass(longestLine: longestLine)
        var buffer = [UInt8](repeating: 0, count: blockSize)
        var filled = 0
        while true {
            if filled == buffer.count { buffer.append(contentsOf: repeatElement(0, count: buffer.count)) }
            let rest = limit.map { Int(clamping: max(0, $0 - pass.findings.bytes)) } ?? .max
            let count = buffer.withUnsafeMutableBytes { bytes in
                Glibc.read(descriptor, bytes.baseAddress.map { $0 + filled }, min(rest, bytes.count - filled))
            }
            if count < 0 {
                guard errno == EINTR else { throw failure(.last) }
                continue
            }
            if count == 0 { break }
            pass.findings.bytes += Int64(count)
            let known = filled
            filled += count
            let used = buffer.withUnsafeBufferPointer { bytes in
                pass.lines(of: UnsafeBufferPointer(rebasing: bytes[..<filled]), searchedTo: known, body)
            }
            buffer.withUnsafeMutableBytes { bytes in
                guard used > 0, let base = bytes.baseAddress else { return }
                memmove(base, base + used, filled - used)
            }
            filled -= used
            pass.offset += Int64(used)
        }
        buffer.withUnsafeBufferPointer { bytes in
            pass.end(UnsafeBufferPointer(rebasing: bytes[..<filled]), body)
        }
        return pass.findings
    }

    /// Whether the file's first line is a `run` record, as that of every result file is; false if it cannot be read.
    package var beginsWithRun: Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.isRegular else { return false }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0, let end = buffer[..<count].firstIndex(of: UInt8(ascii: "\n")) else { return false }
        var scanner = RecordScanner()
        return buffer.withUnsafeBufferPointer { bytes in
            scanner.scan(UnsafeBufferPointer(rebasing: bytes[..<end])) == nil && scanner.kind == .run
                && scanner.has(.schema)
        }
    }

    private func failure(_ error: SystemError) -> ResultsError {
        switch error.number {
        case ENOENT: ResultsError(.notFound, "\(path): there is no such result file")
        case EISDIR: ResultsError(.isFolder, "\(path): is a folder; give the result files in it")
        default: ResultsError(.unreadable, "\(path): cannot be read: \(error.reason)")
        }
    }

    /// One pass over a file.
    private struct Pass: ~Copyable {
        let longestLine: Int
        var scanner = RecordScanner()
        var findings = Findings()
        var number = 0
        /// Of the first byte of the buffer.
        var offset: Int64 = 0
        /// Inside a line that is too long to be a record.
        var isSkipping = false

        init(longestLine: Int) {
            self.longestLine = longestLine
        }

        /// Takes whole lines; returns the bytes that are done with.
        mutating func lines(
            of bytes: UnsafeBufferPointer<UInt8>, searchedTo known: Int,
            _ body: (borrowing RecordScanner, Place) -> Void
        ) -> Int {
            var start = 0
            var search = known
            while let newline = Self.newline(in: bytes, from: search) {
                number += 1
                if isSkipping {
                    isSkipping = false
                } else {
                    take(UnsafeBufferPointer(rebasing: bytes[start..<newline]), at: offset + Int64(start), body)
                }
                start = newline + 1
                search = start
            }
            guard isSkipping || bytes.count - start > longestLine else { return start }
            if !isSkipping { bad(number + 1, "a line of more than \(longestLine) bytes") }
            isSkipping = true
            return bytes.count
        }

        mutating func end(
            _ rest: UnsafeBufferPointer<UInt8>, _ body: (borrowing RecordScanner, Place) -> Void
        ) {
            guard !rest.isEmpty else { return }
            number += 1
            guard scanner.scan(rest) == nil else {
                findings.tornBytes = Int64(rest.count)
                return
            }
            findings.records += 1
            body(scanner, Place(number: number, offset: offset, length: rest.count))
        }

        private mutating func take(
            _ line: UnsafeBufferPointer<UInt8>, at offset: Int64, _ body: (borrowing RecordScanner, Place) -> Void
        ) {
            if let fault = scanner.scan(line) { return bad(number, "\(fault)") }
            findings.records += 1
            body(scanner, Place(number: number, offset: offset, length: line.count))
        }

        private mutating func bad(_ number: Int, _ reason: String) {
            findings.badLines += 1
            if findings.firstBadLine == nil { findings.firstBadLine = BadLine(number: number, reason: reason) }
        }

        private static func newline(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
            guard start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
            else { return nil }
            return UnsafeRawPointer(found) - UnsafeRawPointer(base)
        }
    }
}
