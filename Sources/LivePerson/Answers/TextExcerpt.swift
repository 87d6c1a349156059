/// Makes one short line of text that came from outside, fit for logs and records.
enum TextExcerpt {
    /// Decodes bytes as UTF-8 with repair, escapes what would break a line or a terminal, cuts to a number of scalars.
    static func line(_ bytes: some Collection<UInt8>, limit: Int = 300) -> String {
        // A scalar has four bytes at most.
        let start = String(decoding: bytes.prefix(limit * 4 + 4), as: UTF8.self)
        return line(start, limit: limit)
    }

    static func line(_ text: some StringProtocol, limit: Int = 300) -> String {
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else { return result + "…" }
            count += 1
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where mustEscape(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Controls, line and paragraph separators, and marks that turn the direction of text (Unicode, section 23.2).
    private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
