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
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            func append(_ value: UInt64, nibbles: Int) {
                for shift in (0..<nibbles).reversed() {
                    let nibble = UInt8(truncatingIfNeeded: value >> (UInt64(shift) * 4)) & 0xF
                    buffer[position] = nibble < 10 ? 48 + nibble : 87 + nibble
                    position += 1
                }
            }
            func dash() {
                buffer[position] = UInt8(ascii: "-")
                position += 1
            }
            append(high >> 32, nibbles: 8)
            dash()
            append(high >> 16 & 0xFFFF, nibbles: 4)
            dash()
            append(high & 0xFFFF, nibbles: 4)
            dash()
            append(low >> 48, nibbles: 4)
            dash()
            append(low & 0xFFFF_FFFF_FFFF, nibbles: 12)
            return position
        }
    }
}
