import JSONText

/// Filters on arrays, most of them on the characters of text as well.
enum ListFilters {
    static func joined(_ value: TemplateValue, by separator: String) throws(FilterFailure) -> String {
        guard case .json(.array(let elements)) = value else {
            throw FilterFailure(message: "wants an array, found \(value.excerpt)")
        }
        return elements.map { TemplateValue.json($0).joinedText }.joined(separator: separator)
    }

    static func first(_ value: TemplateValue) throws(FilterFailure) -> TemplateValue {
        if case .json(.array(let elements)) = value {
            return elements.first.map(TemplateValue.json) ?? .missing(.element(.first))
        }
        return try text(value).first.map { .text(String($0)) } ?? .missing(.element(.first))
    }

    static func last(_ value: TemplateValue) throws(FilterFailure) -> TemplateValue {
        if case .json(.array(let elements)) = value {
            return elements.last.map(TemplateValue.json) ?? .missing(.element(.last))
        }
        return try text(value).last.map { .text(String($0)) } ?? .missing(.element(.last))
    }

    /// The number of characters, elements or members.
    static func size(_ value: TemplateValue) throws(FilterFailure) -> Int {
        switch value {
        case .json(.array(let elements)): elements.count
        case .json(.object(let object)): object.count
        default: try text(value, wanted: "text, an array or an object").count
        }
    }

    /// So many characters or elements from a position on; a negative one counts from the end. What lies beyond the
    /// ends is left out.
    static func slice(_ value: TemplateValue, from: Int, length: Int) throws(FilterFailure) -> JSONValue {
        guard length >= 0 else { throw FilterFailure(message: "the length is negative: \(length)") }
        if case .json(.array(let elements)) = value {
            return .array(Array(elements[range(from, length, count: elements.count)]))
        }
        let characters = Array(try text(value))
        return .string(String(characters[range(from, length, count: characters.count)]))
    }

    private static func range(_ from: Int, _ length: Int, count: Int) -> Range<Int> {
        let start = from < 0 ? Swift.max(0, count + Swift.max(from, -count)) : Swift.min(from, count)
        return start..<(start + Swift.min(length, count - start))
    }

    private static func text(
        _ value: TemplateValue, wanted: String = "text or an array"
    ) throws(FilterFailure) -> String {
        switch value {
        case .json(.object), .json(.array), .json(.null), .missing:
            throw FilterFailure(message: "wants \(wanted), found \(value.excerpt)")
        default: try value.scalarText()
        }
    }
}
