import JobModel
import YAMLText

/// Fills variables into the scalars of a tree, keys included; the tree itself never changes by that.
struct EnvironmentFilling {
    let environment: [String: String]
    /// Variables below this key of the file may be unset.
    let lenientKey: String?
    /// What is wrong below this key is not reported.
    var ignoredKey: String?
    let source: SourceText
    let sink: DiagnosticSink
    /// Of one scalar only so many problems are reported: finding the place of each takes time linear in the text.
    private static let mostProblems = 20

    /// The tree with all variables filled in; problems are reported at the variable.
    func filled(_ root: YAMLNode) -> YAMLNode {
        guard sourceMayHoldVariables else { return root }
        guard let mapping = root.mapping else { return filled(root, isLenient: false) ?? root }
        var copy = mapping
        for position in mapping.entries.indices {
            let entry = mapping.entries[position]
            let filling = entry.key.text == ignoredKey ? unheard : self
            if let value = filling.filled(entry.value, isLenient: entry.key.text == lenientKey) {
                copy.entries[position].value = value
            }
        }
        return YAMLNode(.mapping(filledKeys(copy) ?? copy), location: root.location)
    }

    private var unheard: EnvironmentFilling {
        EnvironmentFilling(
            environment: environment, lenientKey: nil, ignoredKey: nil, source: source,
            sink: DiagnosticSink(file: sink.file))
    }

    /// Nil if there is nothing to fill in: most of a large file stays as it is, shared.
    private func filled(_ node: YAMLNode, isLenient: Bool) -> YAMLNode? {
        switch node.content {
        case .scalar(let scalar):
            return filled(scalar, of: node, isLenient: isLenient).map { YAMLNode(.scalar($0), location: node.location) }
        case .sequence(let elements):
            var copy: [YAMLNode]?
            for (position, element) in elements.enumerated() {
                guard let element = filled(element, isLenient: isLenient) else { continue }
                if copy == nil { copy = elements }
                copy?[position] = element
            }
            return copy.map { YAMLNode(.sequence($0), location: node.location) }
        case .mapping(let mapping):
            var copy: YAMLMapping?
            for (position, entry) in mapping.entries.enumerated() {
                guard let value = filled(entry.value, isLenient: isLenient) else { continue }
                if copy == nil { copy = mapping }
                copy?.entries[position].value = value
            }
            copy = filledKeys(copy ?? mapping) ?? copy
            return copy.map { YAMLNode(.mapping($0), location: node.location) }
        }
    }

    private func filledKeys(_ mapping: YAMLMapping) -> YAMLMapping? {
        var copy: YAMLMapping?
        for (position, entry) in mapping.entries.enumerated() where Self.mayHoldVariables(entry.key) {
            let node = YAMLNode(.scalar(entry.key), location: entry.keyLocation)
            guard let key = filled(entry.key, of: node, isLenient: false) else { continue }
            if copy == nil { copy = mapping }
            copy?.entries[position].key = key
        }
        for (position, first) in copy?.duplicates() ?? [] {
            copy?.reportDuplicate(at: position, first: first, to: sink)
        }
        return copy
    }

    /// An escape may stand for a dollar sign.
    private var sourceMayHoldVariables: Bool {
        source.bytes.withUnsafeBufferPointer { bytes in
            bytes.contains { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "\\") }
        }
    }

    private static func mayHoldVariables(_ scalar: YAMLScalar) -> Bool {
        scalar.text.utf8.contains(UInt8(ascii: "$"))
    }

    private func filled(_ scalar: YAMLScalar, of node: YAMLNode, isLenient: Bool) -> YAMLScalar? {
        guard Self.mayHoldVariables(scalar) else { return nil }
        let (text, problems) = VariableText.fill(scalar.text, environment: environment)
        if problems.isEmpty { return text == scalar.text ? nil : scalar.substituted(text) }
        for problem in problems.prefix(Self.mostProblems) {
            let place = node.location(ofOffset: problem.offset, length: problem.length, in: source)
            switch problem.kind {
            case .unset(let name, let message):
                guard !isLenient else { continue }
                let reason = message.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
                sink.error(
                    .unsetVariable, "the variable \(name) is not set\(reason)",
                    hint: "export it, put '\(name)=…' into .env, or give a default: ${\(name):-…}", at: place)
            case .malformed(let message):
                sink.error(.badVariable, message, hint: "for the characters '${' write '$${'", at: place)
            }
        }
        return scalar.unresolved()
    }
}
