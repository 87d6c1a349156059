import JobModel

/// The filters there are, and what each takes.
enum FilterName: String, CaseIterable, Sendable {
    case fallback = "default"
    case int, number, bool, string
    case json, toJson
    case lower, upper, trim, replace
    case split, join, first, last, size, slice
    case date, plus, minus
    case add
    case base64, sha256, urlEncode

    enum Parameter: Sendable {
        case any, searched, text, whole, number, duration, format, zone

        /// What a literal argument has to be.
        var words: String {
            switch self {
            case .any: "a value"
            case .searched: "text in quotes that is not empty"
            case .text: "text in quotes"
            case .whole: "a whole number"
            case .number: "a number"
            case .duration: "a duration in quotes, such as '30s', '1h30m' or '2d'"
            case .format: "a strftime format in quotes, such as '%Y-%m-%d'"
            case .zone: "a time zone's IANA name in quotes, such as 'Europe/Berlin'"
            }
        }
    }

    var parameters: [Parameter] {
        switch self {
        case .fallback: [.any]
        case .replace: [.searched, .text]
        case .split, .join: [.text]
        case .slice: [.whole, .whole]
        case .date: [.format, .zone]
        case .plus, .minus: [.duration]
        case .add: [.number]
        case .int, .number, .bool, .string, .json, .toJson, .lower, .upper, .trim, .first, .last, .size, .base64,
            .sha256, .urlEncode:
            []
        }
    }

    /// How many of the parameters must be there.
    var requiredCount: Int {
        self == .date ? 1 : parameters.count
    }

    /// How the filter is written.
    var usage: String {
        switch self {
        case .fallback: "default: value"
        case .replace: "replace: 'from', 'to'"
        case .split: "split: ','"
        case .join: "join: ','"
        case .slice: "slice: from, length"
        case .date: "date: '%Y-%m-%d' or date: '%H:%M', 'Europe/Berlin'"
        case .plus: "plus: '1h'"
        case .minus: "minus: '1d'"
        case .add: "add: 1"
        default: rawValue + ", without arguments"
        }
    }

    /// What other template languages call a filter.
    private static let synonyms: [String: FilterName] = [
        "upcase": .upper, "uppercase": .upper, "downcase": .lower, "lowercase": .lower, "strip": .trim,
        "length": .size, "count": .size, "len": .size, "integer": .int, "float": .number, "decimal": .number,
        "boolean": .bool, "str": .string, "tostring": .string, "fromjson": .json, "parsejson": .json,
        "substring": .slice, "substr": .slice, "strftime": .date, "format": .date, "b64encode": .base64,
        "or": .fallback, "coalesce": .fallback, "escape": .urlEncode, "urlencode": .urlEncode,
    ]

    /// The filter that was probably meant by a name that is none.
    static func suggestion(for name: String) -> FilterName? {
        let plain = name.lowercased().filter { $0 != "_" && $0 != "-" }
        if let synonym = synonyms[plain] { return synonym }
        return NameSuggestion.closest(to: name, in: allCases.lazy.map(\.rawValue)).flatMap(FilterName.init(rawValue:))
    }
}
