extension JSONScanner {
    /// Moves over a string with its quotes; the position is at the opening one.
    ///
    /// - Returns: where the content lies between the quotes, whether it has escapes, and whether all of it is ASCII.
    ///   Escapes, surrogate pairs and UTF-8 have been checked.
    package mutating func skipString() throws(JSONFailure) -> (content: Range<Int>, hasEscapes: Bool, isASCII: Bool) {
        position += 1
        let start = position
        var hasEscapes = false
        var isASCII = true
        while true {
            skipPlainBytes()
            guard position < bytes.count else { throw failure(expected: "the closing '\"'") }
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return (start..<(position - 1), hasEscapes, isASCII)
            } else if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try skipEscape()
            } else if byte >= 0x80 {
                isASCII = false
                try skipMultibyteScalar()
            } else if byte < 0x20 {
                throw failure(.controlCharacter)
            } else {
                position += 1
            }
        }
    }

    /// Moves over bytes that need no look, eight at a time.
    @inline(__always)
    private mutating func skipPlainBytes() {
        guard let base = bytes.baseAddress else { return }
        while position + 8 <= bytes.count {
            let word = JSONPlainBytes.word(at: base + position)
            let hits = JSONPlainBytes.hits(in: word) | word & JSONPlainBytes.tops
            guard hits == 0 else {
                position += hits.trailingZeroBitCount >> 3
                return
            }
            position += 8
        }
    }

    private mutating func skipEscape() throws(JSONFailure) {
        position += 1
        switch current {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 1
        case UInt8(ascii: "u"):
            let start = position - 1
            position += 1
            let unit = try hexadecimalUnit()
            guard unit & 0xF800 == 0xD800 else { return }
            guard unit < 0xDC00 else { throw JSONFailure(code: .loneSurrogate, offset: start) }
            for byte in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
                guard position < bytes.count else { throw failure(expected: "the second half of a surrogate pair") }
                guard skip(byte) else { throw JSONFailure(code: .loneSurrogate, offset: start) }
            }
            guard try hexadecimalUnit() & 0xFC00 == 0xDC00 else {
                throw JSONFailure(code: .loneSurrogate, offset: start)
            }
        default:
            throw failure(.invalidEscape, expected: "one of \" \\ / b f n r t u after the backslash")
        }
    }

    private mutating func hexadecimalUnit() throws(JSONFailure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Self.hexadecimalDigit(byte) else {
                throw failure(.invalidEscape, expected: "four hexadecimal digits after \\u")
            }
            unit = unit << 4 | digit
            position += 1
        }
        return unit
    }

    @inline(__always)
    static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 55
        default: nil
        }
    }

    /// Moves over scalars of several bytes that follow each other, as the table of well-formed UTF-8 has them
    /// (RFC 3629, section 4).
    private mutating func skipMultibyteScalar() throws(JSONFailure) {
        while position < bytes.count, bytes[position] >= 0x80 {
            let first = bytes[position]
            var second: ClosedRange<UInt8> = 0x80...0xBF
            let length: Int
            switch first {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: length = 4
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: throw JSONFailure(code: .invalidUTF8, offset: position)
            }
            for offset in 1..<length {
                guard position + offset < bytes.count else {
                    throw JSONFailure(code: .unexpectedEnd, offset: bytes.count, expected: "the rest of a character")
                }
                let byte = bytes[position + offset]
                guard offset == 1 ? second.contains(byte) : byte & 0xC0 == 0x80 else {
                    throw JSONFailure(code: .invalidUTF8, offset: position)
                }
            }
            position += length
        }
    }
}
