import Glibc

/// Finds the cells of one row of CSV (RFC 4180, section 2) at the beginning of a window, across its blocks.
struct DelimitedScanner {
    /// Content of a cell, as offsets from the row's beginning; quotes around it left aside.
    struct Cell {
        var start: Int
        var end: Int
        var isQuoted: Bool
        /// Quotes inside are written twice.
        var hasQuotes: Bool
    }

    enum Problem {
        /// Text between a closing quote and the next delimiter.
        case textAfterQuote(cell: Int)
        case unterminatedQuote(cell: Int)
        case tooLong
    }

    enum Outcome {
        case row, end, pause
    }

    private enum State {
        case cellStart, plain, quoted
        /// Behind a quote in a quoted cell: it closes the cell, or is the first half of a doubled one.
        case quoteSeen
        case textAfterQuote
    }

    private static let quote = UInt8(ascii: "\"")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private let delimiter: UInt8
    private let maximumRowBytes: Int

    /// How many cells of a row are kept at most: a row of nothing but delimiters must not take many times its own room.
    var mostCells: Int
    /// The cells of the row that was found, at most ``mostCells``; of one with a ``problem`` perhaps fewer.
    private(set) var cells: [Cell] = []
    /// All of them.
    private(set) var cellCount = 0
    private(set) var problem: Problem?
    /// The row's length with its line end; that of the rest if a row that is too long was consumed in part.
    private(set) var length = 0
    /// Line feeds inside the row.
    private(set) var innerLineFeeds = 0
    /// How the row that was found last may go on if the input ended with it.
    private(set) var mayFollow = Continuation.anything

    private var state = State.cellStart
    private var cellStart = 0
    private var hasQuotes = false
    private var hasQuotedCell = false
    /// Some line ends with a carriage return alone, so that looking for line feeds may lead far.
    private var hasLoneReturns = false

    init(delimiter: UInt8, mostCells: Int, maximumRowBytes: Int) {
        self.mostCells = mostCells
        self.delimiter = delimiter
        self.maximumRowBytes = maximumRowBytes
    }

    /// A line without anything on it.
    var isEmptyLine: Bool {
        problem == nil && cellCount == 1 && !cells[0].isQuoted && cells[0].start == cells[0].end
    }

    /// Finds the next row; it is not consumed but for the beginning of one that is too long.
    mutating func scan(_ window: ByteWindow) throws(InputError) -> Outcome {
        begin()
        var position = 0
        var discarded = 0
        while true {
            let bytes = window.unread
            if let lineEnd = advance(in: bytes, &position) {
                mayFollow = .anything
                return try finish(at: lineEnd, discarded: discarded, window)
            }
            if position + discarded > maximumRowBytes {
                discard(bytes, upTo: position)
                window.consume(position)
                discarded += position
                position = 0
            }
            switch try window.fill(mayPause: discarded == 0) {
            case .more: continue
            case .pause: return .pause
            case .end:
                guard position + discarded > 0 else { return .end }
                mayFollow = state == .quoted ? .nothing : .lineEnd(returnSuffices: true)
                endOfInput(at: position)
                return try finish(at: position, discarded: discarded, window)
            }
        }
    }

    /// Consumes a line that is in memory as a whole and needs no look at its cells, having neither quotes nor more
    /// than the allowed bytes.
    ///
    /// - Returns: whether the line is empty; nil, and nothing is consumed, if ``scan(_:)`` has to find the row's end.
    mutating func passPlainLine(_ window: ByteWindow) -> Bool? {
        let bytes = window.unread
        guard !hasLoneReturns, let base = bytes.baseAddress, let lineFeed = memchr(base, 0x0A, bytes.count) else {
            return nil
        }
        let length = UnsafeRawPointer(lineFeed) - UnsafeRawPointer(base) + 1
        guard length <= maximumRowBytes, memchr(base, Int32(Self.quote), length) == nil else { return nil }
        var contentLength = length - 1
        if let found = memchr(base, Int32(Self.carriageReturn), length) {
            contentLength = length - 2
            guard UnsafeRawPointer(found) - UnsafeRawPointer(base) == contentLength else {
                hasLoneReturns = true
                return nil
            }
        }
        window.consume(length)
        mayFollow = .anything
        return contentLength == 0
    }

