import JSONText

/// What is asked of the value at a path.
package enum Matcher: Sendable {
    /// Matchers that compare with a value of the file, in which templates may stand.
    package enum Comparison: String, Sendable, Hashable, CaseIterable {
        /// The same JSON: numbers by value, members in any order.
        case equals
        case notEquals
        /// Text in text, an element in an array, members in an object.
        case contains
        case startsWith
        case oneOf
        case greaterThan
        case lessThan
        /// Of text in characters, else elements or members.
        case size
    }

    case compare(Comparison, ExpectedValue)
    case matches(Pattern)
    case exists(Bool)
    case type(ValueType)
}

/// The types of JSON values, under the names of JSON Schema.
package enum ValueType: String, Sendable, Hashable, CaseIterable {
    case string, number
    /// A number without fraction, however it is written: `7`, `7.0`.
    case integer
    case boolean, array, object, null

    func includes(_ value: JSONValue) -> Bool {
        switch (self, value) {
        case (.string, .string), (.number, .number), (.boolean, .bool), (.array, .array), (.object, .object),
            (.null, .null):
            true
        case (.integer, .number(let number)): JSONDecimal(number).wholeText(limit: .max) != nil
        default: false
        }
    }
}
