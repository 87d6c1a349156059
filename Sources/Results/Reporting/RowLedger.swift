import JobModel

/// The last record of each row of a file, two bytes a row: ten million rows take 20 MB.
struct RowLedger: Sendable {
    private var rows = PagedRows<UInt16>()

    /// What a row's last record says.
    struct Entry: Sendable, Equatable {
        var outcome: Outcome
        var errorClass: ErrorClass?
        /// Of the last answer; nil if there was none, or it is above 1023.
        var status: Int?
    }

    /// Notes a record of a row; it replaces the row's earlier one.
    mutating func note(index: Int, _ entry: Entry) {
        rows[index] = Self.pack(entry)
    }

    /// Hands over every row's last record, in no particular order.
    func visit(_ body: (Entry) -> Void) {
        rows.visit { _, packed in body(Self.unpack(packed)) }
    }

    /// The low six bits hold the ``RowCode``, the others the status; 0 is no record.
    private static func pack(_ entry: Entry) -> UInt16 {
        let status = entry.status.flatMap { (1...1023).contains($0) ? $0 : nil } ?? 0
        return UInt16(status << 6) | UInt16(RowCode(entry.outcome, entry.errorClass).value)
    }

    private static func unpack(_ packed: UInt16) -> Entry {
        let code = RowCode(value: UInt8(truncatingIfNeeded: packed & 63))
        let status = Int(packed >> 6)
        return Entry(outcome: code.outcome, errorClass: code.errorClass, status: status == 0 ? nil : status)
    }
}
