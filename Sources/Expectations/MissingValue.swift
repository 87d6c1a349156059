import JSONText
import JobModel
import Templating

/// Explains at which step a path leads nowhere.
enum MissingValue {
    /// Names that are listed where none is close.
    private static let listed = 8

    /// Such as `: response has no 'nam'; did you mean response.name?`.
    static func explanation(of path: TemplatePath, in document: JSONValue, _ show: ValueText) -> String {
        var value = document
        for (position, step) in path.steps.enumerated() {
            if let next = TemplatePath(steps: [step]).value(in: value) {
                value = next
                continue
            }
            guard position > 0 else { return "" }
            let reached = TemplatePath(steps: Array(path.steps.prefix(position)))
            return ": \(reached) " + show.cut(words(step, value, at: reached), to: 300)
        }
        return ""
    }

    private static func words(_ step: TemplatePath.Step, _ value: JSONValue, at reached: TemplatePath) -> String {
        switch (step, value) {
        case (.key(let key), .object(let object)):
            if let name = NameSuggestion.closest(to: key, in: object.names) {
                return "has no '\(key)'; did you mean \(TemplatePath(steps: reached.steps + [.key(name)]))?"
            }
            let names = object.names.prefix(listed).joined(separator: ", ")
            let rest = object.count > listed ? ", …" : ""
            return object.isEmpty ? "is an empty object" : "has no '\(key)', but \(names)\(rest)"
        case (.index, .array(let elements)):
            return "has \(elements.count) element\(elements.count == 1 ? "" : "s")"
        case (.key, _): return "is \(value.kindWords), not an object"
        case (.index, _): return "is \(value.kindWords), not an array"
        }
    }
}
