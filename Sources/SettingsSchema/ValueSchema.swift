/// What the value of a setting may be.
///
/// Where a scalar may stand, so may a text with a variable, `${NAME}`: its type is known only once it is filled in.
package indirect enum ValueSchema: Sendable {
    /// Any YAML.
    case anything
    case boolean
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case text(TextSchema)
    /// One of a closed set of names.
    case choice([ChoiceSchema])
    /// Nothing: turns a setting off.
    case null
    case list(of: ValueSchema)
    case mapping(MappingSchema)
    /// Entries whose names the user chooses.
    case entries(EntriesSchema)
    /// Any one of these.
    case either([ValueSchema])
}

/// A text.
package struct TextSchema: Sendable {
    /// What is expected, in words that follow "expected": `a duration such as 30s`.
    package var words: String
    /// What all of the text matches (ECMA 262, without anchors); nil is any text.
    package var pattern: String?
    /// An empty one is refused.
    package var isFilled: Bool
    /// Numbers are taken as they are written.
    package var takesNumbers: Bool
    /// Unquoted booleans are taken as they are written.
    package var takesBooleans: Bool

    package init(
        _ words: String = "text", pattern: String? = nil, isFilled: Bool = false, takesNumbers: Bool = true,
        takesBooleans: Bool = false
    ) {
        self.words = words
        self.pattern = pattern
        self.isFilled = isFilled
        self.takesNumbers = takesNumbers
        self.takesBooleans = takesBooleans
    }
}

/// One of a closed set of names.
package struct ChoiceSchema: Sendable {
    package var name: String
    /// What it means, in Markdown; empty if the name says it.
    package var meaning: String

    package init(_ name: String, _ meaning: String = "") {
        self.name = name
        self.meaning = meaning
    }
}

/// A mapping whose keys are names that the user chooses.
package final class EntriesSchema: Sendable {
    package let value: ValueSchema
    /// What all of a name matches (ECMA 262, without anchors); nil is any name.
    package let namePattern: String?
    /// How many entries there are at least; with 0 the mapping may be left empty.
    package let atLeast: Int

    package init(of value: ValueSchema, namePattern: String? = nil, atLeast: Int = 0) {
        self.value = value
        self.namePattern = namePattern
        self.atLeast = atLeast
    }
}
