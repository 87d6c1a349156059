import JSONText

/// One JSON text: an array's elements are the rows, held in memory one at a time; any other value is one row.
///
/// After an element that is not JSON nobody knows where the next one begins: it is a bad row, and the input fails.
struct ElementRows: RowFormat {
    private enum Place {
        case beginning
        /// Behind `[`, where the array may end, or behind a comma, where it may not.
        case element(isFirst: Bool)
        case afterValue
        case broken(InputError, isCutOff: Bool)
    }

    private let name: String
    private let maximumRowBytes: Int
    private var parser = JSONRowParser()
    private var place = Place.beginning
    private var isSingleValue = false
    /// Line feeds consumed so far.
    private var lineFeeds = 0

    /// - Parameter name: the input's, for messages.
    init(name: String, maximumRowBytes: Int) {
        self.name = name
        self.maximumRowBytes = maximumRowBytes
    }

    var mayFollow: Continuation {
        switch place {
        case .beginning, .element: .anything
        case .afterValue: isSingleValue ? .jsonWhitespace : .anything
        case .broken(_, let isCutOff): isCutOff ? .nothing : .anything
        }
    }

    mutating func next(in window: ByteWindow) throws(InputError) -> RowStep {
        try step(in: window, isWanted: true)
    }

    /// The element is checked all the same: of one that is not JSON the input fails.
    mutating func skip(in window: ByteWindow) throws(InputError) -> RowPass {
        RowPass(try step(in: window, isWanted: false))
    }

    private mutating func step(in window: ByteWindow, isWanted: Bool) throws(InputError) -> RowStep {
        while true {
            if case .broken(let error, _) = place { throw error }
            let byte: UInt8?
            switch try skipWhitespace(window) {
            case .pause: return .pause
            case .end: byte = nil
            case .more: byte = window.unread.first
            }
            switch (place, byte) {
            case (.afterValue, nil): return .end
            case (.afterValue, _): throw malformed("something follows the end of the array")
            case (.beginning, nil): throw malformed("it is empty; an input without rows is []")
            case (.beginning, UInt8(ascii: "[")):
                consume(1, window)
                place = .element(isFirst: true)
            case (.beginning, _): return try singleValue(window)
            case (.element, nil): throw malformed("it ends inside the array")
            case (.element(let isFirst), UInt8(ascii: "]")):
                guard isFirst else { throw malformed("a comma stands before the end of the array") }
                consume(1, window)
                place = .afterValue
            case (.element, _): return try element(window, isWanted: isWanted)
            case (.broken(let error, _), _): throw error
            }
        }
    }

    /// - Parameter isWanted: if not, the row's value is null.
    private mutating func element(_ window: ByteWindow, isWanted: Bool) throws(InputError) -> RowStep {
        let line = lineFeeds + 1
        var scanner = ElementScanner()
        var discarded = 0
        while !scanner.findEnd(in: window.unread) {
            if scanner.offset + discarded > maximumRowBytes {
                discarded += scanner.offset
                consume(scanner.offset, window)
                scanner.offset = 0
            }
            switch try window.fill(mayPause: discarded == 0) {
            case .more: continue
            case .pause: return .pause
            case .end: return cutOff(window, line: line)
            }
        }
        let text = UnsafeBufferPointer(rebasing: window.unread[..<scanner.offset])
        let isLast = window.unread[scanner.offset] == UInt8(ascii: "]")
        defer { consume(scanner.offset + 1, window) }
        place = isLast ? .afterValue : .element(isFirst: false)
        guard scanner.offset + discarded <= maximumRowBytes else {
            return .tooLong(line: line, limit: maximumRowBytes)
        }
        do throws(JSONParseError) {
            if isWanted { return .row(line: line, content: .value(try parser.parse(text))) }
            try JSONParser.check(text)
            return .row(line: line, content: .value(.null))
        } catch {
            return broken(error, line: line)
        }
    }

    /// What is left has no end: either the input was cut off, or a quote or bracket before hides the end.
    private mutating func cutOff(_ window: ByteWindow, line: Int) -> RowStep {
        defer { consume(window.unread.count, window) }
        do throws(JSONParseError) {
            _ = try JSONParser.parse(window.unread)
        } catch  where !error.isIncomplete {
            return broken(error, line: line)
        } catch {}
        place = .broken(malformed("it ends inside the array"), isCutOff: true)
        return .bad(line: line, "the input ends inside this element or before the end of the array")
    }

    private mutating func broken(_ error: JSONParseError, line: Int) -> RowStep {
        let place = line + error.line - 1
        self.place = .broken(
            malformed("line \(place): \(error.message); where the next element begins cannot be told"), isCutOff: false)
        return .bad(line: line, "not JSON: \(error.message)" + (place == line ? "" : " (line \(place))"))
    }

    private mutating func singleValue(_ window: ByteWindow) throws(InputError) -> RowStep {
        let line = lineFeeds + 1
        repeat {
            guard window.unread.count <= maximumRowBytes else {
                let words = RowStep.tooLongWords(maximumRowBytes)
                throw malformed("it is no array, and \(words); for JSON Lines say --input-format jsonl")
            }
        } while try window.fill(mayPause: false) == .more
        do throws(JSONParseError) {
            let value = try JSONParser.parse(window.unread)
            consume(window.unread.count, window)
            place = .afterValue
            isSingleValue = true
            return .row(line: line, content: .value(value))
        } catch  where error.code == .trailingContent {
            throw malformed("a second value follows the first; for JSON Lines say --input-format jsonl")
        } catch {
            throw malformed("line \(line + error.line - 1), column \(error.column): \(error.message)")
        }
    }

    private mutating func skipWhitespace(_ window: ByteWindow) throws(InputError) -> ByteWindow.Fill {
        while true {
            let bytes = window.unread
            let count = bytes.prefix { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }.count
            consume(count, window)
            if count < bytes.count { return .more }
            let result = try window.fill()
            guard case .more = result else { return result }
        }
    }

    private mutating func consume(_ count: Int, _ window: ByteWindow) {
        lineFeeds += window.unread[..<count].countLineFeeds()
        window.consume(count)
    }

    private func malformed(_ what: String) -> InputError {
        InputError(.malformed, message: "cannot read \(name) as JSON: \(what)")
    }
}
