internal import Glibc

/// The end of a file that is to be appended to: nothing may follow a line that is not whole.
enum FileTail {
    /// The longest last line that is looked at as a whole; a longer torn one is cut unseen.
    private static let longestLine: Int64 = 128 << 20
    /// A first line is a `run` record, which is short.
    private static let longestFirstLine: Int64 = 65_536
    /// What is read first, at either end: most lines end in it.
    private static let block: Int64 = 4096

    /// Makes the file end with a whole line: ends a record that lacks only its newline, cuts any other torn line.
    ///
    /// - Returns: the length from now on, and what was done.
    /// - Throws: `notRecords` if the file's first line is whole and no record, or its first or last line does not begin
    ///   as a record does: what is no result file must not be damaged.
    static func mend(
        descriptor: Int32, length: Int64, name: String
    ) throws(ResultsError) -> (length: Int64, notice: String?) {
        guard try beginsAsRecord(descriptor, at: 0, name), try firstLineMayBeRecord(descriptor, length, name) else {
            throw foreign(name)
        }
        let start = try lastLineStart(descriptor, length: length, name)
        let torn = length - start
        guard torn > 0 else { return (length, nil) }
        guard try beginsAsRecord(descriptor, at: start, name) else { throw foreign(name) }
        var isWhole = false
        if torn <= longestLine { isWhole = isWholeRecord(try bytes(descriptor, from: start, to: length, name)) }
        do throws(SystemError) {
            let operations = SystemFileOperations()
            guard isWhole else {
                try operations.truncate(descriptor, to: start)
                return (start, "\(name): cut a torn last line of \(torn) bytes, left by a crash")
            }
            _ = try [UInt8(ascii: "\n")].withUnsafeBufferPointer { newline throws(SystemError) in
                try operations.write(UnsafeRawBufferPointer(newline), to: descriptor)
            }
            return (length + 1, "\(name): the last line lacked its newline; it was added")
        } catch {
            throw ResultsError(
                .notWritable, "\(name): its last line cannot be mended: \(error.reason); choose another file")
        }
    }

    private static func isWholeRecord(_ line: [UInt8]) -> Bool {
        var scanner = RecordScanner()
        return line.withUnsafeBufferPointer { scanner.scan($0) } == nil
    }

    /// A crash of the machine may leave zero bytes where data had not been written yet.
    private static func beginsAsRecord(_ descriptor: Int32, at offset: Int64, _ name: String) throws(ResultsError)
        -> Bool
    {
        let first = try bytes(descriptor, from: offset, to: offset + 1, name).first
        return first == UInt8(ascii: "{") || first == 0
    }

    /// Whether the first line, as far as it is looked at, is a record or may become one.
    private static func firstLineMayBeRecord(
        _ descriptor: Int32, _ length: Int64, _ name: String
    ) throws(ResultsError) -> Bool {
        for most in [block, longestFirstLine] {
            let beginning = try bytes(descriptor, from: 0, to: min(length, most), name)
            guard let newline = beginning.firstIndex(of: UInt8(ascii: "\n")) else { continue }
            return beginning[0] == 0 || isWholeRecord(Array(beginning[..<newline]))
        }
        return true
    }

    private static func lastLineStart(_ descriptor: Int32, length: Int64, _ name: String) throws(ResultsError) -> Int64
    {
        var end = length
        var size = block
        while end > 0 {
            let begin = max(0, end - size)
            let bytes = try bytes(descriptor, from: begin, to: end, name)
            if let newline = bytes.lastIndex(of: UInt8(ascii: "\n")) { return begin + Int64(newline) + 1 }
            end = begin
            size = longestFirstLine
        }
        return 0
    }

    private static func bytes(
        _ descriptor: Int32, from start: Int64, to end: Int64, _ name: String
    ) throws(ResultsError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Int(end - start))
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(
                    descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled,
                    off_t(start) + off_t(filled))
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw ResultsError(.unreadable, "\(name): cannot be read: \(SystemError.last.reason)")
            }
            guard count > 0 else { break }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    private static func foreign(_ name: String) -> ResultsError {
        ResultsError(.notRecords, "\(name): holds something else than result records; choose another file")
    }
}
