import JSONText

/// JSON Lines: each line that is not blank is a row.
struct LineRows: RowFormat {
    private let maximumRowBytes: Int
    /// Lines consumed so far.
    private var lines = 0

    init(maximumRowBytes: Int) {
        self.maximumRowBytes = maximumRowBytes
    }

    mutating func next(in window: ByteWindow) throws(InputError) -> RowStep {
        while true {
            switch try window.findLineEnd(limit: maximumRowBytes) {
            case .end: return .end
            case .pause: return .pause
            case .tooLong:
                lines += 1
                try window.skipLine()
                return .tooLong(line: lines, limit: maximumRowBytes)
            case .found(let length):
                lines += 1
                let end = window.unread[length - 1] == UInt8(ascii: "\n") ? length - 1 : length
                let text = UnsafeBufferPointer(rebasing: window.unread[..<end])
                defer { window.consume(length) }
                guard length <= maximumRowBytes else { return .tooLong(line: lines, limit: maximumRowBytes) }
                if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
                do throws(JSONParseError) {
                    return .row(line: lines, content: .value(try JSONParser.parse(text)))
                } catch {
                    return .bad(line: lines, "not JSON at column \(error.column): \(error.message)")
                }
            }
        }
    }
}
