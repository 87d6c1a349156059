internal import Glibc
internal import JSONText
package import JobModel

/// One line of a result file taken apart into members, without building values: cheap enough for millions of lines.
///
/// The members point into the scanned bytes: they are read inside the closure that got the scanner, never after.
package struct RecordScanner: ~Copyable {
    private struct Slot {
        var start: UInt32 = 0
        /// 0 is an absent member.
        var end: UInt32 = 0

        init() {}

        @inline(__always)
        init(_ start: Int, _ end: Int) {
            self.start = UInt32(truncatingIfNeeded: start)
            self.end = UInt32(truncatingIfNeeded: end)
        }
    }

    package private(set) var kind = RecordKind.other
    /// By `RecordField.rawValue`.
    private let slots = UnsafeMutablePointer<Slot>.allocate(capacity: fieldCount)
    private var line = RecordBytes(UnsafeBufferPointer(start: nil, count: 0))
    private let names = Self.namesByLength
    private let layout = RecordLayout.encoders
    /// The bytes up to the index of the last invocation, if they stood as ``RecordEncoder`` writes them. In a line
    /// that repeats them `type`, `runId`, `job` and `lambda` are at the same places, and their slots still hold.
    private var prefix: [UInt8] = []

    /// Made once: a file that is opened to be appended to is scanned for two lines only.
    private static let namesByLength = {
        var names: [[(name: [UInt8], slot: Int)]] = []
        for field in RecordField.allCases {
            let name = Array(field.name.utf8)
            while names.count <= name.count { names.append([]) }
            names[name.count].append((name, field.rawValue))
        }
        return names
    }()

    package init() {
        slots.initialize(repeating: Slot(), count: Self.fieldCount)
    }

    deinit {
        slots.deallocate()
    }

    private static let fieldCount = RecordField.allCases.count
    private static let longestLine = 4_000_000_000

    /// Takes a line apart, its newline excluded.
    ///
    /// Nested values are passed over by their brackets, not checked in full.
    /// - Returns: nil, or why the line is no record.
    package mutating func scan(_ line: UnsafeBufferPointer<UInt8>) -> StaticString? {
        guard line.count < Self.longestLine else { return "a line of more than 4 GB" }
        self.line = RecordBytes(line)
        return repeatsPrefix(line) && restIsAsWritten() ? nil : scanWhole(line)
    }

    /// What every reader relies on.
    private func fault() -> StaticString? {
        switch kind {
        case .invocation:
            guard let index = integer(.index), (0..<Self.indexLimit).contains(index) else {
                return "an invocation without an index"
            }
            guard (integer(.attempts) ?? 0) <= Self.attemptLimit else { return "more attempts than there can be" }
            return outcome == nil ? "an invocation without an outcome" : nil
        case .carried:
            let isRow = integer(.index).map { (0..<Self.indexLimit).contains($0) } ?? false
            let isEnd = !has(.index) && has(.inputSHA256)
            return isRow && outcome != nil || isEnd ? nil : "a carried row without an index or an outcome"
        case .window:
            let isLimit = integer(.upTo).map { (0...Self.indexLimit).contains($0) } ?? false
            return isLimit ? nil : "a window without upTo"
        case .run: return has(.runID) ? nil : "a run without a runId"
        case .summary: return boolean(.complete) == nil ? "a summary that does not say whether it is complete" : nil
        case .other: return nil
        }
    }

    /// No input has more rows.
    private static let indexLimit = 1 << 48
    /// No invocation has more; the sum of so many stays within 64 bits for over 500 billion records.
    private static let attemptLimit = 1 << 24

    // MARK: - Lines like the one before

    private func repeatsPrefix(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !prefix.isEmpty, line.count > prefix.count, let base = line.baseAddress else { return false }
        return prefix.withUnsafeBytes { prefix in
            guard let start = prefix.baseAddress else { return false }
            return memcmp(start, base, prefix.count) == 0
        }
    }

    /// Reads what follows a repeated prefix; false if it is anything else than members in the encoder's order: then
    /// the line is to be looked at as a whole.
    private mutating func restIsAsWritten() -> Bool {
        let line = line
        for slot in (RecordField.lambda.rawValue + 1)..<Self.fieldCount { slots[slot] = Slot() }
        kind = .invocation
        let start = prefix.count
        guard var position = line.valueEnd(start) else { return false }
        slots[RecordField.index.rawValue] = Slot(start, position)
        let isRead = layout.names.withUnsafeBufferPointer { names in
            for name in names where name.stands(in: line, at: position) {
                let start = position + name.length
                guard let end = line.valueEnd(start) else { return false }
                slots[name.slot] = Slot(start, end)
                position = end
            }
            return position == line.count - 1 && line[position] == UInt8(ascii: "}")
        }
        return isRead && fault() == nil
    }

    private mutating func learnPrefix(_ line: UnsafeBufferPointer<UInt8>) {
        let fields = [RecordField.recordType, .runID, .job, .lambda, .index]
        let values = fields.map { field in
            (start: Int(slots[field.rawValue].start), end: Int(slots[field.rawValue].end))
        }
        guard let index = values.last, RecordLayout.begins(line, values: values) else { return }
        prefix = Array(line[..<index.start])
    }

    // MARK: - Members

    package func has(_ field: RecordField) -> Bool {
        slots[field.rawValue].end > 0
    }

    /// The member's value as the JSON text that it is; empty if it is absent.
    package func json(_ field: RecordField) -> UnsafeBufferPointer<UInt8> {
        line.slice(Int(slots[field.rawValue].start), Int(slots[field.rawValue].end))
    }

    /// A string member; nil if it is absent or no string.
    package func text(_ field: RecordField) -> String? {
        let value = json(field)
        guard value.count >= 2, value[0] == UInt8(ascii: "\"") else { return nil }
        guard value.contains(UInt8(ascii: "\\")) else {
            return String(decoding: value[1..<(value.count - 1)], as: UTF8.self)
        }
        return (try? JSONParser.parse(value))?.stringValue
    }

    /// A whole number that fits; else nil.
    package func integer(_ field: RecordField) -> Int? {
        let value = json(field)
        guard let first = value.first else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        var magnitude = 0
        let digits = value[(isNegative ? 1 : 0)...]
        guard (1...18).contains(digits.count) else { return nil }
        for byte in digits {
            guard byte >= 48, byte <= 57 else { return nil }
            magnitude = magnitude * 10 + Int(byte - 48)
        }
        return isNegative ? -magnitude : magnitude
    }

    /// A number of milliseconds, in microseconds; nil if it is absent, negative or no number.
    package func microseconds(_ field: RecordField) -> Int64? {
        let value = json(field)
        guard !value.isEmpty else { return nil }
        var total: Int64 = 0
        var unit: Int64 = 1000
        var fractional = false
        for byte in value {
            if byte == UInt8(ascii: "."), !fractional {
                fractional = true
            } else if byte >= 48, byte <= 57, value.count <= 15 {
                if fractional { unit /= 10 }
                total = fractional ? total + Int64(byte - 48) * unit : total * 10 + Int64(byte - 48) * 1000
            } else {
                return Self.microseconds(unusual: value)
            }
        }
        return total
    }

    /// Numbers that other programs may have rewritten, such as `1.4231E3`.
    private static func microseconds(unusual value: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard let number = (try? JSONParser.parse(value))?.numberValue?.doubleValue, number >= 0, number < 1e12 else {
            return nil
        }
        return Int64((number * 1000).rounded())
    }

    package func boolean(_ field: RecordField) -> Bool? {
        switch json(field).first {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }

    /// The `outcome` of an invocation.
    package var outcome: Outcome? {
        layout.outcome(RecordBytes(json(.outcome)))
    }

    /// The class of ``error``, without building it where the encoder wrote it.
    package var errorClass: ErrorClass? {
        let value = json(.error)
        guard !value.isEmpty else { return nil }
        return Self.plainClass(value) ?? error?.errorClass
    }

    /// The class of an object of `class`, `code` and `message` in this order, all of them plain text.
    private static func plainClass(_ value: UnsafeBufferPointer<UInt8>) -> ErrorClass? {
        let isPlain = value.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        guard isPlain, value.starts(with: #"{"class":""#.utf8) else { return nil }
        let bytes = RecordBytes(value)
        let start = 9
        guard var position = bytes.stringEnd(start) else { return nil }
        let name = value[(start + 1)..<(position - 1)]
        for member in [#","code":"#, #","message":"#] as [StaticString] {
            let length = member.utf8CodeUnitCount
            let name = UnsafeBufferPointer(start: member.utf8Start, count: length)
            guard value[position...].starts(with: name) else { continue }
            guard bytes[position + length] == UInt8(ascii: "\""), let end = bytes.stringEnd(position + length) else {
                return nil
            }
            position = end
        }
        guard position == bytes.count - 1, bytes[position] == UInt8(ascii: "}") else { return nil }
        return ErrorClass(rawValue: String(decoding: name, as: UTF8.self))
    }

    /// The shard of a run.
    package var shard: Shard? { text(.shard).flatMap { Shard(text: $0) } }

    /// The `error` of an invocation; nil if it has none, or none of a known class.
    package var error: InvocationError? {
        guard has(.error), let value = try? JSONParser.parse(json(.error)),
            let errorClass = value["class"]?.stringValue.flatMap(ErrorClass.init(rawValue:))
        else { return nil }
        return InvocationError(
            errorClass, code: value["code"]?.stringValue, message: value["message"]?.stringValue ?? "")
    }

    // MARK: - Any line

    private mutating func scanWhole(_ bytes: UnsafeBufferPointer<UInt8>) -> StaticString? {
        // The slots of a repeated prefix are overwritten.
        prefix.removeAll(keepingCapacity: true)
        slots.update(repeating: Slot(), count: Self.fieldCount)
        kind = .other
        guard !bytes.isEmpty else { return "an empty line" }
        guard members() else { return "not a JSON object" }
        guard let type = text(.recordType) else { return "an object without a type" }
        kind = RecordKind(rawValue: type) ?? .other
        if let fault = fault() { return fault }
        if kind == .invocation { learnPrefix(bytes) }
        return nil
    }

    private func members() -> Bool {
        let line = line
        var position = line.skipSpace(0)
        guard line[position] == UInt8(ascii: "{") else { return false }
        position = line.skipSpace(position + 1)
        if line[position] == UInt8(ascii: "}") { return line.skipSpace(position + 1) == line.count }
        while true {
            guard line[position] == UInt8(ascii: "\"") else { return false }
            let name = position + 1
            guard let nameEnd = line.stringEnd(position) else { return false }
            position = line.skipSpace(nameEnd)
            guard line[position] == UInt8(ascii: ":") else { return false }
            let start = line.skipSpace(position + 1)
            guard let end = line.valueEnd(start) else { return false }
            keep(Slot(start, end), as: line.slice(name, nameEnd - 1))
            position = line.skipSpace(end)
            switch line[position] {
            case UInt8(ascii: ","): position = line.skipSpace(position + 1)
            case UInt8(ascii: "}"): return line.skipSpace(position + 1) == line.count
            default: return false
            }
        }
    }

    private func keep(_ slot: Slot, as name: UnsafeBufferPointer<UInt8>) {
        guard name.count < names.count else { return }
        for candidate in names[name.count] where name.elementsEqual(candidate.name) {
            slots[candidate.slot] = slot
            return
        }
    }
}
