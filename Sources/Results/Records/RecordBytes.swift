/// The bytes of one line, and where the JSON values in it end. Eight bytes at a time: most of a result file is text
/// that nobody looks at.
struct RecordBytes {
    private let base: UnsafeRawPointer
    let count: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        // Only an empty buffer has no address, and of that nothing is read.
        base = bytes.baseAddress.map(UnsafeRawPointer.init) ?? UnsafeRawPointer(Self.empty.utf8Start)
        count = bytes.count
    }

    private static let empty: StaticString = ""

    /// The byte at a position; 0, which is no part of JSON, behind the end.
    @inline(__always)
    subscript(position: Int) -> UInt8 {
        position < count ? base.load(fromByteOffset: position, as: UInt8.self) : 0
    }

    /// The bytes from `start` to `end`, which must lie within the line.
    @inline(__always)
    func slice(_ start: Int, _ end: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: (base + start).assumingMemoryBound(to: UInt8.self), count: end - start)
    }

    /// Eight bytes, the first one lowest; there must be so many.
    @inline(__always)
    func word(at position: Int) -> UInt64 {
        UInt64(littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }

    func skipSpace(_ start: Int) -> Int {
        var position = start
        while position < count {
            switch self[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            default: return position
            }
        }
        return position
    }

    // MARK: - Values

    /// Behind the value that begins at `start`; nil if there is none. Nested values are passed over by their
    /// brackets.
    @inline(__always)
    func valueEnd(_ start: Int) -> Int? {
        switch self[start] {
        case UInt8(ascii: "\""): return stringEnd(start)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return containerEnd(start)
        default:
            var position = start
            while Self.isScalar(self[position]) { position += 1 }
            return position > start ? position : nil
        }
    }

    /// What numbers, `true`, `false` and `null` consist of.
    @inline(__always)
    private static func isScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// Behind the closing quote of the string that opens at `start`; nil if there is none.
    @inline(__always)
    func stringEnd(_ start: Int) -> Int? {
        var position = start + 1
        while position + 8 <= count {
            let word = word(at: position)
            let hits = Self.zeros(word ^ Self.quotes) | Self.zeros(word ^ Self.backslashes)
            guard hits != 0 else {
                position += 8
                continue
            }
            position += hits.trailingZeroBitCount >> 3
            if self[position] == UInt8(ascii: "\"") { return position + 1 }
            position += 2
        }
        while position < count {
            switch self[position] {
            case UInt8(ascii: "\""): return position + 1
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return nil
    }

    private func containerEnd(_ start: Int) -> Int? {
        var depth = 0
        var position = start
        while position < count {
            if position + 8 <= count {
                let word = word(at: position)
                // All four brackets, and some letters, become 0x7F.
                let hits = Self.zeros(word ^ Self.quotes) | Self.zeros((word | Self.foldings) ^ Self.folded)
                guard hits != 0 else {
                    position += 8
                    continue
                }
                position += hits.trailingZeroBitCount >> 3
            }
            switch self[position] {
            case UInt8(ascii: "\""):
                guard let end = stringEnd(position) else { return nil }
                position = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return position + 1 }
            default: break
            }
            position += 1
        }
        return nil
    }

    // MARK: - Eight bytes at once

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let quotes = ones &* UInt64(UInt8(ascii: "\""))
    private static let backslashes = ones &* UInt64(UInt8(ascii: "\\"))
    private static let foldings = ones &* 0x26
    private static let folded = ones &* 0x7F

    /// The high bit of the first zero byte is the lowest bit set; 0 if no byte is zero. Bits above it may be wrong.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 {
        (word &- ones) & ~word & (ones &* 0x80)
    }
}
