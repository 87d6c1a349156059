/// A UUID as 16 bytes: a key that costs no allocation.
struct UUIDKey: Hashable, Sendable {
    private var high: UInt64
    private var low: UInt64

    /// Reads 8-4-4-4-12 hexadecimal digits (RFC 9562, section 4); nil for anything else.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count == 36 else { return nil }
        var halves: (UInt64, UInt64) = (0, 0)
        var nibbles = 0
        for position in 0..<36 {
            let byte = text[position]
            switch position {
            case 8, 13, 18, 23:
                guard byte == UInt8(ascii: "-") else { return nil }
            default:
                guard let nibble = hexadecimalValue(byte) else { return nil }
                if nibbles < 16 {
                    halves.0 = halves.0 << 4 | UInt64(nibble)
                } else {
                    halves.1 = halves.1 << 4 | UInt64(nibble)
                }
                nibbles += 1
            }
        }
        high = halves.0
        low = halves.1
    }

    init?(_ text: String) {
        var text = text
        guard let key = text.withUTF8({ UUIDKey($0) }) else { return nil }
        self = key
    }

    /// The text in lower case.
    var text: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for nibble in 0..<32 {
                if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let half = nibble < 16 ? high : low
                let value = UInt8(truncatingIfNeeded: half >> UInt64(60 - nibble % 16 * 4)) & 0xF
                buffer[position] = value < 10 ? 48 + value : 87 + value
                position += 1
            }
            return position
        }
    }
}

/// The value of a hexadecimal digit; nil for another byte.
func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 65...70: byte - 55
    case 97...102: byte - 87
    default: nil
    }
}
