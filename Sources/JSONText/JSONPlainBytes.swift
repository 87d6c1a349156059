/// Bytes that stand in a JSON string as they are: all but quotes, backslashes and what is below 0x20 (RFC 8259,
/// section 7).
enum JSONPlainBytes {
    static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The top bits of those of eight bytes that are not plain, the first byte lowest.
    ///
    /// They show after a subtraction (Warren, "Hacker's Delight", section 6-1); a borrow can only disturb bytes after
    /// the first hit.
    @inline(__always)
    static func hits(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
        let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
        let controls = (word &- ones &* 0x20) & ~word
        return (controls | ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)) & tops
    }

    /// Eight bytes, the first one lowest.
    @inline(__always)
    static func word(at address: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(address).loadUnaligned(as: UInt64.self))
    }

    /// Where the first byte stands that is not plain, or the end.
    @inline(__always)
    static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        var position = start
        while position + 8 <= bytes.count {
            let hits = hits(in: word(at: base + position))
            guard hits == 0 else { return position + hits.trailingZeroBitCount >> 3 }
            position += 8
        }
        while position < bytes.count, isPlain(bytes[position]) { position += 1 }
        return position
    }

    @inline(__always)
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}
