/// The fields of a query or a form, in order: `name=value` pairs joined by `&`, percent-encoded
/// (`application/x-www-form-urlencoded`, URL Standard, section 5).
struct FormFields {
    struct Field {
        var name: String
        var value: String
    }

    private(set) var fields: [Field] = []
    /// Whether every byte was one that may stand in such a text, and every escape whole and valid UTF-8.
    private(set) var isWellFormed = true

    init() {}

    init(_ text: UnsafeBufferPointer<UInt8>) {
        fields.reserveCapacity(4)
        var start = 0
        while start < text.count {
            var end = start
            var equals: Int?
            while end < text.count, text[end] != UInt8(ascii: "&") {
                if equals == nil, text[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            if end > start {
                if equals == nil { isWellFormed = false }
                let nameEnd = equals ?? end
                let name = decode(UnsafeBufferPointer(rebasing: text[start..<nameEnd]))
                let value = decode(UnsafeBufferPointer(rebasing: text[min(nameEnd + 1, end)..<end]))
                fields.append(Field(name: name, value: value))
            } else {
                isWellFormed = false
            }
            start = end + 1
        }
    }

    /// The value of the only field of a name; nil if there is none. Several count as none.
    subscript(_ name: String) -> String? {
        var found: String?
        for field in fields where field.name == name {
            guard found == nil else { return nil }
            found = field.value
        }
        return found
    }

    /// The value of the first field of a name.
    func first(_ name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    func count(of name: String) -> Int {
        fields.count { $0.name == name }
    }

    private mutating func decode(_ text: UnsafeBufferPointer<UInt8>) -> String {
        var escapes = 0
        for byte in text {
            switch byte {
            case UInt8(ascii: "%"): escapes += 1
            case UInt8(ascii: "+"): escapes += 1
            case 0...32, 127..., UInt8(ascii: "\""), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"),
                UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"),
                UInt8(ascii: "#"), UInt8(ascii: "="):
                isWellFormed = false
            default: break
            }
        }
        guard escapes > 0 else { return String(decoding: text, as: UTF8.self) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "%") {
                if position + 2 < text.count, let high = hexadecimalValue(text[position + 1]),
                    let low = hexadecimalValue(text[position + 2])
                {
                    bytes.append(high << 4 | low)
                    position += 3
                    continue
                }
                isWellFormed = false
            }
            bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            position += 1
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            isWellFormed = false
            return String(decoding: bytes, as: UTF8.self)
        }
        return decoded
    }
}
