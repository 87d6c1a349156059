import JSONText
import Synchronization

/// One step of a path in a template, with the place where it found its member last: rows that follow each other mostly
/// have the same members in the same order.
final class PathStep: Sendable {
    let step: TemplatePath.Step
    private let isASCII: Bool
    /// No more than a hint, so that threads need not agree on it.
    private let hint = Atomic<Int>(0)

    init(_ step: TemplatePath.Step) {
        self.step = step
        isASCII = if case .key(let key) = step { key.utf8.allSatisfy { $0 < 0x80 } } else { false }
    }

    /// Where the member stands that the step leads to.
    func position(in object: JSONObject) -> Int? {
        guard case .key(let key) = step else { return nil }
        let last = hint.load(ordering: .relaxed)
        if isASCII, last < object.count {
            // What equals ASCII, and is as long, is the same bytes.
            let name = object.names[last]
            if name.utf8.count == key.utf8.count, name == key { return last }
        }
        let found = object.position(of: key)
        if let found { hint.store(found, ordering: .relaxed) }
        return found
    }

    /// Where the element stands that the step leads to.
    func position(in elements: [JSONValue]) -> Int? {
        guard case .index(let index) = step else { return nil }
        return TemplatePath.position(index, count: elements.count)
    }

    /// The member or element that the step leads to.
    func value(in value: JSONValue) -> JSONValue? {
        switch value {
        case .object(let object): position(in: object).map { object.values[$0] }
        case .array(let elements): position(in: elements).map { elements[$0] }
        default: nil
        }
    }
}
