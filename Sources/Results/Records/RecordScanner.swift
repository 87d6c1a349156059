import JSONText
package import JobModel

/// One line of a result file taken apart into members, without building values: cheap enough for millions of lines.
///
/// The members point into the scanned bytes: they are read inside the closure that got the scanner, never after.
package struct RecordScanner: ~Copyable {
    private struct Slot {
        var start = 0
        var end = 0
    }

    package private(set) var kind = RecordKind.other
    /// By `RecordField.rawValue`; an empty slot is an absent member.
    private var slots = [Slot](repeating: Slot(), count: RecordField.allCases.count)
    private var line = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    /// Names by their length.
    private let names: [[(name: [UInt8], slot: Int)]]

    package init() {
        var names: [[(name: [UInt8], slot: Int)]] = []
        for field in RecordField.allCases {
            let name = Array(field.name.utf8)
            while names.count <= name.count { names.append([]) }
            names[name.count].append((name, field.rawValue))
        }
        self.names = names
    }

    /// Takes a line apart, its newline excluded.
    ///
    /// Nested values are passed over by their brackets, not checked in full.
    /// - Returns: nil, or why the line is no record.
    package mutating func scan(_ line: UnsafeBufferPointer<UInt8>) -> StaticString? {
        self.line = line
        for index in slots.indices { slots[index] = Slot() }
        kind = .other
        guard !line.isEmpty else { return "an empty line" }
        guard members() else { return "not a JSON object" }
        guard let type = text(.recordType) else { return "an object without a type" }
        kind = RecordKind(rawValue: type) ?? .other
        return fault()
    }

    /// What every reader relies on.
    private func fault() -> StaticString? {
        switch kind {
        case .invocation:
            guard let index = integer(.index), (0..<Self.indexLimit).contains(index) else {
                return "an invocation without an index"
            }
            return outcome == nil ? "an invocation without an outcome" : nil
        case .window: return integer(.upTo) == nil ? "a window without upTo" : nil
        case .run: return has(.runID) ? nil : "a run without a runId"
        case .summary: return boolean(.complete) == nil ? "a summary that does not say whether it is complete" : nil
        case .other: return nil
        }
    }

    /// No input has more rows.
    private static let indexLimit = 1 << 48

    // MARK: - Members

    package func has(_ field: RecordField) -> Bool {
        slots[field.rawValue].end > 0
    }

    /// The member's value as the JSON text that it is; empty if it is absent.
    package func json(_ field: RecordField) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: line[slots[field.rawValue].start..<slots[field.rawValue].end])
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
        let value = json(.outcome)
        guard value.count > 2 else { return nil }
        let candidate: Outcome
        switch value[1] {
        case UInt8(ascii: "s"): candidate = .succeeded
        case UInt8(ascii: "f"): candidate = .failed
        case UInt8(ascii: "u"): candidate = .unknown
        case UInt8(ascii: "c"): candidate = .cancelled
        default: return nil
        }
        return value[1..<(value.count - 1)].elementsEqual(candidate.rawValue.utf8) ? candidate : nil
    }

    /// The `error` of an invocation; nil if it has none, or none of a known class.
    package var error: InvocationError? {
        guard has(.error), let value = try? JSONParser.parse(json(.error)),
            let errorClass = value["class"]?.stringValue.flatMap(ErrorClass.init(rawValue:))
        else { return nil }
        return InvocationError(
            errorClass, code: value["code"]?.stringValue, message: value["message"]?.stringValue ?? "")
    }

    // MARK: - Scanning

    private mutating func members() -> Bool {
        var position = skipSpace(0)
        guard byte(position) == UInt8(ascii: "{") else { return false }
        position = skipSpace(position + 1)
        if byte(position) == UInt8(ascii: "}") { return skipSpace(position + 1) == line.count }
        while true {
            guard byte(position) == UInt8(ascii: "\"") else { return false }
            let name = position + 1
            guard let nameEnd = stringEnd(position) else { return false }
            position = skipSpace(nameEnd)
            guard byte(position) == UInt8(ascii: ":") else { return false }
            let start = skipSpace(position + 1)
            guard let end = valueEnd(start) else { return false }
            keep(Slot(start: start, end: end), as: line[name..<(nameEnd - 1)])
            position = skipSpace(end)
            switch byte(position) {
            case UInt8(ascii: ","): position = skipSpace(position + 1)
            case UInt8(ascii: "}"): return skipSpace(position + 1) == line.count
            default: return false
            }
        }
    }

    private mutating func keep(_ slot: Slot, as name: Slice<UnsafeBufferPointer<UInt8>>) {
        guard name.count < names.count else { return }
        for candidate in names[name.count] where name.elementsEqual(candidate.name) {
            slots[candidate.slot] = slot
            return
        }
    }

    /// The byte at a position; 0, which is no part of JSON, behind the end.
    private func byte(_ position: Int) -> UInt8 {
        position < line.count ? line[position] : 0
    }

    private func skipSpace(_ start: Int) -> Int {
        var position = start
        while position < line.count {
            switch line[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            default: return position
            }
        }
        return position
    }

    /// Behind the closing quote of the string that opens at `start`; nil if there is none.
    private func stringEnd(_ start: Int) -> Int? {
        var position = start + 1
        while position < line.count {
            switch line[position] {
            case UInt8(ascii: "\""): return position + 1
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return nil
    }

    private func valueEnd(_ start: Int) -> Int? {
        switch byte(start) {
        case UInt8(ascii: "\""): return stringEnd(start)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return containerEnd(start)
        default:
            var position = start
            while Self.isScalar(byte(position)) { position += 1 }
            return position > start ? position : nil
        }
    }

    /// What numbers, `true`, `false` and `null` consist of.
    private static func isScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }

    private func containerEnd(_ start: Int) -> Int? {
        var depth = 0
        var position = start
        while position < line.count {
            switch line[position] {
            case UInt8(ascii: "\""):
                guard let end = stringEnd(position) else { return nil }
                position = end
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return position + 1 }
            default: break
            }
            position += 1
        }
        return nil
    }
}
