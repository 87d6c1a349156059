import JSONText

/// Collects the bytes of a page; what does not stand in the program is escaped.
struct HTMLText {
    private(set) var bytes: [UInt8] = []

    /// Markup as it stands in the program.
    mutating func markup(_ text: StaticString) {
        JSONWriter.append(raw: text, to: &bytes)
    }

    /// Text from anywhere, such that it can stand between tags and in quoted attributes (HTML, section 13.3). What no
    /// page may hold (control characters) is shown as U+FFFD.
    mutating func text(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): markup("&amp;")
            case UInt8(ascii: "<"): markup("&lt;")
            case UInt8(ascii: ">"): markup("&gt;")
            case UInt8(ascii: "\""): markup("&quot;")
            case UInt8(ascii: "'"): markup("&#39;")
            case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): bytes.append(UInt8(ascii: " "))
            case ..<0x20, 0x7F: markup("\u{FFFD}")
            default: bytes.append(byte)
            }
        }
    }

    mutating func cell(_ value: String, title: String? = nil, style: StaticString? = nil) {
        markup("<td")
        if let style {
            markup(" class=\"")
            markup(style)
            markup("\"")
        }
        if let title {
            markup(" title=\"")
            text(title)
            markup("\"")
        }
        markup(">")
        text(value)
        markup("</td>")
    }
}
