import JSONText
import JobModel

/// What an expression evaluates to on its way through the filters.
enum TemplateValue: Sendable {
    /// Nothing is there: a path that leads nowhere, or what a filter did not find.
    case missing(Missing)
    case json(JSONValue)
    /// Becomes an RFC 3339 string in the output.
    case time(Timestamp)

    enum Missing: Sendable {
        case path(RootedPath)
        /// `first` or `last` of something empty.
        case element(FilterName)
    }

    /// Whether `default` takes the value's place: missing, null, or the empty string.
    var isAbsent: Bool {
        switch self {
        case .missing, .json(.null): true
        case .json(.string(let text)): text.isEmpty
        case .json, .time: false
        }
    }

    static func text(_ text: String) -> TemplateValue {
        .json(.string(text))
    }
}

extension Timestamp {
    /// RFC 3339 in UTC, with milliseconds unless they are zero.
    var templateText: String {
        rfc3339(fractionDigits: milliseconds % 1000 == 0 ? 0 : 3)
    }

    /// RFC 3339 has years of four digits.
    var isWritable: Bool {
        (-62_167_219_200..<253_402_300_800).contains(seconds)
    }
}

extension JSONValue {
    /// The value in a message: short, on one line.
    var excerpt: String {
        switch self {
        case .string(let text):
            let short = text.prefix(40)
            let quoted = JSONWriter.text(of: .string(String(short)))
            return short.endIndex == text.endIndex ? quoted : quoted.dropLast() + "…\""
        case .number(let number): return number.text.count > 40 ? number.text.prefix(40) + "…" : number.text
        case .bool(let value): return value ? "true" : "false"
        case .null, .array, .object: return kindWords
        }
    }
}
