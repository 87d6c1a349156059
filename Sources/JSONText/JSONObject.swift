/// The members of a JSON object in their order, names unique.
///
/// A lookup goes through the members one by one, which is the fastest way for the few that objects usually have.
/// Build a large object with ``init(_:)``, not member by member.
package struct JSONObject: Sendable {
    package typealias Member = (key: String, value: JSONValue)

    package private(set) var members: [Member]

    package init() {
        members = []
    }

    /// Takes members as they come; of several with one name the last value wins, in the first one's place.
    ///
    /// Linear in the number of members, whatever their names.
    package init(_ members: [Member]) {
        self.members = members
        removeDuplicates()
    }

    /// Takes members whose names the caller knows to be unique, such as the columns of a checked header line.
    package init(uniqueMembers members: [Member]) {
        self.members = members
    }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }

    /// The value of a name, compared byte by byte. Setting replaces in place or appends; nil removes.
    package subscript(key: String) -> JSONValue? {
        get {
            position(of: key).map { members[$0].value }
        }
        set {
            switch (position(of: key), newValue) {
            case (let position?, let value?): members[position].value = value
            case (let position?, nil): members.remove(at: position)
            case (nil, let value?): members.append((key, value))
            case (nil, nil): break
            }
        }
    }

    /// Where a name stands among ``members``.
    package func position(of key: String) -> Int? {
        members.withUnsafeBufferPointer { members in
            members.firstIndex { $0.key.hasSameBytes(as: key) }
        }
    }

    /// Where a name stands among ``members``, looked for at `hint` first: where another object had it.
    @inline(__always)
    package func position(of key: String, hint: Int) -> Int? {
        members.indices.contains(hint) && members[hint].key.hasSameBytes(as: key) ? hint : position(of: key)
    }

    private static let pairwiseLimit = 16

    private mutating func removeDuplicates() {
        guard members.count > Self.pairwiseLimit || hasDuplicatesPairwise else { return }
        removeDuplicatesHashed()
    }

    private var hasDuplicatesPairwise: Bool {
        members.withUnsafeBufferPointer { members in
            members.indices.contains { later in
                members[..<later].contains { $0.key.hasSameBytes(as: members[later].key) }
            }
        }
    }

    private mutating func removeDuplicatesHashed() {
        let positions = Self.lastPositions(of: members)
        guard positions.count < members.count else { return }
        var unique: [Member] = []
        unique.reserveCapacity(positions.count)
        var seen = Set<KeyBytes>(minimumCapacity: positions.count)
        for (key, _) in members {
            let bytes = KeyBytes(key: key)
            guard seen.insert(bytes).inserted, let last = positions[bytes] else { continue }
            unique.append((key, members[last].value))
        }
        members = unique
    }

    private static func lastPositions(of members: [Member]) -> [KeyBytes: Int] {
        var positions = [KeyBytes: Int](minimumCapacity: members.count)
        for (position, member) in members.enumerated() {
            positions[KeyBytes(key: member.key)] = position
        }
        return positions
    }

    /// Whether two objects have the same names and values that `isSame` accepts, in any order.
    func hasSameMembers(as other: JSONObject, isSame: (JSONValue, JSONValue) -> Bool) -> Bool {
        guard count == other.count else { return false }
        if zip(members, other.members).allSatisfy({ $0.key.hasSameBytes(as: $1.key) }) {
            return zip(members, other.members).allSatisfy { isSame($0.value, $1.value) }
        }
        let positions = Self.lastPositions(of: other.members)
        return members.allSatisfy { key, value in
            positions[KeyBytes(key: key)].map { isSame(value, other.members[$0].value) } ?? false
        }
    }
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
