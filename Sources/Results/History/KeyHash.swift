/// 128 bits of a row's key: two of ten million keys collide with a chance of one in 10²⁴. No protection against keys
/// that were chosen to collide.
struct KeyHash: Sendable, Hashable, Comparable {
    private var high: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var low: UInt64 = 0xC2B2_AE3D_27D4_EB4F

    init(_ key: String) {
        var key = key
        key.withUTF8 { bytes in
            for byte in bytes { add(UInt64(byte)) }
            add(UInt64(bytes.count) | 1 << 63)
        }
        (high, low) = (Self.mix(high &+ low), Self.mix(low ^ Self.mix(high)))
    }

    static func < (one: KeyHash, other: KeyHash) -> Bool {
        (one.high, one.low) < (other.high, other.low)
    }

    /// FNV-1a twice, with different primes.
    private mutating func add(_ word: UInt64) {
        high = (high ^ word) &* 0x0000_0100_0000_01B3
        low = (low ^ word) &* 0x9FB2_1C65_1E98_DF25
        low ^= low >> 29
    }

    /// The finalizer of SplitMix64.
    private static func mix(_ word: UInt64) -> UInt64 {
        var word = word
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
