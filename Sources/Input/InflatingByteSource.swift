import CZlib

/// Decompresses gzip (RFC 1952, any number of members) and hands on anything else as it is.
///
/// Zeros after the last member are ignored as gzip(1) does; other bytes there are an error.
final class InflatingByteSource: ByteSource {
    private enum Mode {
        case undecided, plain, inflating, betweenMembers
    }

    private let source: any ByteSource
    private let name: String
    private let mustBeCompressed: Bool
    private var mode = Mode.undecided
    private var input: UnsafeMutableBufferPointer<UInt8>
    /// The part of ``input`` that is not yet used.
    private var unused = 0..<0
    /// The last output buffer was filled to its end: zlib may hold more, which needs no further input.
    private var mayHoldOutput = false
    /// On the heap: zlib keeps its address.
    private let stream: UnsafeMutablePointer<z_stream>

    /// - Parameter mustBeCompressed: anything else than gzip is an error.
    init(_ source: any ByteSource, name: String, mustBeCompressed: Bool, blockSize: Int = 256 << 10) {
        self.source = source
        self.name = name
        self.mustBeCompressed = mustBeCompressed
        input = .allocate(capacity: max(2, blockSize))
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    var isReady: Bool { !unused.isEmpty || source.isReady }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        if mode == .undecided { try decide() }
        switch mode {
        case .undecided, .plain:
            guard !unused.isEmpty else { return try source.read(into: buffer) }
            let count = min(unused.count, buffer.count)
            buffer.copyBytes(from: input[unused.lowerBound..<unused.lowerBound + count])
            unused = unused.dropFirst(count)
            return count
        case .inflating, .betweenMembers:
            return try inflate(into: buffer)
        }
    }

    private func refill() throws(InputError) -> Bool {
        let kept = unused.count
        for offset in 0..<kept { input[offset] = input[unused.lowerBound + offset] }
        let free = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: input[kept...]))
        let count = try source.read(into: free)
        unused = 0..<kept + count
        return count > 0
    }

    private func decide() throws(InputError) {
        // One byte is enough to tell that it is not gzip.
        while unused.count < 2, unused.isEmpty || input[0] == 0x1F {
            guard try refill() else { break }
        }
        if unused.count >= 2, input[0] == 0x1F, input[1] == 0x8B {
            // 15 bits of window, 16 for gzip's header and trailer.
            guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
                throw error("zlib has no memory")
            }
            mode = .inflating
        } else if mustBeCompressed {
            throw error("it is not gzip data, although its name ends in .gz")
        } else {
            mode = .plain
        }
    }

    private func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        let output = buffer.bindMemory(to: UInt8.self)
        while true {
            if unused.isEmpty, !mayHoldOutput, try !refill() {
                guard mode == .betweenMembers else { throw error("its compressed data is cut off") }
                return 0
            }
            if mode == .betweenMembers {
                guard let next = unused.first(where: { input[$0] != 0 }) else {
                    unused = 0..<0
                    continue
                }
                guard input[next] == 0x1F else { throw error("its compressed data is followed by something else") }
                unused = next..<unused.upperBound
                inflateReset(stream)
                mode = .inflating
            }
            stream.pointee.next_in = input.baseAddress?.advanced(by: unused.lowerBound)
            stream.pointee.avail_in = UInt32(unused.count)
            stream.pointee.next_out = output.baseAddress
            stream.pointee.avail_out = UInt32(clamping: output.count)
            let offered = stream.pointee.avail_out
            let result = CZlib.inflate(stream, Z_NO_FLUSH)
            unused = unused.dropFirst(unused.count - Int(stream.pointee.avail_in))
            switch result {
            case Z_STREAM_END: mode = .betweenMembers
            case Z_OK, Z_BUF_ERROR: break
            default:
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(result)"
                throw error("its compressed data is damaged (\(reason))")
            }
            mayHoldOutput = stream.pointee.avail_out == 0 && mode == .inflating
            let count = Int(offered - stream.pointee.avail_out)
            if count > 0 { return count }
        }
    }

    private func error(_ what: String) -> InputError {
        InputError(.compression, message: "cannot read \(name): \(what)")
    }
}
