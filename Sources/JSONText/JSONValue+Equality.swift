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
        utf8.count == other.utf8.count && self == other && isIdentical(to: other)
    }

    /// Of strings of one length that are equivalent; almost always called for strings that are the same.
    @inline(never)
    private func isIdentical(to other: String) -> Bool {
        var (left, right) = (self, other)
        return left.withUTF8 { left in right.withUTF8 { left.elementsEqual($0) } }
    }
}
