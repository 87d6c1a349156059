/// Builds values from what the scanner walks over.
struct JSONBuilder {
    var scanner: JSONScanner
    /// Memory is made ready for so many expected members at most: small objects may follow a large one.
    private static let expectedMembersLimit = 64
    /// Where strings with escapes are decoded.
    private var scratch: [UInt8] = []

    init(_ scanner: JSONScanner) {
        self.scanner = scanner
    }

    /// The value that is all of the bytes, but for white space around it.
    ///
    /// - Parameter shape: the names that it is likely to have.
    mutating func wholeText(like shape: JSONShape? = nil) throws(JSONParseError) -> JSONValue {
        do throws(JSONFailure) {
            scanner.skipWhitespace()
            let value = try value(depth: 1, like: shape)
            scanner.skipWhitespace()
            guard scanner.position == scanner.bytes.count else { throw scanner.failure(.trailingContent) }
            return value
        } catch {
            throw JSONParseError(error, in: scanner.bytes)
        }
    }

    mutating func value(depth: Int, like shape: JSONShape? = nil) throws(JSONFailure) -> JSONValue {
        let start = scanner.position
        switch scanner.current {
        case UInt8(ascii: "\""):
            return .string(try string())
        case UInt8(ascii: "{"):
            return .object(try object(depth: depth, like: shape))
        case UInt8(ascii: "["):
            return .array(try array(depth: depth, like: shape))
        case UInt8(ascii: "t"):
            try scanner.skipWord("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try scanner.skipWord("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try scanner.skipWord("null")
            return .null
        default:
            try scanner.skipScalar()
            return .number(JSONNumber(validText: text(start..<scanner.position, isASCII: true)))
        }
    }

    private mutating func object(depth: Int, like shape: JSONShape?) throws(JSONFailure) -> JSONObject {
        try scanner.check(depth: depth)
        scanner.position += 1
        scanner.skipWhitespace()
        if scanner.skip(UInt8(ascii: "}")) { return JSONObject() }
        var values: [JSONValue] = []
        values.reserveCapacity(min(max(shape?.names?.names.count ?? 0, 4), Self.expectedMembersLimit))
        var names: [String] = []
        if let shape, let expected = shape.names {
            if try members(like: shape, expected, depth: depth, to: &values) {
                shape.confirm()
                return JSONObject(uniqueNames: expected.first(values.count), values: values)
            }
            names = expected.first(values.count)
        }
        repeat {
            names.append(try memberName())
            try scanner.skipColon()
            values.append(try value(depth: depth + 1))
        } while try !skipMemberSeparator()
        let object = JSONObject(names: names, values: values)
        shape?.learn(object)
        return object
    }

    /// Reads members as long as their names are the expected ones; true at the end of the object.
    private mutating func members(
        like shape: JSONShape, _ expected: JSONShape.Names, depth: Int, to values: inout [JSONValue]
    ) throws(JSONFailure) -> Bool {
        while expected.skip(at: values.count, in: &scanner) {
            try scanner.skipColon()
            let shape = startsContainer ? shape.child(at: values.count) : nil
            values.append(try value(depth: depth + 1, like: shape))
            if try skipMemberSeparator() { return true }
        }
        return false
    }

    @inline(__always)
    private mutating func skipMemberSeparator() throws(JSONFailure) -> Bool {
        try scanner.skipSeparator(or: UInt8(ascii: "}"), expected: "',' or '}'")
    }

    private var startsContainer: Bool {
        scanner.current == UInt8(ascii: "{") || scanner.current == UInt8(ascii: "[")
    }

    private mutating func memberName() throws(JSONFailure) -> String {
        guard scanner.current == UInt8(ascii: "\"") else {
            throw scanner.failure(expected: "a member's name in double quotes")
        }
        return try string()
    }

    /// - Parameter shape: of each element.
    private mutating func array(depth: Int, like shape: JSONShape?) throws(JSONFailure) -> [JSONValue] {
        try scanner.check(depth: depth)
        scanner.position += 1
        scanner.skipWhitespace()
        var elements: [JSONValue] = []
        if scanner.skip(UInt8(ascii: "]")) { return elements }
        elements.reserveCapacity(4)
        repeat {
            elements.append(try value(depth: depth + 1, like: shape))
        } while try !scanner.skipSeparator(or: UInt8(ascii: "]"), expected: "',' or ']'")
        return elements
    }

    private mutating func string() throws(JSONFailure) -> String {
        let (content, hasEscapes, isASCII) = try scanner.skipString()
        return hasEscapes ? unescaped(content) : text(content, isASCII: isASCII)
    }

    /// Bytes as text that the scanner has checked to be UTF-8.
    @inline(__always)
    private func text(_ range: Range<Int>, isASCII: Bool) -> String {
        let bytes = UnsafeBufferPointer(rebasing: scanner.bytes[range])
        if isASCII, bytes.count < 16 {
            // Short ones need no memory, and are made fastest in this way.
            return String(unsafeUninitializedCapacity: bytes.count) { buffer in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(bytes))
                return bytes.count
            }
        }
        return String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: isASCII))
    }

    /// Decodes the escapes of a string that the scanner has checked.
    private mutating func unescaped(_ content: Range<Int>) -> String {
        scratch.removeAll(keepingCapacity: true)
        let bytes = scanner.bytes
        var position = content.lowerBound
        while position < content.upperBound {
            let byte = bytes[position]
            guard byte == UInt8(ascii: "\\") else {
                scratch.append(byte)
                position += 1
                continue
            }
            let kind = bytes[position + 1]
            position += 2
            switch kind {
            case UInt8(ascii: "b"): scratch.append(0x08)
            case UInt8(ascii: "f"): scratch.append(0x0C)
            case UInt8(ascii: "n"): scratch.append(0x0A)
            case UInt8(ascii: "r"): scratch.append(0x0D)
            case UInt8(ascii: "t"): scratch.append(0x09)
            case UInt8(ascii: "u"):
                var code = unit(at: position)
                position += 4
                if code & 0xFC00 == 0xD800 {
                    code = 0x10000 + (code & 0x3FF) << 10 + (unit(at: position + 2) & 0x3FF)
                    position += 6
                }
                if let scalar = Unicode.Scalar(code) { scratch.append(contentsOf: UTF8.encode(scalar) ?? .init()) }
            default: scratch.append(kind)
            }
        }
        return String(decoding: scratch, as: UTF8.self)
    }

    private func unit(at position: Int) -> UInt32 {
        var unit: UInt32 = 0
        for byte in scanner.bytes[position..<(position + 4)] {
            unit = unit << 4 | (JSONScanner.hexadecimalDigit(byte) ?? 0)
        }
        return unit
    }
}
