package import JSONText

/// A mapping with settings of known keys; any other key is a mistake.
package final class MappingSchema: Sendable {
    /// Its name among definitions and tables, such as `retry`.
    package let name: String
    package let settings: [SettingSchema]
    /// Exactly one of these keys is given; none is no such rule.
    package let exactlyOne: [String]

    package init(_ name: String, exactlyOne: [String] = [], _ settings: [SettingSchema]) {
        self.name = name
        self.settings = settings
        self.exactlyOne = exactlyOne
    }

    package subscript(key: String) -> SettingSchema? {
        settings.first { $0.key == key }
    }

    package var keys: [String] { settings.map(\.key) }

    /// Whether it may be left empty: somebody has commented out all of it.
    var mayBeEmpty: Bool {
        exactlyOne.isEmpty && !settings.contains(where: \.isRequired)
    }
}

/// A setting of a mapping.
package struct SettingSchema: Sendable {
    /// What holds if it is not given.
    package enum Default: Sendable {
        /// It must be given.
        case required
        case value(JSONValue)
        /// In words: `the row`.
        case words(String)
        /// Nothing worth telling.
        case none
    }

    package var key: String
    package var value: ValueSchema
    package var byDefault: Default
    /// What it means, in Markdown without links.
    package var text: String
    /// Values that are right.
    package var examples: [JSONValue]
    /// Where a page tells more, such as `#retry`; empty if nowhere.
    package var link: String
    /// It may stand in the file's defaults, too.
    package var isDefaultable: Bool

    package init(
        _ key: String, _ value: ValueSchema, default byDefault: Default = .none, _ text: String,
        examples: [JSONValue], link: String = "", isDefaultable: Bool = false
    ) {
        self.key = key
        self.value = value
        self.byDefault = byDefault
        self.text = text
        self.examples = examples
        self.link = link
        self.isDefaultable = isDefaultable
    }

    package var isRequired: Bool {
        if case .required = byDefault { true } else { false }
    }
}
