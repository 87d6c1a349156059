/// Why bytes are not JSON, and where.
package struct JSONParseError: Error, Sendable, Equatable {
    package enum Code: String, Sendable {
        /// The input ends inside a value, or has none: more bytes could make it valid.
        case unexpectedEnd
        case unexpectedByte
        case invalidNumber
        case invalidEscape
        /// Half of a surrogate pair, as `\ud800` alone.
        case loneSurrogate
        case invalidUTF8
        /// A control character inside a string that is not escaped.
        case controlCharacter
        case tooDeep
        /// Something follows the value.
        case trailingContent
    }

    package let code: Code
    /// Bytes from the start of the input.
    package let offset: Int
    /// From 1.
    package let line: Int
    /// From 1, counted in Unicode scalars.
    package let column: Int
    /// What is wrong, one line without place and full stop.
    package let message: String

    /// More input could make it valid.
    package var isIncomplete: Bool { code == .unexpectedEnd }

    init(_ failure: JSONFailure, in bytes: UnsafeBufferPointer<UInt8>) {
        code = failure.code
        offset = failure.offset
        let before = bytes[..<Swift.min(failure.offset, bytes.count)]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        line = before.reduce(into: 1) { $0 += $1 == UInt8(ascii: "\n") ? 1 : 0 }
        // A scalar begins at every byte that is not 10xxxxxx.
        column = before[lineStart...].reduce(into: 1) { $0 += $1 & 0xC0 == 0x80 ? 0 : 1 }
        message = failure.message(in: bytes)
    }
}

extension JSONParseError: CustomStringConvertible {
    package var description: String {
        "\(message) (line \(line), column \(column))"
    }
}

/// A failure inside the scanner: cheap to make, turned into a ``JSONParseError`` once at the end.
package struct JSONFailure: Error {
    package let code: JSONParseError.Code
    package let offset: Int
    /// What would have been right, for ``JSONParseError/Code/unexpectedByte`` and the like.
    var expected: StaticString = "a value"
    var depthLimit = 0

    func message(in bytes: UnsafeBufferPointer<UInt8>) -> String {
        switch code {
        case .unexpectedEnd:
            bytes.allSatisfy(JSONScanner.isWhitespace)
                ? "empty: there is no JSON value" : "ends where \(expected) was expected"
        case .unexpectedByte:
            if offset == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
                "starts with a byte order mark, which JSON does not have"
            } else {
                "expected \(expected), found \(found(in: bytes))"
            }
        case .invalidNumber: "not a JSON number: expected \(expected), found \(found(in: bytes))"
        case .invalidEscape: "not a JSON escape: expected \(expected), found \(found(in: bytes))"
        case .loneSurrogate: "half of a surrogate pair: \\uD800 to \\uDBFF and \\uDC00 to \\uDFFF go together"
        case .invalidUTF8: "not valid UTF-8"
        case .controlCharacter: "a control character in a string must be escaped, found \(found(in: bytes))"
        case .tooDeep: "nested more than \(depthLimit) deep"
        case .trailingContent: "expected the end after the value, found \(found(in: bytes))"
        }
    }

    private func found(in bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard offset < bytes.count else { return "the end" }
        let byte = bytes[offset]
        if byte < 0x20 || byte == 0x7F { return "the byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }
        if byte < 0x80 { return "'\(Character(Unicode.Scalar(byte)))'" }
        let text = String(decoding: bytes[offset..<Swift.min(offset + 4, bytes.count)], as: UTF8.self)
        return text.unicodeScalars.first.map { "'\($0)'" } ?? "the byte 0x" + String(byte, radix: 16)
    }
}
