/// The state of reading one input: a window on its bytes, and the format that cuts them into rows.
struct RowStream {
    /// A call ends after it has passed over so many rows, or so many bytes of rows, to let others have a word.
    private static let passedRowsLimit = 65_536
    private static let passedBytesLimit: Int64 = 64 << 20

    private let name: String
    private let window: ByteWindow
    private var format: any RowFormat
    private let limit: Int?
    private var index = 0
    private var hasBegun = false
    private var isLast = false
    private var failure: String?

    init(source: any ByteSource, name: String, format: any RowFormat, limit: Int?, blockSize: Int) {
        self.name = name
        self.format = format
        self.limit = limit
        window = ByteWindow(source, blockSize: blockSize)
        isLast = limit.map { $0 <= 0 } ?? false
    }

    mutating func next(limit batchLimit: Int, where isWanted: (Int) -> Bool = { _ in true }) -> RowBatch {
        var rows: [InputRow] = []
        do throws(InputError) {
            try append(to: &rows, limit: batchLimit, where: isWanted)
        } catch {
            failure = error.message
            isLast = true
        }
        if let limit, index >= limit { isLast = true }
        return RowBatch(
            rows: rows, upTo: index, inputBytes: window.consumedBytes, inputSHA256: window.consumedSHA256(),
            isLast: isLast, failure: failure)
    }

    private mutating func append(
        to rows: inout [InputRow], limit batchLimit: Int, where isWanted: (Int) -> Bool
    ) throws(InputError) {
        guard !isLast else { return }
        if !hasBegun {
            try window.skipByteOrderMark(name: name)
            hasBegun = true
        }
        let start = (index: index, bytes: window.consumedBytes)
        let end = limit ?? .max
        var passed = 0
        while rows.count < batchLimit, index < end {
            // One row at least is waited for.
            window.isPausable = index > start.index
            if isWanted(index) {
                switch try format.next(in: window) {
                case .row(let line, let content):
                    if rows.isEmpty { rows.reserveCapacity(Swift.min(batchLimit, end - index, 4096)) }
                    rows.append(InputRow(index: index, line: line, content: content))
                case .pause: return
                case .end:
                    isLast = true
                    return
                }
            } else {
                switch try format.skip(in: window) {
                case .row: passed += 1
                case .pause: return
                case .end:
                    isLast = true
                    return
                }
            }
            index += 1
            let isPassedEnough =
                passed == Self.passedRowsLimit
                || passed > 0 && window.consumedBytes - start.bytes >= Self.passedBytesLimit
            if isPassedEnough { return }
        }
    }
}
