/// The bytes with which an input began when an earlier run read it, as a ``RowBatch`` reported them.
package struct InputPrefix: Sendable, Hashable {
    /// How many, after decompression.
    package var bytes: Int64
    /// Their SHA-256, lower-case hexadecimal.
    package var sha256: String

    package init(bytes: Int64, sha256: String) {
        self.bytes = bytes
        self.sha256 = sha256
    }

    /// Reads a source up to the end of these bytes, and as far behind as is needed to see that the last row among them
    /// is still the same.
    ///
    /// - Parameter format: as it is before the first row.
    /// - Throws: ``InputError`` with ``InputError/Code/changed``, or because the source cannot be read. What is wrong
    ///   with the rows themselves is left to whoever reads them.
    func check(
        _ source: any ByteSource, as format: any RowFormat, name: String, blockSize: Int = RowReader.defaultBlockSize
    ) throws(InputError) {
        var format = format
        let beginning = PrefixByteSource(source, bytes: bytes)
        let window = ByteWindow(beginning, blockSize: blockSize)
        do throws(InputError) {
            try window.skipByteOrderMark(name: name)
            while case .row = try format.skip(in: window) {}
        } catch {
            if let failure = beginning.failure { throw failure }
        }
        repeat { window.consume(window.unread.count) } while try window.fill() == .more
        guard window.consumedBytes == bytes else {
            throw changed(name, "it has \(window.consumedBytes) bytes, fewer than the \(bytes) read by")
        }
        guard window.consumedSHA256() == sha256 else {
            throw changed(name, "its first \(bytes) bytes are not those of")
        }
        guard try Self.accepts(format.mayFollow, source) else {
            throw changed(name, "its byte \(bytes) is no longer the end of a row, as it was in")
        }
    }

    private static func accepts(_ continuation: Continuation, _ source: any ByteSource) throws(InputError) -> Bool {
        // A pipe is not waited for without need.
        if continuation == .anything { return true }
        guard let next = try byte(of: source) else { return true }
        switch continuation {
        case .anything: return true
        case .nothing: return false
        case .jsonWhitespace: return next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09
        case .lineEnd(let returnSuffices):
            guard next == UInt8(ascii: "\r"), !returnSuffices else { return next == 0x0A || next == 0x0D }
            return try byte(of: source) ?? 0x0A == 0x0A
        }
    }

    private static func byte(of source: any ByteSource) throws(InputError) -> UInt8? {
        var byte: UInt8 = 0
        let count = try withUnsafeMutableBytes(of: &byte) { buffer throws(InputError) in try source.read(into: buffer) }
        return count > 0 ? byte : nil
    }

    private func changed(_ name: String, _ what: String) -> InputError {
        InputError(.changed, message: "\(name): the input has changed: \(what) the run that is to be resumed")
    }
}
