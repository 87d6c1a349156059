import JobModel

/// The last record of each row of a file, two bytes a row: ten million rows take 20 MB.
///
/// Pages of rows are made as rows appear, so that shards and stray indices cost what they hold.
struct RowLedger: Sendable {
    private static let pageSize = 512
    private var pages: [[UInt16]] = []
    private var pageOfNumber: [Int: Int] = [:]
    private var last = (number: -1, page: 0)

    /// What a row's last record says.
    struct Entry: Sendable, Equatable {
        var outcome: Outcome
        var errorClass: ErrorClass?
        /// Of the last answer; nil if there was none, or it is above 1023.
        var status: Int?
    }

    /// Notes a record of a row; it replaces the row's earlier one.
    mutating func note(index: Int, _ entry: Entry) {
        let number = index / Self.pageSize
        if number != last.number { last = (number, page(number)) }
        pages[last.page][index % Self.pageSize] = Self.pack(entry)
    }

    /// Hands over every row's last record, in no particular order.
    func visit(_ body: (Entry) -> Void) {
        for page in pages {
            for packed in page where packed != 0 { body(Self.unpack(packed)) }
        }
    }

    private mutating func page(_ number: Int) -> Int {
        if let page = pageOfNumber[number] { return page }
        pages.append([UInt16](repeating: 0, count: Self.pageSize))
        pageOfNumber[number] = pages.count - 1
        return pages.count - 1
    }

    /// The low six bits hold 1 + outcome and class, the others the status; 0 is no record.
    private static let classes = ErrorClass.allCases.count + 1

    private static func pack(_ entry: Entry) -> UInt16 {
        let outcome =
            switch entry.outcome {
            case .succeeded: 0
            case .failed: 1
            case .unknown: 2
            case .cancelled: 3
            }
        let errorClass = entry.errorClass.map { $0.position + 1 } ?? 0
        let status = entry.status.flatMap { (1...1023).contains($0) ? $0 : nil } ?? 0
        return UInt16(status << 6 | 1 + outcome * classes + errorClass)
    }

    private static func unpack(_ packed: UInt16) -> Entry {
        let code = Int(packed & 63) - 1
        let status = Int(packed >> 6)
        return Entry(
            outcome: Outcome.allCases[code / classes],
            errorClass: code % classes == 0 ? nil : ErrorClass.allCases[code % classes - 1],
            status: status == 0 ? nil : status)
    }
}
