import JSONText
import JobModel

extension ExpressionCompiler {
    /// Looks up the first name of a path, and notes what is used.
    ///
    /// - Parameter mayBeMissing: a `default` stands in for what is not there.
    mutating func operand(_ parsed: ParsedOperand, mayBeMissing: Bool) -> Operand? {
        guard case .path(let name, let steps) = parsed.content else {
            if case .literal(let literal) = parsed.content { return .literal(literal) }
            return nil
        }
        if let position = scope.extras.firstIndex(of: name) {
            use.extras.insert(name)
            return path(.extra(position), name, steps)
        }
        guard let root = TemplateRoot(rawValue: name) else {
            reportUnknown(name, parsed.range)
            return nil
        }
        guard scope.roots.contains(root) else {
            report(parsed.range, "'\(name)' is not known here", "there are \(scope.names.joined(separator: ", "))")
            return nil
        }
        use.roots.insert(root)
        switch root {
        case .row: return path(.row, name, steps)
        case .vars: return variable(name, steps, parsed.range, mayBeMissing: mayBeMissing)
        case .job: return member(of: name, steps, parsed.range, among: [("name", .jobName)])
        case .run:
            return member(
                of: name, steps, parsed.range,
                among: [("id", .runID), ("nominalTime", .nominalTime), ("startedAt", .startedAt)])
        case .index: return whole(.index, name, steps, parsed.range)
        case .key: return whole(.key, name, steps, parsed.range)
        case .now: return whole(.now, name, steps, parsed.range)
        case .uuid: return whole(.uuid, name, steps, parsed.range)
        }
    }

    private func path(_ root: RootedPath.Root, _ name: String, _ steps: [TemplatePath.Step]) -> Operand {
        .path(RootedPath(root: root, steps: steps, path: TemplatePath(steps: [.key(name)] + steps)))
    }

    private mutating func reportUnknown(_ name: String, _ range: Range<Int>) {
        let suggestion = NameSuggestion.closest(to: name, in: scope.names).map { "did you mean \($0)?" }
        let known = scope.names.joined(separator: ", ")
        report(range, "unknown name '\(name)'", suggestion ?? "there are \(known); text goes in quotes: '\(name)'")
    }

    private mutating func variable(
        _ name: String, _ steps: [TemplatePath.Step], _ range: Range<Int>, mayBeMissing: Bool
    ) -> Operand? {
        guard case .key(let variable)? = steps.first else {
            guard steps.isEmpty else {
                report(range, "vars has names, not numbers", "write vars.name")
                return nil
            }
            use.usesAllVars = true
            return path(.vars, name, steps)
        }
        use.vars.insert(variable)
        if let known = scope.knownVars, !mayBeMissing, !known.contains(variable) {
            let suggestion = NameSuggestion.closest(to: variable, in: known.sorted()).map { "did you mean vars.\($0)?" }
            report(range, "there is no variable '\(variable)'", suggestion ?? "define it under vars, or add default:")
            return nil
        }
        return path(.vars, name, steps)
    }

    /// A root that has a few members and nothing else.
    private mutating func member(
        of name: String, _ steps: [TemplatePath.Step], _ range: Range<Int>, among members: [(String, RootedPath.Root)]
    ) -> Operand? {
        var written: String { "write " + members.map { "\(name).\($0.0)" }.joined(separator: ", ") }
        guard case .key(let key)? = steps.first else {
            report(range, "'\(name)' is no value of its own", written)
            return nil
        }
        guard let member = members.first(where: { $0.0 == key }) else {
            let suggestion = NameSuggestion.closest(to: key, in: members.map(\.0)).map { "did you mean \(name).\($0)?" }
            report(range, "\(name) has no '\(key)'", suggestion ?? written)
            return nil
        }
        return whole(member.1, "\(name).\(key)", Array(steps.dropFirst()), range, prefix: [.key(name), .key(key)])
    }

    /// A value that has nothing below it.
    private mutating func whole(
        _ root: RootedPath.Root, _ name: String, _ steps: [TemplatePath.Step], _ range: Range<Int>,
        prefix: [TemplatePath.Step]? = nil
    ) -> Operand? {
        guard steps.isEmpty else {
            report(range, "\(name) has no members", "write \(name)")
            return nil
        }
        return .path(RootedPath(root: root, steps: [], path: TemplatePath(steps: prefix ?? [.key(name)])))
    }
}
