import JSONText
import JobModel

/// Explains at which step a path leads nowhere.
struct MissingPath {
    private let path: RootedPath
    private var detail = ""
    private var suggestion: String?

    init(_ path: RootedPath, _ context: RenderContext) {
        self.path = path
        let root: JSONValue? =
            switch path.root {
            case .row: context.row
            case .vars: .object(context.vars)
            case .extra(let position): context.extras.indices.contains(position) ? context.extras[position] : nil
            default: nil
            }
        guard var value = root else { return }
        // The path in full begins with the root's name.
        for (position, step) in path.steps.enumerated() {
            if let next = step.value(in: value) {
                value = next
                continue
            }
            let reached = TemplatePath(steps: Array(path.path.steps.prefix(position + 1)))
            explain(step.step, at: reached, value, isLast: position == path.steps.count - 1)
            return
        }
    }

    private mutating func explain(
        _ step: TemplatePath.Step, at reached: TemplatePath, _ value: JSONValue, isLast: Bool
    ) {
        switch (step, value) {
        case (.key(let key), .object(let object)):
            if !isLast { detail = ": \(reached) has no '\(key)'" }
            if let name = NameSuggestion.closest(to: key, in: object.names) {
                suggestion = "did you mean \(TemplatePath(steps: reached.steps + [.key(name)]))?"
            }
        case (.index, .array(let elements)):
            detail = ": \(reached) has \(elements.count) element\(elements.count == 1 ? "" : "s")"
        case (.key, _): detail = ": \(reached) is \(value.kindWords), not an object"
        case (.index, _): detail = ": \(reached) is \(value.kindWords), not an array"
        }
    }

    func message(expression: String) -> String {
        let advice = suggestion.map { "; \($0)" } ?? ""
        return "\(path.path) is missing\(detail) (expression '\(expression)'\(advice))"
    }
}
