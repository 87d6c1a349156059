/// The 32 bytes of a digest, in less room than its text takes.
package struct SHA256Digest: Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// - Parameter fill: writes all 32 bytes.
    init(_ fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
        withUnsafeMutableBytes(of: &words) { words in words.withMemoryRebound(to: UInt8.self, fill) }
    }

    /// 64 lower-case digits.
    package var hexadecimal: String {
        String(unsafeUninitializedCapacity: 64) { text in
            withUnsafeBytes(of: words) { bytes in
                for (position, byte) in bytes.enumerated() {
                    text[2 * position] = Self.digit(byte >> 4)
                    text[2 * position + 1] = Self.digit(byte & 0xF)
                }
            }
            return 64
        }
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? 48 + nibble : 87 + nibble
    }
}
