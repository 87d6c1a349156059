import JSONText
import SettingsSchema

/// Finds the way through a description.
enum SchemaWalk {
    /// All mappings below one, itself included, each once.
    static func mappings(of top: MappingSchema) -> [MappingSchema] {
        var found: [MappingSchema] = []
        func walk(_ mapping: MappingSchema) {
            guard !found.contains(where: { $0.name == mapping.name }) else { return }
            found.append(mapping)
            for setting in mapping.settings { for inner in inner(of: setting.value) { walk(inner) } }
        }
        walk(top)
        return found
    }

    /// The mappings that may stand directly in a value, as an element or an entry.
    static func inner(of value: ValueSchema) -> [MappingSchema] {
        switch value {
        case .mapping(let mapping): [mapping]
        case .list(let element): inner(of: element)
        case .entries(let entries): inner(of: entries.value)
        case .either(let values): values.flatMap(inner)
        case .anything, .boolean, .integer, .number, .text, .choice, .null: []
        }
    }

    /// The mapping at a path such as `jobs.a.retry` or `jobs.a.schedule[0]`.
    static func mapping(at path: String, of top: MappingSchema) -> MappingSchema? {
        var value = ValueSchema.mapping(top)
        for part in path.split(separator: ".") {
            let key = part.prefix { $0 != "[" }
            switch value {
            case .entries(let entries): value = entries.value
            default:
                guard let setting = inner(of: value).lazy.compactMap({ $0[String(key)] }).first else { return nil }
                value = setting.value
            }
        }
        return inner(of: value).first
    }
}
