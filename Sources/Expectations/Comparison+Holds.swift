import JSONText

extension Matcher.Comparison {
    /// Whether a value is as expected; nil if the two cannot be compared so.
    func holds(_ actual: JSONValue, _ expected: JSONValue) -> Bool? {
        switch self {
        case .equals: actual.equalsByValue(expected)
        case .notEquals: !actual.equalsByValue(expected)
        case .contains: Self.contains(actual, expected)
        case .startsWith:
            if case .string(let text) = actual, case .string(let start) = expected {
                text.utf8.starts(with: start.utf8)
            } else {
                nil
            }
        case .oneOf: expected.arrayValue?.contains { actual.equalsByValue($0) }
        case .greaterThan: Self.order(actual, expected).map { $0 > 0 }
        case .lessThan: Self.order(actual, expected).map { $0 < 0 }
        case .size: actual.size.flatMap { size in expected.intValue.map { $0 == size } }
        }
    }

    /// What a value must be to be compared at all, for messages.
    var comparable: String {
        switch self {
        case .equals, .notEquals: "a value"
        case .contains: "text in text, an element in an array, or members in an object"
        case .startsWith: "text"
        case .oneOf: "a list of values"
        case .greaterThan, .lessThan: "numbers"
        case .size: "text, an array or an object, and a whole number"
        }
    }

    private static func order(_ actual: JSONValue, _ expected: JSONValue) -> Int? {
        guard case .number(let actual) = actual, case .number(let expected) = expected else { return nil }
        return actual.compare(to: expected)
    }

    private static func contains(_ actual: JSONValue, _ expected: JSONValue) -> Bool? {
        switch (actual, expected) {
        case (.string(let text), .string(let part)):
            part.isEmpty || text.utf8.firstRange(of: part.utf8) != nil
        case (.array(let elements), _): elements.contains { includes($0, expected) }
        case (.object(let object), .string(let name)): object.position(of: name) != nil
        case (.object, .object): includes(actual, expected)
        default: nil
        }
    }

    /// Whether a value is another, or an object that has its members and perhaps more.
    private static func includes(_ actual: JSONValue, _ expected: JSONValue) -> Bool {
        guard case .object(let actual) = actual, case .object(let expected) = expected else {
            return actual.equalsByValue(expected)
        }
        return expected.members.allSatisfy { name, value in actual[name].map { includes($0, value) } ?? false }
    }
}

extension JSONValue {
    /// Characters, elements or members; nil of what has none.
    var size: Int? {
        switch self {
        case .string(let text): text.count
        case .array(let elements): elements.count
        case .object(let object): object.count
        case .null, .bool, .number: nil
        }
    }
}
