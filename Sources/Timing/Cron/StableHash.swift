/// A 64-bit hash that is the same in every run, on every machine and in every release: FNV-1a over bytes, then the
/// finalizer of SplitMix64, since the low bits of FNV-1a alone are too alike for short names.
///
/// What `H` and jitter choose depends on it: a change of it moves the schedules of users.
struct StableHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func combine(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x100_0000_01b3
    }

    mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { combine(byte) }
    }

    /// In little-endian order.
    mutating func combine(_ number: Int64) {
        for shift in stride(from: 0, to: 64, by: 8) { combine(UInt8(truncatingIfNeeded: number >> Int64(shift))) }
    }

    /// Keeps what comes next from running into a text: 0xff is in no UTF-8.
    mutating func separate() {
        combine(UInt8(0xff))
    }

    var value: UInt64 {
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
