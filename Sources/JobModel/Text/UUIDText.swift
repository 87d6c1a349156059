/// UUIDs as text, made from injected randomness (RFC 9562).
package enum UUIDText {
    /// A random UUID, version 4 (RFC 9562, section 5.4), in lower case.
    package static func version4(using random: inout some RandomNumberGenerator) -> String {
        format(high: random.next() & ~0xF000 | 0x4000, low: random.next() & ~(0b11 << 62) | 0b10 << 62)
    }

    /// A time-ordered UUID, version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then randomness.
    package static func version7(at time: Timestamp, using random: inout some RandomNumberGenerator) -> String {
        let milliseconds = UInt64(clamping: time.milliseconds) & 0xFFFF_FFFF_FFFF
        let high = milliseconds << 16 | 0x7000 | random.next() & 0x0FFF
        return format(high: high, low: random.next() & ~(0b11 << 62) | 0b10 << 62)
    }

    /// Whether a text has the form 8-4-4-4-12 of hexadecimal digits.
    package static func isValid(_ text: some StringProtocol) -> Bool {
        let bytes = text.utf8
        guard bytes.count == 36 else { return false }
        for (position, byte) in bytes.enumerated() {
            switch position {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return false }
            default:
                let isDigit = (48...57).contains(byte) || (97...102).contains(byte | 0x20)
                guard isDigit else { return false }
            }
        }
        return true
    }

    private static func format(high: UInt64, low: UInt64) -> String {
        let words = (
            hexadecimal(UInt32(high >> 32)), hexadecimal(UInt32(truncatingIfNeeded: high)),
            hexadecimal(UInt32(low >> 32)), hexadecimal(UInt32(truncatingIfNeeded: low))
        )
        return String(unsafeUninitializedCapacity: 36) { buffer in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            func put<Digits: FixedWidthInteger>(_ digits: Digits, at offset: Int) {
                bytes.storeBytes(of: digits.littleEndian, toByteOffset: offset, as: Digits.self)
            }
            put(words.0, at: 0)
            put(UInt32(truncatingIfNeeded: words.1), at: 9)
            put(UInt32(words.1 >> 32), at: 14)
            put(UInt32(truncatingIfNeeded: words.2), at: 19)
            put(UInt32(words.2 >> 32), at: 24)
            put(words.3, at: 28)
            (bytes[8], bytes[13]) = (UInt8(ascii: "-"), UInt8(ascii: "-"))
            (bytes[18], bytes[23]) = (UInt8(ascii: "-"), UInt8(ascii: "-"))
            return 36
        }
    }

    /// Eight digits, the first one in the lowest byte: all nibbles at once.
    private static func hexadecimal(_ value: UInt32) -> UInt64 {
        var digits = UInt64(value)
        digits = (digits << 16 | digits) & 0x0000_FFFF_0000_FFFF
        digits = (digits << 8 | digits) & 0x00FF_00FF_00FF_00FF
        digits = (digits << 4 | digits) & 0x0F0F_0F0F_0F0F_0F0F
        // Adding 6 carries into the upper nibble from 10 on.
        let letters = (digits + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        let text = digits + 0x3030_3030_3030_3030 + letters * 39
        return text.byteSwapped
    }
}
