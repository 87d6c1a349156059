/// A scalar as it was written, before its type is decided.
package struct YAMLScalar: Sendable, Hashable {
    package enum Style: Sendable, Hashable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    /// The tags of the core schema (YAML 1.2.2, section 10.3) that a scalar may carry.
    package enum Tag: String, Sendable, Hashable {
        case string = "tag:yaml.org,2002:str"
        case integer = "tag:yaml.org,2002:int"
        case float = "tag:yaml.org,2002:float"
        case boolean = "tag:yaml.org,2002:bool"
        case null = "tag:yaml.org,2002:null"

        /// As people write it: `!!int`.
        package var shorthand: String { "!!" + rawValue.dropFirst("tag:yaml.org,2002:".count) }
    }

    /// The content: escapes undone, lines folded, and perhaps variables filled in.
    package private(set) var text: String
    /// Few scalars have one; files of many jobs have millions without.
    private var substitution: Substitution?
    package let style: Style
    package let tag: Tag?
    /// Whether each scalar of ``raw`` stands in the source as it is: one line, no escapes.
    package let isVerbatim: Bool

    /// What a scalar was before variables were filled in.
    private final class Substitution: Sendable, Hashable {
        let raw: String
        let isUnresolved: Bool

        init(of raw: String, isUnresolved: Bool) {
            self.raw = raw
            self.isUnresolved = isUnresolved
        }

        static func == (left: Substitution, right: Substitution) -> Bool {
            left.raw == right.raw && left.isUnresolved == right.isUnresolved
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(raw)
            hasher.combine(isUnresolved)
        }
    }

    /// The content before variables were filled in; safe to be shown.
    package var raw: String { substitution?.raw ?? text }
    /// Whether ``text`` holds something from the environment, which must not be shown.
    package var isSubstituted: Bool { substitution != nil }
    /// Whether it holds a variable that has no value, where that is to be borne.
    package var isUnresolved: Bool { substitution?.isUnresolved == true }

    package init(_ text: String, style: Style = .plain, tag: Tag? = nil, isVerbatim: Bool = false) {
        self.text = text
        self.style = style
        self.tag = tag
        self.isVerbatim = isVerbatim
    }

    /// The same scalar with variables filled in; its type is decided by the new text.
    package func substituted(_ text: String) -> YAMLScalar {
        replaced(by: text, isUnresolved: false)
    }

    /// The same scalar whose variables have no value, where that is to be borne.
    package func unresolved() -> YAMLScalar {
        replaced(by: "", isUnresolved: true)
    }

    private func replaced(by text: String, isUnresolved: Bool) -> YAMLScalar {
        var copy = self
        copy.substitution = Substitution(of: raw, isUnresolved: isUnresolved)
        copy.text = text
        return copy
    }

    /// The text to be compared byte by byte, as keys are.
    var exactText: ExactText { ExactText(text: text) }

    /// What the scalar means by the core schema (YAML 1.2.2, section 10.3.2).
    package var value: YAMLValue {
        switch tag {
        case .string: .string(text)
        case .integer: CoreSchema.integer(text) ?? .invalid(explain(.integer, "an integer such as 12 or 0x1F"))
        case .float: CoreSchema.float(text) ?? .invalid(explain(.float, "a number such as 1.5"))
        case .boolean: CoreSchema.boolean(text) ?? .invalid(explain(.boolean, "true or false"))
        case .null: CoreSchema.null(text) ?? .invalid(explain(.null, "null, ~ or nothing"))
        case nil: style == .plain ? CoreSchema.value(ofPlain: text) : .string(text)
        }
    }

    private func explain(_ tag: Tag, _ wanted: String) -> String {
        "\(tag.shorthand) wants \(wanted)"
    }
}

/// What a scalar means.
package enum YAMLValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// Decimal digits of any length as JSON writes them: no `+`, no leading zeros.
    case integer(String)
    /// A number as JSON writes it, digits kept: `1.10`, `1e400`, `0.5`.
    case float(String)
    /// `.inf`, `-.inf` or `.nan`, which JSON cannot write.
    case notFinite(String)
    case string(String)
    /// The tag and the text contradict each other; the reason, without the text.
    case invalid(String)
}

/// Text that equals only the same scalars: Swift's strings equal under canonical equivalence, which YAML does not know.
package struct ExactText: Hashable {
    package let text: String

    package init(text: String) {
        self.text = text
    }

    package static func == (left: ExactText, right: ExactText) -> Bool {
        // Of texts that are equal to Swift most are the same bytes; of others none is.
        left.text == right.text && left.text.utf8.elementsEqual(right.text.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        // Coarser than ==, which is as good: texts that are equivalent without being the same are rare.
        hasher.combine(text)
    }
}
