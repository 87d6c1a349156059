import JobModel
import YAMLText

/// Reads the section `lambdas`.
enum LambdaReader {
    /// A lambda with what it gives to its jobs.
    struct Lambda {
        var definition: LambdaDefinition
        var overrides: PolicyOverrides
    }

    struct Lambdas {
        private(set) var definitions: [Lambda] = []
        /// The names in the file, of lambdas with mistakes too.
        private(set) var names: [String] = []
        private var positions: [String: Int] = [:]
        private var faulty: Set<String> = []

        /// - Parameter lambda: nil for one whose mistakes have been reported.
        mutating func add(_ lambda: Lambda?, named name: String) {
            names.append(name)
            if let lambda {
                positions[name] = definitions.count
                definitions.append(lambda)
            } else {
                faulty.insert(name)
            }
        }

        func lambda(named name: String) -> Lambda? {
            positions[name].map { definitions[$0] }
        }

        func isFaulty(_ name: String) -> Bool {
            faulty.contains(name)
        }
    }

    static let longestEvent = 60

    static func read(_ field: YAMLField?) -> Lambdas {
        guard let section = field?.mapping() else { return Lambdas() }
        var lambdas = Lambdas()
        for field in section.fields {
            let hasName = JobName.check(field, of: "lambda")
            let lambda = lambda(field)
            lambdas.add(hasName ? lambda : nil, named: field.name)
        }
        return lambdas
    }

    private static func lambda(_ field: YAMLField) -> Lambda? {
        guard field.node.mapping != nil else {
            let hint = "for an event write { event: … }"
            return uuid(field, hint: hint).map { uuid in
                let definition = LambdaDefinition(
                    name: field.name, target: LambdaTarget(address: .uuid(uuid)), location: field.keyLocation)
                return Lambda(definition: definition, overrides: PolicyOverrides())
            }
        }
        guard let section = field.mapping() else { return nil }
        let target = target(section)
        let definition = LambdaDefinition(
            name: field.name, target: target ?? LambdaTarget(address: .uuid("")),
            concurrency: section.field("concurrency").flatMap(PolicyOverrides.concurrency),
            rate: section.field("rate").flatMap { $0.rate() }, location: field.keyLocation)
        let overrides = PolicyOverrides(readingLambda: section)
        section.finish()
        return target == nil ? nil : Lambda(definition: definition, overrides: overrides)
    }

    private static func target(_ section: YAMLMappingReader) -> LambdaTarget? {
        let skillID = section.field("skillId").flatMap(parameter)
        let externalSystem = section.field("externalSystem").flatMap(parameter)
        let address: LambdaTarget.Address?
        switch (section.field("uuid"), section.field("event")) {
        case (.some(let field), nil): address = uuid(field).map { .uuid($0) }
        case (nil, .some(let field)): address = event(field).map { .event($0) }
        case (.some, .some(let event)):
            section.sink.error(
                .badValue, "\(section.path) has both 'uuid' and 'event'", hint: "remove one of the two",
                at: event.keyLocation)
            return nil
        case (nil, nil):
            section.sink.error(
                .missingKey, "\(section.path) lacks 'uuid'", hint: "give the uuid of a function, or an event",
                at: section.location)
            return nil
        }
        return address.map { LambdaTarget(address: $0, skillID: skillID, externalSystem: externalSystem) }
    }

    private static func uuid(_ field: YAMLField, hint: String = "") -> String? {
        let expected = "a UUID such as 6f91f192-c1df-40e0-94f9-8765fd70fd02"
        guard let text = field.node.scalar.flatMap({ _ in field.text() }) else {
            return field.node.scalar == nil ? field.mismatch(expected, hint: hint) : nil
        }
        return UUIDText.isValid(text) ? text : field.mismatch(expected, code: .badValue, hint: hint)
    }

    private static func event(_ field: YAMLField) -> String? {
        guard let text = field.text() else { return nil }
        guard !text.isEmpty, text.unicodeScalars.count <= longestEvent, isOneWord(text), !text.contains("/"),
            text != ".", text != ".."
        else {
            return field.mismatch(
                "an event id of at most \(longestEvent) characters without blanks and slashes", code: .badValue)
        }
        return text
    }

    private static func parameter(_ field: YAMLField) -> String? {
        guard let text = field.text() else { return nil }
        guard !text.isEmpty, isOneLine(text) else {
            return field.mismatch("text on one line", code: .badValue)
        }
        return text
    }

    private static func isOneWord(_ text: String) -> Bool {
        isOneLine(text) && !text.unicodeScalars.contains { $0.properties.isWhitespace }
    }

    private static func isOneLine(_ text: String) -> Bool {
        !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
