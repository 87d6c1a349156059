import JSONText

/// The body of an invocation: `{"timestamp": …, "headers": […], "payload": …}`, as ranges of its bytes.
struct Envelope {
    /// Epoch milliseconds.
    private(set) var timestamp: Int64 = 0
    /// The array of pairs.
    private(set) var headers: Range<Int> = 0..<0
    /// Any JSON but null.
    private(set) var payload: Range<Int> = 0..<0
    /// The first field that the protocol does not know.
    private(set) var unknownField: String?

    /// Why a body is no envelope.
    enum Fault: Error, CaseIterable {
        case notJSON, notObject, repeatedField
        case noTimestamp, timestampType, noHeaders, headersType, noPayload, nullPayload
    }

    private enum Field {
        case timestamp, headers, payload, other
    }

    /// Checks and measures a body in one pass, without building values.
    init(_ bytes: UnsafeBufferPointer<UInt8>) throws(Fault) {
        var scanner = JSONScanner(bytes)
        var fault: Fault?
        do {
            fault = try read(&scanner)
            scanner.skipWhitespace()
        } catch {
            throw .notJSON
        }
        guard scanner.position == bytes.count else { throw .notJSON }
        if let fault { throw fault }
    }

    /// Passes over the body; what is wrong with it as an envelope is returned, what is wrong as JSON is thrown.
    private mutating func read(_ scanner: inout JSONScanner) throws(JSONFailure) -> Fault? {
        scanner.skipWhitespace()
        guard scanner.current == UInt8(ascii: "{") else {
            try scanner.skipValue()
            return .notObject
        }
        var fault: Fault?
        var seen = (timestamp: false, headers: false, payload: false)
        // The whole value is checked first: below, the structure can be relied on.
        var reader = scanner
        try scanner.skipValue()
        reader.position += 1
        while reader.moveToNext() {
            let name = try reader.skipString().content
            reader.moveOver(UInt8(ascii: ":"))
            let start = reader.position
            let field = Self.field(reader.bytes, name)
            let isPair = field == .headers && Self.skipPairs(&reader)
            if !isPair {
                reader.position = start
                try reader.skipValue()
            }
            let value = start..<reader.position
            switch field {
            case .timestamp:
                if seen.timestamp { fault = fault ?? .repeatedField }
                seen.timestamp = true
                if let milliseconds = Self.integer(reader.bytes[value]) {
                    timestamp = milliseconds
                } else {
                    fault = fault ?? .timestampType
                }
            case .headers:
                if seen.headers { fault = fault ?? .repeatedField }
                seen.headers = true
                headers = value
                if !isPair { fault = fault ?? .headersType }
            case .payload:
                if seen.payload { fault = fault ?? .repeatedField }
                seen.payload = true
                payload = value
                if reader.bytes[start] == UInt8(ascii: "n") { fault = fault ?? .nullPayload }
            case .other:
                unknownField = unknownField ?? String(decoding: reader.bytes[name].prefix(60), as: UTF8.self)
            }
        }
        if let fault { return fault }
        guard seen.payload else { return .noPayload }
        guard seen.timestamp else { return .noTimestamp }
        return seen.headers ? nil : .noHeaders
    }

    private static func field(_ bytes: UnsafeBufferPointer<UInt8>, _ name: Range<Int>) -> Field {
        switch name.count {
        case 7 where bytes[name].equals("headers"): .headers
        case 7 where bytes[name].equals("payload"): .payload
        case 9 where bytes[name].equals("timestamp"): .timestamp
        default: .other
        }
    }

    private static func integer(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int64? {
        guard digits.count <= 18 else { return nil }
        var value: Int64 = 0
        for byte in digits {
            guard byte >= 48, byte <= 57 else { return nil }
            value = value * 10 + Int64(byte - 48)
        }
        return value
    }

    /// Passes over an array of objects that have exactly the members `key` and `value`, both strings.
    private static func skipPairs(_ reader: inout JSONScanner) -> Bool {
        guard reader.current == UInt8(ascii: "[") else { return false }
        reader.position += 1
        while reader.moveToNext() {
            guard reader.current == UInt8(ascii: "{") else { return false }
            reader.position += 1
            var hasKey = false
            var hasValue = false
            while reader.moveToNext() {
                guard let name = try? reader.skipString().content else { return false }
                reader.moveOver(UInt8(ascii: ":"))
                switch name.count {
                case 3 where !hasKey && reader.bytes[name].equals("key"): hasKey = true
                case 5 where !hasValue && reader.bytes[name].equals("value"): hasValue = true
                default: return false
                }
                guard reader.current == UInt8(ascii: "\""), (try? reader.skipString()) != nil else { return false }
            }
            guard hasKey, hasValue else { return false }
        }
        return true
    }
}

/// Steps through JSON that is known to be valid.
extension JSONScanner {
    /// Moves to the next element of an array or member of an object, or over the end of it; the position is behind
    /// its bracket or one of them.
    fileprivate mutating func moveToNext() -> Bool {
        skipWhitespace()
        switch current {
        case UInt8(ascii: ","):
            position += 1
            skipWhitespace()
            return true
        case UInt8(ascii: "]"), UInt8(ascii: "}"), nil:
            position += 1
            return false
        default:
            return true
        }
    }

    /// Moves over a byte and the space around it.
    fileprivate mutating func moveOver(_ byte: UInt8) {
        skipWhitespace()
        if current == byte { position += 1 }
        skipWhitespace()
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// Whether the bytes are the given ASCII text.
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount
            && elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

extension Envelope.Fault {
    /// What is wrong with a body, in words.
    func message(for body: UnsafeBufferPointer<UInt8>) -> String {
        switch self {
        case .notJSON:
            do throws(JSONParseError) {
                _ = try JSONParser.parse(body)
                return "the body is not JSON"
            } catch {
                return "the body is not JSON: \(error)"
            }
        case .notObject: return "the body is not a JSON object"
        case .repeatedField: return "a field of the body stands twice"
        case .noTimestamp: return "the body lacks timestamp"
        case .timestampType: return "timestamp is not a whole number of milliseconds"
        case .noHeaders: return "the body lacks headers"
        case .headersType: return "headers is not an array of {\"key\", \"value\"} pairs of strings"
        case .noPayload: return "the body lacks payload"
        case .nullPayload: return "payload is null"
        }
    }
}
