import Glibc

extension JSONValue: Equatable {
    /// Whether two values are the same: numbers by their text (`1.0` is not `1`), strings byte by byte, objects
    /// whatever the order of their members.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        left.isEqual(to: right, numbersByValue: false)
    }

    /// Whether two values are the same, numbers compared by value (`1.0`, `1` and `10e-1` are equal).
    package func equalsByValue(_ other: JSONValue) -> Bool {
        isEqual(to: other, numbersByValue: true)
    }

    private func isEqual(to other: JSONValue, numbersByValue: Bool) -> Bool {
        switch (self, other) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)):
            left == right || (numbersByValue && left.hasSameValue(as: right))
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy { $0.isEqual(to: $1, numbersByValue: numbersByValue) }
        case (.object(let left), .object(let right)):
            left.hasSameMembers(as: right) { $0.isEqual(to: $1, numbersByValue: numbersByValue) }
        default: false
        }
    }
}

extension String {
    /// Equality of the UTF-8 bytes: JSON does not know the canonical equivalence that `==` applies.
    @inline(__always)
    func hasSameBytes(as other: String) -> Bool {
        let count = utf8.count
        guard count == other.utf8.count else { return false }
        return withUTF8Bytes { left in
            other.withUTF8Bytes { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return true }
                return memcmp(left, right, count) == 0
            }
        }
    }
}
