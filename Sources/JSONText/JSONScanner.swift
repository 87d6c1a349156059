/// Walks over JSON text in memory and checks it, without building anything: the ground under parser and minifier.
///
/// The bytes must stay valid as long as the scanner is used.
package struct JSONScanner {
    package let bytes: UnsafeBufferPointer<UInt8>
    /// The next byte to look at.
    package var position: Int
    let depthLimit: Int

    package init(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int = 0, depthLimit: Int = JSONParser.depthLimit) {
        self.bytes = bytes
        self.position = position
        self.depthLimit = depthLimit
    }

    @inline(__always)
    static func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    @inline(__always)
    package mutating func skipWhitespace() {
        while position < bytes.count, Self.isWhitespace(bytes[position]) { position += 1 }
    }

    /// The byte at the position; nil at the end.
    @inline(__always)
    package var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    /// A failure at the position: `unexpectedEnd` if the input ends here.
    @inline(never)
    func failure(
        _ code: JSONParseError.Code = .unexpectedByte, expected: StaticString = "a value"
    ) -> JSONFailure {
        JSONFailure(
            code: position < bytes.count ? code : .unexpectedEnd, offset: position, expected: expected,
            depthLimit: depthLimit)
    }

    @inline(__always)
    func check(depth: Int) throws(JSONFailure) {
        guard depth <= depthLimit else { throw failure(.tooDeep) }
    }

    /// Moves over one value, white space before it included, and checks it wholly.
    package mutating func skipValue() throws(JSONFailure) {
        skipWhitespace()
        try skipValue(depth: 1)
    }

    private mutating func skipValue(depth: Int) throws(JSONFailure) {
        switch current {
        case UInt8(ascii: "\""): _ = try skipString()
        case UInt8(ascii: "{"): try skipObject(depth: depth)
        case UInt8(ascii: "["): try skipArray(depth: depth)
        default: try skipScalar()
        }
    }

    /// Moves over a number, `true`, `false` or `null`.
    @inline(__always)
    mutating func skipScalar() throws(JSONFailure) {
        switch current {
        case UInt8(ascii: "t"): try skipWord("true")
        case UInt8(ascii: "f"): try skipWord("false")
        case UInt8(ascii: "n"): try skipWord("null")
        default:
            guard let byte = current, Self.isDigit(byte) || byte == UInt8(ascii: "-") else { throw failure() }
            try skipNumber()
        }
    }

    private mutating func skipObject(depth: Int) throws(JSONFailure) {
        try check(depth: depth)
        position += 1
        skipWhitespace()
        if skip(UInt8(ascii: "}")) { return }
        while true {
            guard current == UInt8(ascii: "\"") else { throw failure(expected: "a member's name in double quotes") }
            _ = try skipString()
            try skipColon()
            try skipValue(depth: depth + 1)
            if try skipSeparator(or: UInt8(ascii: "}"), expected: "',' or '}'") { return }
        }
    }

    private mutating func skipArray(depth: Int) throws(JSONFailure) {
        try check(depth: depth)
        position += 1
        skipWhitespace()
        if skip(UInt8(ascii: "]")) { return }
        while true {
            try skipValue(depth: depth + 1)
            if try skipSeparator(or: UInt8(ascii: "]"), expected: "',' or ']'") { return }
        }
    }

    /// Moves over a byte if it stands at the position.
    @inline(__always)
    mutating func skip(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    @inline(__always)
    mutating func skipColon() throws(JSONFailure) {
        skipWhitespace()
        guard skip(UInt8(ascii: ":")) else { throw failure(expected: "':'") }
        skipWhitespace()
    }

    /// Moves over a comma and the white space around it, or the end of the container, which is reported as true.
    @inline(__always)
    mutating func skipSeparator(or end: UInt8, expected: StaticString) throws(JSONFailure) -> Bool {
        skipWhitespace()
        if skip(end) { return true }
        guard skip(UInt8(ascii: ",")) else { throw failure(expected: expected) }
        skipWhitespace()
        return false
    }

    mutating func skipWord(_ word: StaticString) throws(JSONFailure) {
        let start = position
        for offset in 0..<word.utf8CodeUnitCount {
            guard current == word.utf8Start[offset] else {
                let isEnd = position == bytes.count
                throw JSONFailure(code: isEnd ? .unexpectedEnd : .unexpectedByte, offset: isEnd ? position : start)
            }
            position += 1
        }
    }

    /// Moves over a number; the position is at its first byte.
    package mutating func skipNumber() throws(JSONFailure) {
        if current == UInt8(ascii: "-") { position += 1 }
        if current == UInt8(ascii: "0") {
            position += 1
            if let byte = current, Self.isDigit(byte) {
                throw failure(.invalidNumber, expected: "no digit after a leading zero")
            }
        } else {
            try skipDigits()
        }
        if current == UInt8(ascii: ".") {
            position += 1
            try skipDigits()
        }
        if let byte = current, byte | 0x20 == UInt8(ascii: "e") {
            position += 1
            if let sign = current, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try skipDigits()
        }
    }

    @inline(__always)
    private static func isDigit(_ byte: UInt8) -> Bool {
        byte &- 48 < 10
    }

    @inline(__always)
    private mutating func skipDigits() throws(JSONFailure) {
        let start = position
        while position < bytes.count, Self.isDigit(bytes[position]) { position += 1 }
        guard position > start else { throw failure(.invalidNumber, expected: "a digit") }
    }
}
