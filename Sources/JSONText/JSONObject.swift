/// The members of a JSON object in their order, names unique.
///
/// A lookup goes through the names one by one, which is the fastest way for the few that objects usually have.
/// Build a large object with ``init(_:)``, not member by member.
package struct JSONObject: Sendable {
    package typealias Member = (key: String, value: JSONValue)

    /// Apart from the values, so that rows with the same names share them.
    package private(set) var names: [String]
    /// As many as ``names``.
    package private(set) var values: [JSONValue]

    package init() {
        names = []
        values = []
    }

    /// Takes members as they come; of several with one name the last value wins, in the first one's place.
    ///
    /// Linear in the number of members, whatever their names.
    package init(_ members: [Member]) {
        self.init(names: members.map(\.key), values: members.map(\.value))
    }

    /// Takes names and as many values, as ``init(_:)`` takes members.
    init(names: [String], values: [JSONValue]) {
        self.init(uniqueNames: names, values: values)
        removeDuplicates()
    }

    /// Takes members whose names the caller knows to be unique.
    package init(uniqueMembers members: [Member]) {
        self.init(uniqueNames: members.map(\.key), values: members.map(\.value))
    }

    /// Takes names that the caller knows to be unique, such as the columns of a checked header line, and as many
    /// values.
    package init(uniqueNames names: [String], values: [JSONValue]) {
        assert(names.count == values.count)
        self.names = names
        self.values = values
    }

    package var count: Int { values.count }
    package var isEmpty: Bool { values.isEmpty }

    /// The value of a name, compared byte by byte. Setting replaces in place or appends; nil removes.
    package subscript(key: String) -> JSONValue? {
        get {
            position(of: key).map { values[$0] }
        }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): values[position] = value
            case (let position?, nil):
                names.remove(at: position)
                values.remove(at: position)
            case (nil, let value?):
                names.append(key)
                values.append(value)
            case (nil, nil): break
            }
        }
    }

    /// Where a name stands among ``names``.
    package func position(of key: String) -> Int? {
        names.withUnsafeBufferPointer { names in
            names.firstIndex { $0.hasSameBytes(as: key) }
        }
    }

    private static let pairwiseLimit = 16

    private mutating func removeDuplicates() {
        guard names.count > Self.pairwiseLimit || hasDuplicatesPairwise else { return }
        removeDuplicatesHashed()
    }

    private var hasDuplicatesPairwise: Bool {
        names.withUnsafeBufferPointer { names in
            names.indices.contains { later in
                names[..<later].contains { $0.hasSameBytes(as: names[later]) }
            }
        }
    }

    private mutating func removeDuplicatesHashed() {
        let positions = Self.lastPositions(of: names)
        guard positions.count < names.count else { return }
        var unique = JSONObject()
        unique.names.reserveCapacity(positions.count)
        unique.values.reserveCapacity(positions.count)
        var seen = Set<KeyBytes>(minimumCapacity: positions.count)
        for name in names {
            let bytes = KeyBytes(key: name)
            guard seen.insert(bytes).inserted, let last = positions[bytes] else { continue }
            unique.names.append(name)
            unique.values.append(values[last])
        }
        self = unique
    }

    private static func lastPositions(of names: [String]) -> [KeyBytes: Int] {
        var positions = [KeyBytes: Int](minimumCapacity: names.count)
        for (position, name) in names.enumerated() {
            positions[KeyBytes(key: name)] = position
        }
        return positions
    }

    /// Whether two objects have the same names and values that `isSame` accepts, in any order.
    func hasSameMembers(as other: JSONObject, isSame: (JSONValue, JSONValue) -> Bool) -> Bool {
        guard count == other.count else { return false }
        if zip(names, other.names).allSatisfy({ $0.hasSameBytes(as: $1) }) {
            return zip(values, other.values).allSatisfy(isSame)
        }
        let positions = Self.lastPositions(of: other.names)
        return members.allSatisfy { key, value in
            positions[KeyBytes(key: key)].map { isSame(value, other.values[$0]) } ?? false
        }
    }
}

extension JSONObject {
    /// Names and values side by side.
    package struct Members: RandomAccessCollection {
        fileprivate let object: JSONObject

        package var startIndex: Int { 0 }
        package var endIndex: Int { object.count }

        package subscript(position: Int) -> Member {
            (object.names[position], object.values[position])
        }
    }

    package var members: Members { Members(object: self) }
}

extension JSONObject: Equatable {
    /// Equality whatever the order of the members; see ``JSONValue``.
    package static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.hasSameMembers(as: right, isSame: ==)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral members: (String, JSONValue)...) {
        self.init(members.map { (key: $0.0, value: $0.1) })
    }
}

/// A name that is hashed and compared by its bytes.
private struct KeyBytes: Hashable {
    let key: String

    static func == (left: KeyBytes, right: KeyBytes) -> Bool {
        left.key.hasSameBytes(as: right.key)
    }

    func hash(into hasher: inout Hasher) {
        var key = key
        key.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
