import JobModel

/// The members that ``RecordEncoder`` writes behind the `index` of an invocation, in its order: a line that has them
/// so, all or some, needs no search for names.
struct RecordLayout: Sendable {
    static let encoders = RecordLayout()

    /// A member's name with what stands around it, such as `,"status":`, in words of eight bytes that may overlap: at
    /// most 24 bytes.
    struct Name: Sendable {
        fileprivate(set) var first: UInt64 = 0
        fileprivate(set) var middle: UInt64 = 0
        fileprivate(set) var last: UInt64 = 0
        /// Up to the value.
        fileprivate(set) var length = 0
        let slot: Int

        fileprivate init(_ field: RecordField) {
            slot = field.rawValue
            var text = Array(",\"\(field.name)\":".utf8)
            length = text.count
            // Too short for eight bytes: its value is a string, and the quote belongs to it.
            if text.count < 8 { text.append(UInt8(ascii: "\"")) }
            text.withUnsafeBufferPointer { text in
                let bytes = RecordBytes(text)
                first = bytes.word(at: 0)
                middle = bytes.word(at: min(8, text.count - 8))
                last = bytes.word(at: text.count - 8)
            }
            distance = text.count - 8
            middleDistance = min(8, distance)
        }

        /// From the first eight bytes to the last.
        private var distance = 0
        private var middleDistance = 0

        @inline(__always)
        func stands(in line: RecordBytes, at position: Int) -> Bool {
            position + distance + 8 <= line.count && line.word(at: position) == first
                && line.word(at: position + middleDistance) == middle && line.word(at: position + distance) == last
        }
    }

    /// The outcomes as JSON strings, each of at least eight bytes: as its first and its last eight.
    private let outcomes = Outcome.allCases.map { outcome in
        let text = Array("\"\(outcome.rawValue)\"".utf8)
        return text.withUnsafeBufferPointer { text in
            let bytes = RecordBytes(text)
            let (first, last) = (bytes.word(at: 0), bytes.word(at: text.count - 8))
            return (count: text.count, first: first, last: last, outcome: outcome)
        }
    }

    /// The outcome that a JSON value is; nil if it is none.
    @inline(__always)
    func outcome(_ value: RecordBytes) -> Outcome? {
        guard value.count >= 8 else { return nil }
        let (first, last) = (value.word(at: 0), value.word(at: value.count - 8))
        for known in outcomes where known.first == first && known.last == last && known.count == value.count {
            return known.outcome
        }
        return nil
    }

    let names: [Name] = [
        RecordField.key, .outcome, .status, .attempts, .startedAt, .durationMs, .latencyMs, .requestID, .request,
        .response, .responseTruncated, .error,
    ].map(Name.init)

    /// Whether a line begins with exactly these members in this order, without white space: `type`, `runId`, `job`,
    /// `lambda`, `index`; then the next line can be expected to begin with the same bytes.
    static func begins(_ line: UnsafeBufferPointer<UInt8>, values: [(start: Int, end: Int)]) -> Bool {
        var position = 0
        for (name, value) in zip(leading, values) {
            guard position <= value.start, value.start <= value.end, value.end <= line.count,
                line[position..<value.start].elementsEqual(name)
            else { return false }
            position = value.end
        }
        return values.count == leading.count
    }

    private static let leading = [#"{"type":"#, #","runId":"#, #","job":"#, #","lambda":"#, #","index":"#]
        .map { Array($0.utf8) }
}
