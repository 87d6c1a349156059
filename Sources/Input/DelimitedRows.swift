import JSONText

/// CSV and TSV: each line that is not empty is a row, an object of strings.
struct DelimitedRows: RowFormat {
    private static let mostColumns = 100_000

    private let name: String
    private let maximumRowBytes: Int
    private var hasHeader: Bool
    private var scanner: DelimitedScanner
    /// Known from the header line or, without one, from the first row on.
    private var columns: [String] = []
    /// Lines consumed so far.
    private var lines = 0
    /// Where cells with doubled quotes are put together.
    private var scratch: [UInt8] = []

    /// - Parameter name: the input's, for messages.
    init(name: String, delimiter: UInt8, hasHeader: Bool, maximumRowBytes: Int) {
        self.name = name
        self.hasHeader = hasHeader
        self.maximumRowBytes = maximumRowBytes
        scanner = DelimitedScanner(
            delimiter: delimiter, mostCells: Self.mostColumns, maximumRowBytes: maximumRowBytes)
    }

    var mayFollow: Continuation { scanner.mayFollow }

    mutating func next(in window: ByteWindow) throws(InputError) -> RowStep {
        while true {
            switch try scanner.scan(window) {
            case .end: return .end
            case .pause: return .pause
            case .row: break
            }
            let line = lines + 1
            lines += 1 + scanner.innerLineFeeds
            defer { window.consume(scanner.length) }
            if scanner.isEmptyLine { continue }
            if let problem = scanner.problem {
                guard !hasHeader else { throw headerError(line, Self.words(problem, maximumRowBytes)) }
                return .bad(line: line, Self.words(problem, maximumRowBytes))
            }
            if columns.isEmpty {
                let count = scanner.cellCount
                if count > Self.mostColumns {
                    throw headerError(line, "it has \(count) columns, and \(Self.mostColumns) are the most")
                }
                scanner.mostCells = count
            }
            if hasHeader {
                hasHeader = false
                columns = try header(window.unread, line: line)
                continue
            }
            if columns.isEmpty { columns = (1...scanner.cells.count).map { "c\($0)" } }
            return row(window.unread, line: line)
        }
    }

    mutating func skip(in window: ByteWindow) throws(InputError) -> RowPass {
        // The header, or the first row that stands in for it, is wanted in any case.
        guard !hasHeader, !columns.isEmpty else { return RowPass(try next(in: window)) }
        while true {
            if let isEmpty = scanner.passPlainLine(window) {
                lines += 1
                if isEmpty { continue }
                return .row
            }
            switch try scanner.scan(window) {
            case .end: return .end
            case .pause: return .pause
            case .row: break
            }
            lines += 1 + scanner.innerLineFeeds
            window.consume(scanner.length)
            if !scanner.isEmptyLine { return .row }
        }
    }

    private mutating func row(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) -> RowStep {
        guard scanner.cellCount == columns.count else {
            let found = "\(scanner.cellCount) \(scanner.cellCount == 1 ? "cell" : "cells")"
            return .bad(line: line, "the row has \(found), expected \(columns.count)")
        }
        // Cells are cut at ASCII bytes: if the row is UTF-8, each of them is.
        guard Self.isUTF8(bytes[..<scanner.length]) else { return badEncoding(bytes, line: line) }
        var values: [JSONValue] = []
        values.reserveCapacity(columns.count)
        for cell in scanner.cells { values.append(.string(text(cell, bytes))) }
        return .row(line: line, content: .value(.object(JSONObject(uniqueNames: columns, values: values))))
    }

    private func badEncoding(_ bytes: UnsafeBufferPointer<UInt8>, line: Int) -> RowStep {
        let position = scanner.cells.firstIndex { !Self.isUTF8(bytes[$0.start..<$0.end]) } ?? 0
        return .bad(line: line, "cell \(position + 1) (\(columns[position])) is not valid UTF-8")
    }

    private static func isUTF8(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        (try? UTF8Span(validating: UnsafeBufferPointer(rebasing: bytes).span)) != nil
    }

    /// The content of a cell whose bytes are UTF-8.
    @inline(__always)
    private mutating func text(_ cell: DelimitedScanner.Cell, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let content = UnsafeBufferPointer(rebasing: bytes[cell.start..<cell.end])
        guard cell.hasQuotes else { return String(decoding: content, as: UTF8.self) }
        scratch.removeAll(keepingCapacity: true)
        var isSecondQuote = false
        for byte in content {
            isSecondQuote = byte == UInt8(ascii: "\"") && !isSecondQuote
            // The first quote of a pair is left out.
            if !isSecondQuote { scratch.append(byte) }
        }
        return String(decoding: scratch, as: UTF8.self)
    }

    private mutating func header(
        _ bytes: UnsafeBufferPointer<UInt8>, line: Int
    ) throws(InputError) -> [String] {
        var names: [String] = []
        var positions: [[UInt8]: Int] = [:]
        for (position, cell) in scanner.cells.enumerated() {
            guard Self.isUTF8(bytes[cell.start..<cell.end]) else {
                throw headerError(line, "the name of column \(position + 1) is not valid UTF-8")
            }
            var column = text(cell, bytes)
            if column.isEmpty { column = "c\(position + 1)" }
            if let other = positions.updateValue(position, forKey: Array(column.utf8)) {
                throw headerError(
                    line, "columns \(other + 1) and \(position + 1) have the same name '\(column)'; rename one of them")
            }
            names.append(column)
        }
        return names
    }

    private func headerError(_ line: Int, _ what: String) -> InputError {
        InputError(.header, message: "cannot read the header of \(name), line \(line): \(what)")
    }

    private static func words(_ problem: DelimitedScanner.Problem, _ limit: Int) -> String {
        switch problem {
        case .textAfterQuote(let cell): "text follows the closing quote of cell \(cell); inside quotes write \"\""
        case .unterminatedQuote(let cell): "the quote that opens cell \(cell) is never closed"
        case .tooLong: RowStep.tooLongWords(limit)
        }
    }
}
