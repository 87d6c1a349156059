import JSONText
import Synchronization

/// One step of a path in a template, with the place where it found its member last: rows that follow each other mostly
/// have the same members in the same order.
final class PathStep: Sendable {
    let step: TemplatePath.Step
    /// No more than a hint, so that threads need not agree on it.
    private let position = Atomic<Int>(0)

    init(_ step: TemplatePath.Step) {
        self.step = step
    }

    func value(in value: JSONValue) -> JSONValue? {
        guard case .key(let key) = step, case .object(let object) = value else { return step.value(in: value) }
        let hint = position.load(ordering: .relaxed)
        guard let found = object.position(of: key, hint: hint) else { return nil }
        if found != hint { position.store(found, ordering: .relaxed) }
        return object.members[found].value
    }
}
