import JSONText
import SettingsSchema

/// Writes the settings of a mapping as a table of a Markdown page.
enum SettingsTable {
    /// Rows by key; the settings of mappings named in `inlined` stand in rows of their own, as `endpoints.gateway`.
    ///
    /// - Parameters:
    ///   - leftOut: keys that another table has.
    ///   - hasDefaults: with a column of defaults.
    static func markdown(of mapping: MappingSchema, inlined: Set<String>, leftOut: Set<String>, hasDefaults: Bool)
        -> String
    {
        let head = hasDefaults ? "| key | default | |\n|---|---|---|\n" : "| key | |\n|---|---|\n"
        let settings = mapping.settings.filter { !leftOut.contains($0.key) }
        return head + rows(of: settings, prefix: "", inlined: inlined, hasDefaults: hasDefaults).joined(separator: "\n")
    }

    private static func rows(
        of settings: [SettingSchema], prefix: String, inlined: Set<String>, hasDefaults: Bool
    ) -> [String] {
        settings.flatMap { setting -> [String] in
            if case .mapping(let inner) = setting.value, inlined.contains(inner.name) {
                return rows(
                    of: inner.settings, prefix: "\(prefix)\(setting.key).", inlined: inlined, hasDefaults: hasDefaults)
            }
            let key = "`\(prefix)\(setting.key)`\(setting.isDefaultable ? " *" : "")"
            let cells =
                hasDefaults ? [key, words(for: setting.byDefault), text(of: setting)] : [key, text(of: setting)]
            return ["|" + cells.map { $0.isEmpty ? " |" : " \(escaped($0)) |" }.joined()]
        }
    }

    private static func text(of setting: SettingSchema) -> String {
        let text = [setting.text, addition(of: setting.value)].filter { !$0.isEmpty }.joined(separator: " ")
        return setting.link.isEmpty ? text : "\(text) ([more](\(setting.link)))"
    }

    /// What the kind of value adds to the words: ranges and names.
    private static func addition(of value: ValueSchema) -> String {
        switch value {
        case .integer(let range) where range.upperBound < .max && range.upperBound > range.lowerBound:
            return "\(range.lowerBound) to \(range.upperBound)."
        case .number(let range): return "\(Int(range.lowerBound)) to \(Int(range.upperBound))."
        case .choice(let choices) where choices.allSatisfy(\.meaning.isEmpty):
            return "One of " + choices.map { "`\($0.name)`" }.joined(separator: ", ") + "."
        case .choice(let choices):
            return choices.map { "`\($0.name)`: \($0.meaning)" }.joined(separator: "; ") + "."
        case .anything, .boolean, .integer, .text, .null, .list, .mapping, .entries, .either: return ""
        }
    }

    private static func words(for byDefault: SettingSchema.Default) -> String {
        switch byDefault {
        case .required: "required"
        case .value(let value): "`\(value.stringValue ?? JSONWriter.text(of: value))`"
        case .words(let words): words
        case .none: ""
        }
    }

    /// A bar would end the cell.
    private static func escaped(_ text: String) -> String {
        text.replacing("|", with: "\\|")
    }
}
