import JSONText

/// JSON Lines: each line that is not blank is a row.
struct LineRows: RowFormat {
    private enum Line {
        /// Not blank, and not yet consumed. The text goes without the line feed, which the length includes.
        case row(textLength: Int, length: Int)
        /// Consumed.
        case tooLong
        case end, pause
    }

    private let maximumRowBytes: Int
    private var parser = JSONRowParser()
    /// Lines consumed so far, the one that was found included.
    private var lines = 0
    /// The last row had no line feed.
    private var isOpen = false

    init(maximumRowBytes: Int) {
        self.maximumRowBytes = maximumRowBytes
    }

    var mayFollow: Continuation { isOpen ? .lineEnd(returnSuffices: false) : .anything }

    mutating func next(in window: ByteWindow) throws(InputError) -> RowStep {
        switch try nextLine(in: window) {
        case .end: return .end
        case .pause: return .pause
        case .tooLong: return .tooLong(line: lines, limit: maximumRowBytes)
        case .row(let textLength, let length):
            defer { window.consume(length) }
            do throws(JSONParseError) {
                let text = UnsafeBufferPointer(rebasing: window.unread[..<textLength])
                return .row(line: lines, content: .value(try parser.parse(text)))
            } catch {
                return .bad(line: lines, "not JSON at column \(error.column): \(error.message)")
            }
        }
    }

    mutating func skip(in window: ByteWindow) throws(InputError) -> RowPass {
        switch try nextLine(in: window) {
        case .end: return .end
        case .pause: return .pause
        case .tooLong: return .row
        case .row(_, let length):
            window.consume(length)
            return .row
        }
    }

    /// Finds the next line that is a row, and consumes the blank ones before it.
    @inline(__always)
    private mutating func nextLine(in window: ByteWindow) throws(InputError) -> Line {
        while true {
            switch try window.findLineEnd(limit: maximumRowBytes) {
            case .end: return .end
            case .pause: return .pause
            case .tooLong:
                lines += 1
                isOpen = try !window.skipLine()
                return .tooLong
            case .found(let length):
                lines += 1
                let bytes = window.unread
                let hasLineFeed = bytes[length - 1] == UInt8(ascii: "\n")
                let textLength = hasLineFeed ? length - 1 : length
                guard length <= maximumRowBytes else {
                    window.consume(length)
                    isOpen = !hasLineFeed
                    return .tooLong
                }
                if Self.isBlank(bytes[..<textLength]) {
                    window.consume(length)
                    continue
                }
                isOpen = !hasLineFeed
                return .row(textLength: textLength, length: length)
            }
        }
    }

    @inline(__always)
    private static func isBlank(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        for byte in UnsafeBufferPointer(rebasing: text) where byte != 0x20 && byte != 0x09 && byte != 0x0D {
            return false
        }
        return true
    }
}
