import JobModel

/// The rows of runs that go on with each other under one input: one byte a row.
///
/// A row's byte is its ``RowCode``, and two marks. Rows without a record have no byte: those that were announced are
/// kept as the spans that the announcements are.
struct HistoryGeneration: Sendable {
    /// The last record is of the run that is going on.
    private static let fresh: UInt8 = 0x80
    /// A later run announced the row and said nothing of it.
    private static let doubted: UInt8 = 0x40

    private var rows = PagedRows<UInt8>()
    private var hasFresh = false
    /// By runs of all rows.
    private var announced = AnnouncedRows()
    /// By redrives, which send only rows that have a record somewhere.
    private var redriven = AnnouncedRows()
    /// The last run of all rows, and the window of such runs that reaches furthest.
    private(set) var ordinary: RecordedRun?
    private(set) var window: ResultHistory.Window?
    /// The same of redrives, which have another input.
    private(set) var redrive: RecordedRun?
    private(set) var redriveWindow: ResultHistory.Window?

    // MARK: - Reading

    mutating func begin(_ run: RecordedRun) {
        if run.only == nil { ordinary = run } else { redrive = run }
    }

    /// Notes what an earlier generation left of a row.
    mutating func carry(_ index: Int, _ code: RowCode) {
        rows[index] = code.value
    }

    mutating func record(_ index: Int, _ code: RowCode) {
        rows[index] = code.value | Self.fresh
        hasFresh = true
    }

    mutating func announce(_ new: ResultHistory.Window, by run: RecordedRun) {
        if run.only == nil {
            if new.inputBytes >= window?.inputBytes ?? 0 { window = new }
        } else if new.inputBytes >= redriveWindow?.inputBytes ?? 0 {
            redriveWindow = new
        }
    }

    /// Ends a run: of the rows that it announced, those that it meant to send and has no record of are in doubt.
    ///
    /// It meant to send what had no record, or one of `failed` or `cancelled`; a redrive only the latter.
    mutating func end(_ run: RecordedRun, announced upTo: Int) {
        if upTo > 0 {
            if run.only == nil {
                announced.add(upTo: upTo, of: run.shard)
            } else {
                redriven.add(upTo: upTo, of: run.shard)
            }
        }
        guard upTo > 0 || hasFresh else { return }
        rows.replaceAll { index, byte in
            guard byte & Self.fresh == 0 else { return byte & ~Self.fresh }
            guard index < upTo else { return byte }
            switch Self.code(byte).outcome {
            case .succeeded, .unknown: return byte
            case .failed, .cancelled: return run.shard?.contains(index) == false ? byte : byte | Self.doubted
            }
        }
        hasFresh = false
    }

    // MARK: - What became of rows

    func state(of index: Int) -> RowState {
        let byte = rows[index]
        if byte == 0 { return announced.contains(index) ? .inDoubt : .unrecorded }
        if byte & Self.doubted != 0 { return .inDoubt }
        let code = Self.code(byte)
        return .recorded(code.outcome, code.errorClass)
    }

    /// The row's last record, whether it stands or not.
    func lastRecord(of index: Int) -> RowCode? {
        let byte = rows[index]
        return byte == 0 ? nil : Self.code(byte)
    }

    func isAnnounced(_ index: Int) -> Bool {
        announced.contains(index) || redriven.contains(index)
    }

    /// Hands over every row that has a record, in no particular order.
    @inline(__always)
    func visit(_ body: (_ index: Int, RowCode, _ isInDoubt: Bool) -> Void) {
        rows.visit { index, byte in body(index, Self.code(byte), byte & Self.doubted != 0) }
    }

    /// The first row from `start` on whose last record passes a test.
    func next(from start: Int, where isWanted: (RowCode, _ isInDoubt: Bool) -> Bool) -> Int? {
        rows.next(from: start) { $0 != 0 && isWanted(Self.code($0), $0 & Self.doubted != 0) }
    }

    /// Rows in doubt, those with a superseded record included.
    var doubts: Int {
        var (recorded, doubted) = (0, 0)
        rows.visit { index, byte in
            if announced.contains(index) { recorded += 1 }
            if byte & Self.doubted != 0 { doubted += 1 }
        }
        return max(0, announced.count - recorded) + doubted
    }

    @inline(__always)
    private static func code(_ byte: UInt8) -> RowCode {
        RowCode(value: byte & ~(fresh | doubted))
    }
}
