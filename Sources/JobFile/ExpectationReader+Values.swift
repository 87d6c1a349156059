import Expectations
import JSONText
import JobModel
import Templating
import YAMLText

extension ExpectationReader {
    /// A path that begins with one of the roots; names of headers in lower case, as they are kept.
    func path(_ field: YAMLField) -> TemplatePath? {
        guard let text = field.text() else { return nil }
        var path: TemplatePath
        do throws(TemplateProblems) {
            path = try TemplatePath(parsing: text)
        } catch {
            for problem in error.list { templates.report(problem, in: field.node, code: .badPath) }
            return nil
        }
        let roots = ObservedRoot.allCases.map(\.rawValue)
        guard case .key(let name)? = path.steps.first, let root = ObservedRoot(rawValue: name) else {
            guard field.node.scalar?.isSubstituted == false else {
                return field.mismatch("a path below \(roots.joined(separator: ", "))", code: .badPath)
            }
            let name = path.steps.first.map { TemplatePath(steps: [$0]).description } ?? ""
            return field.refuse(
                "unknown root '\(name)'", code: .badPath,
                hint: NameSuggestion.hint(for: name, in: roots, listing: "roots"))
        }
        guard root.members == nil || path.steps.count == 1 || isMember(path, of: root, field) else { return nil }
        if root == .headers, case .key(let header)? = path.steps.dropFirst().first {
            path.steps[1] = .key(header.lowercased())
        }
        return path
    }

    /// Whether a path leads to a member of a root that has a few; reported if not.
    private func isMember(_ path: TemplatePath, of root: ObservedRoot, _ field: YAMLField) -> Bool {
        let members = root.members ?? []
        guard !members.isEmpty else {
            let _: Int? = field.refuse(
                "\(root.rawValue) has no members", code: .badPath, hint: "write \(root.rawValue)")
            return false
        }
        if path.steps.count == 2, case .key(let member) = path.steps[1], members.contains(member) { return true }
        let written = TemplatePath(steps: Array(path.steps.dropFirst())).description
        let _: Int? = field.refuse(
            "\(root.rawValue) has no '\(written)'", code: .badPath,
            hint: NameSuggestion.hint(for: written, in: members, listing: "it has"))
        return false
    }

    /// What one key of an item asks of the value at its path.
    func matcher(_ field: YAMLField) -> Matcher? {
        switch field.name {
        case Matcher.matchesName: return pattern(field).map { .matches($0) }
        case Matcher.existsName: return field.boolean().map { .exists($0) }
        case Matcher.typeName:
            // A plain null is YAML's own.
            return field.isNull ? .type(.null) : field.choice(ValueType.self).map { .type($0) }
        default:
            guard let comparison = Matcher.Comparison(rawValue: field.name), let template = templates.value(field)
            else { return nil }
            let value = ExpectedValue(template)
            guard case .constant(let constant) = value else { return .compare(comparison, value) }
            return isComparable(constant, comparison, field) ? .compare(comparison, value) : nil
        }
    }

    private func pattern(_ field: YAMLField) -> Pattern? {
        guard let text = field.text() else { return nil }
        guard !text.contains("{{") else {
            return field.refuse(
                "a pattern takes no templates",
                hint: #"use equals, contains or startsWith for values of the row; \{\{ is a brace twice"#)
        }
        do throws(Pattern.Problem) {
            return try Pattern(text)
        } catch {
            let place = field.node.location(ofOffset: error.offset, length: 1, in: templates.source)
            field.sink.error(
                .badPattern, "\(field.path): \(error.message)",
                hint: "patterns are those of PCRE; in double quotes YAML wants \\\\d for \\d, single quotes do not",
                at: place)
            return nil
        }
    }

    /// Whether a value that is the same for all rows can be compared so at all; reported if not.
    private func isComparable(_ value: JSONValue, _ comparison: Matcher.Comparison, _ field: YAMLField) -> Bool {
        let expected: String
        switch (comparison, value) {
        case (.equals, _), (.notEquals, _), (.contains, _), (.greaterThan, .number), (.lessThan, .number),
            (.startsWith, .string):
            return true
        case (.oneOf, .array(let values)):
            if !values.isEmpty { return true }
            let _: Int? = field.refuse("there is nothing in the list")
            return false
        case (.size, .number(let number)):
            if let size = number.intValue, size >= 0 { return true }
            expected = "a whole number of at least 0"
        case (.size, _): expected = "a whole number of at least 0"
        case (.greaterThan, _), (.lessThan, _): expected = "a number"
        case (.startsWith, _): expected = "text"
        case (.oneOf, _): expected = "a list of values"
        }
        let _: Int? = field.mismatch(expected)
        return false
    }
}

extension Matcher {
    static let matchesName = "matches"
    static let existsName = "exists"
    static let typeName = "type"

    /// The keys of an item that say what is asked of the value at its path.
    static let names =
        [Comparison.equals, .notEquals, .contains].map(\.rawValue) + [matchesName, existsName, typeName]
        + [Comparison.greaterThan, .lessThan, .size, .oneOf, .startsWith].map(\.rawValue)
}
