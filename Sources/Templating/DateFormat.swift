import JobModel

/// A strftime(3) format, taken apart once.
///
/// Names of days and months are English (the C locale). Between `%` and the letter may stand `-` (no padding), `_`
/// (padding with spaces), `0` (with zeros) and `^` (upper case), as in the GNU C library, and then `E` or `O`, which mean
/// nothing in the C locale; `%:z` is the offset with a colon, `%L` milliseconds, `%f` microseconds.
struct DateFormat: Sendable {
    /// A mistake in a format; offset and length in UTF-8 bytes.
    struct Problem: Error {
        var offset: Int
        var length: Int
        var message: String
        var hint =
            "the directives are %Y %m %d %H %M %S %y %j %b %B %a %A %e %I %p %L %f %z %Z %s %F %T and others "
            + "of strftime(3)"
    }

    enum Padding: Sendable {
        case standard, none, space, zero
    }

    enum Item: Sendable {
        case literal([UInt8])
        case directive(UInt8, Padding, isUpper: Bool)
    }

    private(set) var items: [Item] = []

    private static let single = Set("YmdHMSyjaAbBeIpPZzsuwUVWGgCklLf".utf8)
    /// Where the modifiers `E` and `O` may stand (POSIX, strftime()).
    private static let modified: [UInt8: Set<UInt8>] = [
        UInt8(ascii: "E"): Set("cCxXyY".utf8), UInt8(ascii: "O"): Set("deHImMSuUVwWy".utf8),
    ]
    private static let composed: [UInt8: String] = [
        UInt8(ascii: "F"): "%Y-%m-%d", UInt8(ascii: "T"): "%H:%M:%S", UInt8(ascii: "D"): "%m/%d/%y",
        UInt8(ascii: "R"): "%H:%M", UInt8(ascii: "r"): "%I:%M:%S %p", UInt8(ascii: "c"): "%a %b %e %H:%M:%S %Y",
        UInt8(ascii: "x"): "%m/%d/%y", UInt8(ascii: "X"): "%H:%M:%S", UInt8(ascii: "h"): "%b",
        UInt8(ascii: "n"): "\n", UInt8(ascii: "t"): "\t",
    ]

    init(_ text: String) throws(Problem) {
        let bytes = Array(text.utf8)
        var position = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "%") {
                try directive(bytes, &position)
            } else {
                literal(bytes[position])
                position += 1
            }
        }
    }

    private mutating func literal(_ byte: UInt8) {
        if case .literal(var bytes)? = items.last {
            items.removeLast()
            bytes.append(byte)
            items.append(.literal(bytes))
        } else {
            items.append(.literal([byte]))
        }
    }

    private mutating func directive(_ bytes: [UInt8], _ position: inout Int) throws(Problem) {
        let start = position
        position += 1
        var padding = Padding.standard
        var isUpper = false
        flags: while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "-"): padding = .none
            case UInt8(ascii: "_"): padding = .space
            case UInt8(ascii: "0"): padding = .zero
            case UInt8(ascii: "^"): isUpper = true
            default: break flags
            }
            position += 1
        }
        if position + 1 < bytes.count, Self.modified[bytes[position]]?.contains(bytes[position + 1]) == true {
            position += 1
        }
        guard position < bytes.count else {
            throw Problem(
                offset: start, length: position - start, message: "'%' at the end of a date format",
                hint: "write %% for a percent sign")
        }
        let letter = bytes[position]
        if letter == UInt8(ascii: "%") {
            literal(letter)
        } else if letter == UInt8(ascii: ":"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "z") {
            position += 1
            items.append(.directive(letter, padding, isUpper: isUpper))
        } else if Self.single.contains(letter) {
            items.append(.directive(letter, padding, isUpper: isUpper))
        } else if let composed = Self.composed[letter] {
            items += try DateFormat(composed).items
        } else {
            let rest = String(decoding: bytes[position..<Swift.min(position + 4, bytes.count)], as: UTF8.self)
            let scalar = rest.unicodeScalars.first.map { String($0) } ?? ""
            let written = String(decoding: bytes[start..<position], as: UTF8.self) + scalar
            throw Problem(
                offset: start, length: written.utf8.count, message: "unknown directive '\(written)' in a date format")
        }
        position += 1
    }
}
