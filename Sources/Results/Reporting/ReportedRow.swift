import JobModel

/// What the last record of a row says, in eight bytes.
struct ReportedRow: Sendable, Comparable {
    private let packed: UInt64

    /// - Parameters:
    ///   - index: below 2⁴⁸.
    ///   - status: 0 if there is none; at most 1023.
    init(index: Int, code: RowCode, status: UInt16) {
        packed = UInt64(index) << 16 | UInt64(status) << 6 | UInt64(code.value)
    }

    var index: Int { Int(packed >> 16) }
    var code: RowCode { RowCode(value: UInt8(packed & 63)) }
    var status: UInt16 { UInt16(packed >> 6 & 1023) }

    /// By index first.
    static func < (one: ReportedRow, other: ReportedRow) -> Bool { one.packed < other.packed }
}
