/// Appends JSON text to bytes, without white space.
package enum JSONWriter {
    /// Appends a string with quotes, escaped where RFC 8259, section 7 wants it; all else is raw UTF-8.
    package static func append(string: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        append(contentOf: string, to: &output)
        output.append(UInt8(ascii: "\""))
    }

    /// Appends what stands between the quotes of a string.
    package static func append(contentOf string: String, to output: inout [UInt8]) {
        string.withUTF8Bytes { append(content: $0, to: &output) }
    }

    /// Appends UTF-8 bytes as what stands between the quotes of a string. The bytes must be valid UTF-8.
    package static func append(content bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var start = 0
        while true {
            let end = JSONPlainBytes.end(in: bytes, from: start)
            if start < end { output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<end])) }
            guard end < bytes.count else { return }
            append(escaped: bytes[end], to: &output)
            start = end + 1
        }
    }

    private static func append(escaped byte: UInt8, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        default:
            append(raw: byte < 0x10 ? "u000" : "u001", to: &output)
            let digit = byte & 0xF
            output.append(digit < 10 ? 48 + digit : 87 + digit)
        }
    }

    /// Appends text as it stands: names and punctuation that are known when the program is built.
    @inline(__always)
    package static func append(raw text: StaticString, to output: inout [UInt8]) {
        text.withUTF8Buffer { output.append(contentsOf: $0) }
    }

    /// Appends text as it stands, such as a number's digits.
    package static func append(raw text: String, to output: inout [UInt8]) {
        text.withUTF8Bytes { output.append(contentsOf: $0) }
    }

    /// Appends a whole number.
    package static func append(_ value: Int, to output: inout [UInt8]) {
        if value < 0 { output.append(UInt8(ascii: "-")) }
        var rest = value.magnitude
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var start = 20
            repeat {
                start -= 1
                digits[start] = UInt8(truncatingIfNeeded: rest % 10) + 48
                rest /= 10
            } while rest > 0
            output.append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    /// Appends a number with at most three digits after the point, such as `1423.1`: the form of milliseconds.
    ///
    /// Infinities and NaN, which JSON lacks, become `null`.
    package static func append(threeDecimals value: Double, to output: inout [UInt8]) {
        guard abs(value) < 9_000_000_000_000 else {
            append(raw: JSONNumber(value)?.text ?? "null", to: &output)
            return
        }
        let thousandths = Int((value * 1000).rounded())
        if thousandths < 0 { output.append(UInt8(ascii: "-")) }
        append(Int(thousandths.magnitude / 1000), to: &output)
        var fraction = Int(thousandths.magnitude % 1000)
        var unit = 100
        if fraction > 0 { output.append(UInt8(ascii: ".")) }
        while fraction > 0 {
            output.append(UInt8(48 + fraction / unit))
            fraction %= unit
            unit /= 10
        }
    }

    package static func append(_ value: Bool, to output: inout [UInt8]) {
        value ? append(raw: "true", to: &output) : append(raw: "false", to: &output)
    }

    /// Appends any value, members in their order, numbers as they were written.
    package static func append(_ value: JSONValue, to output: inout [UInt8]) {
        switch value {
        case .null: append(raw: "null", to: &output)
        case .bool(let value): append(value, to: &output)
        case .number(let number): append(raw: number.text, to: &output)
        case .string(let string): append(string: string, to: &output)
        case .array(let elements): append(elements, to: &output)
        case .object(let object): append(object, to: &output)
        }
    }

    package static func append(_ elements: [JSONValue], to output: inout [UInt8]) {
        var separator = UInt8(ascii: "[")
        for element in elements {
            output.append(separator)
            append(element, to: &output)
            separator = UInt8(ascii: ",")
        }
        if elements.isEmpty { output.append(separator) }
        output.append(UInt8(ascii: "]"))
    }

    package static func append(_ object: JSONObject, to output: inout [UInt8]) {
        var separator = UInt8(ascii: "{")
        for position in object.values.indices {
            output.append(separator)
            append(string: object.names[position], to: &output)
            output.append(UInt8(ascii: ":"))
            append(object.values[position], to: &output)
            separator = UInt8(ascii: ",")
        }
        if object.isEmpty { output.append(separator) }
        output.append(UInt8(ascii: "}"))
    }

    /// A value as compact JSON bytes.
    package static func bytes(of value: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, to: &bytes)
        return bytes
    }

    /// A value as compact JSON text.
    package static func text(of value: JSONValue) -> String {
        String(decoding: bytes(of: value), as: UTF8.self)
    }
}
