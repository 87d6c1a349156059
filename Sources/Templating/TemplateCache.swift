/// Remembers what strings with expressions were compiled to, so that strings which many payloads of a file have in common
/// are compiled once, and take room once. For templates of one scope and one set of zones.
package final class TemplateCache {
    struct Entry {
        /// Of the same text: equal strings need not have the same bytes.
        var text: String
        var parts: [ExpressionCompiler.Part]
        var use: TemplateUse
    }

    /// Beyond so many strings they are hardly shared.
    private static let capacity = 1000
    private var entries: [String: Entry] = [:]

    package init() {}

    subscript(text: String) -> Entry? {
        guard let entry = entries[text], entry.text.utf8.elementsEqual(text.utf8) else { return nil }
        return entry
    }

    func keep(_ entry: Entry) {
        guard entries.count < Self.capacity else { return }
        entries[entry.text] = entry
    }
}