    private mutating func begin() {
        cells.removeAll(keepingCapacity: true)
        problem = nil
        innerLineFeeds = 0
        state = .cellStart
        cellCount = 0
        hasQuotedCell = false
    }

    /// Walks on to the row's line end and returns where it is; nil if the bytes end before.
    private mutating func advance(in bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> Int? {
        guard let base = bytes.baseAddress else { return nil }
        let count = bytes.count
        var offset = position
        defer { position = offset }
        while offset < count {
            switch state {
            case .cellStart:
                hasQuotes = false
                if base[offset] == Self.quote {
                    state = .quoted
                    offset += 1
                    cellStart = offset
                } else {
                    state = .plain
                    cellStart = offset
                }
            case .plain, .textAfterQuote:
                while offset < count, !isSeparator(base[offset]) { offset += 1 }
                guard offset < count else { return nil }
                endCell(at: offset, isQuoted: false)
                if base[offset] != delimiter { return offset }
                offset += 1
            case .quoted:
                guard let found = memchr(base + offset, Int32(Self.quote), count - offset) else {
                    offset = count
                    return nil
                }
                offset = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
                state = .quoteSeen
            case .quoteSeen:
                if base[offset] == Self.quote {
                    hasQuotes = true
                    state = .quoted
                } else if isSeparator(base[offset]) {
                    endCell(at: offset - 1, isQuoted: true)
                    if base[offset] != delimiter { return offset }
                } else {
                    if problem == nil { problem = .textAfterQuote(cell: cellCount + 1) }
                    state = .textAfterQuote
                }
                offset += 1
            }
        }
        return nil
    }

    @inline(__always)
    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == delimiter || byte == Self.lineFeed || byte == Self.carriageReturn
    }

    @inline(__always)
    private mutating func endCell(at end: Int, isQuoted: Bool) {
        cellCount += 1
        hasQuotedCell = hasQuotedCell || isQuoted
        // Of a row with a problem the cells are not wanted.
        if problem == nil, cells.count < mostCells {
            cells.append(Cell(start: cellStart, end: end, isQuoted: isQuoted, hasQuotes: hasQuotes))
        }
        state = .cellStart
    }

    private mutating func endOfInput(at position: Int) {
        switch state {
        case .cellStart:
            cellStart = position
            hasQuotes = false
            endCell(at: position, isQuoted: false)
        case .plain, .textAfterQuote: endCell(at: position, isQuoted: false)
        case .quoteSeen: endCell(at: position - 1, isQuoted: true)
        case .quoted:
            if problem == nil { problem = .unterminatedQuote(cell: cellCount + 1) }
        }
    }

    private mutating func discard(_ bytes: UnsafeBufferPointer<UInt8>, upTo position: Int) {
        problem = .tooLong
        cells.removeAll(keepingCapacity: true)
        innerLineFeeds += bytes[..<position].countLineFeeds()
        cellStart = 0
    }

    private mutating func finish(
        at lineEnd: Int, discarded: Int, _ window: ByteWindow
    ) throws(InputError) -> Outcome {
        var bytes = window.unread
        length = lineEnd
        if lineEnd < bytes.count {
            length += 1
            if bytes[lineEnd] == Self.carriageReturn {
                if length == bytes.count, case .pause = try window.fill(mayPause: discarded == 0) { return .pause }
                bytes = window.unread
                if length < bytes.count, bytes[length] == Self.lineFeed { length += 1 }
            }
        }
        if discarded + length > maximumRowBytes { problem = .tooLong }
        // Only quotes carry a row over several lines.
        if problem != nil || hasQuotedCell {
            innerLineFeeds += bytes[..<lineEnd].countLineFeeds()
        }
        return .row
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// How many line feeds there are.
    func countLineFeeds() -> Int {
        var count = 0
        for byte in UnsafeBufferPointer(rebasing: self) { count += byte == 0x0A ? 1 : 0 }
        return count
    }
}
