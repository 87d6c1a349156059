package import JobModel

/// One node of a YAML document: a value, a list or a mapping, and where it stands.
///
/// Aliases are already replaced by what they stand for (the copies share their storage), merge keys already merged.
package struct YAMLNode: Sendable {
    package enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping(YAMLMapping)
    }

    package var content: Content
    private var place: YAMLPlace

    package init(_ content: Content, location: SourceLocation) {
        self.content = content
        place = YAMLPlace(location)
    }

    /// The scalar with its quotes, or the first character of a list or mapping.
    package var location: SourceLocation {
        get { place.location }
        set { place = YAMLPlace(newValue) }
    }

    package var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    package var mapping: YAMLMapping? {
        if case .mapping(let mapping) = content { mapping } else { nil }
    }

    package var sequence: [YAMLNode]? {
        if case .sequence(let nodes) = content { nodes } else { nil }
    }
}

/// A mapping in the order of the file; its keys are scalars, each once.
package struct YAMLMapping: Sendable {
    package struct Entry: Sendable {
        package var key: YAMLScalar
        private let keyPlace: YAMLPlace
        package var value: YAMLNode

        package init(key: YAMLScalar, keyLocation: SourceLocation, value: YAMLNode) {
            self.key = key
            keyPlace = YAMLPlace(keyLocation)
            self.value = value
        }

        package var keyLocation: SourceLocation { keyPlace.location }
    }

    package var entries: [Entry]

    package init(entries: [Entry] = []) {
        self.entries = entries
    }

    /// The value of a key; linear in the number of entries.
    package subscript(key: String) -> YAMLNode? {
        entries.first { $0.key.text == key }?.value
    }

    /// The positions of keys that are there a second time, each with the position of the first.
    package func duplicates() -> [(position: Int, first: Int)] {
        guard entries.count > 1 else { return [] }
        var duplicates: [(position: Int, first: Int)] = []
        if entries.count <= 12 {
            for position in 1..<entries.count {
                let key = entries[position].key.exactText
                if let first = entries[..<position].firstIndex(where: { $0.key.exactText == key }) {
                    duplicates.append((position, first))
                }
            }
            return duplicates
        }
        var seen: [ExactText: Int] = [:]
        seen.reserveCapacity(entries.count)
        for (position, entry) in entries.enumerated() {
            if let first = seen[entry.key.exactText] {
                duplicates.append((position, first))
            } else {
                seen[entry.key.exactText] = position
            }
        }
        return duplicates
    }
}
