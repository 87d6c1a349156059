internal import Glibc

/// Tells the records of some runs from all others; most follow one of their own run.
struct RunFilter {
    private let ids: Set<String>
    private var last: (id: [UInt8], isWanted: Bool) = ([], false)

    init(_ ids: Set<String>) {
        self.ids = ids
    }

    /// - Parameter json: the `runId` of a record, as it stands there.
    mutating func contains(_ json: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = json.baseAddress, !json.isEmpty else { return false }
        let isSame = last.id.withUnsafeBytes { known in
            guard let start = known.baseAddress, known.count == json.count else { return false }
            return memcmp(start, base, known.count) == 0
        }
        if !isSame {
            let text = String(decoding: json.dropFirst().dropLast(), as: UTF8.self)
            last = (Array(json), ids.contains(text))
        }
        return last.isWanted
    }
}
