/// The state of reading one input: a window on its bytes, and the format that cuts them into rows.
struct RowStream {
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

    mutating func next(limit batchLimit: Int) -> RowBatch {
        var rows: [InputRow] = []
        do throws(InputError) {
            try append(to: &rows, upTo: Swift.min(batchLimit, limit.map { $0 - index } ?? batchLimit))
        } catch {
            failure = error.message
            isLast = true
        }
        if let limit, index >= limit { isLast = true }
        return RowBatch(
            rows: rows, upTo: index, inputBytes: window.consumedBytes, inputSHA256: window.consumedSHA256(),
            isLast: isLast, failure: failure)
    }

    private mutating func append(to rows: inout [InputRow], upTo count: Int) throws(InputError) {
        guard !isLast else { return }
        if !hasBegun {
            try window.skipByteOrderMark(name: name)
            hasBegun = true
        }
        rows.reserveCapacity(Swift.max(0, Swift.min(count, 4096)))
        while rows.count < count {
            window.isPausable = !rows.isEmpty
            switch try format.next(in: window) {
            case .row(let line, let content):
                rows.append(InputRow(index: index, line: line, content: content))
                index += 1
            case .pause: return
            case .end:
                isLast = true
                return
            }
        }
    }
}
