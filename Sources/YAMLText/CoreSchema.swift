/// How untagged plain scalars get their type: the core schema (YAML 1.2.2, section 10.3.2).
///
/// Numbers keep every digit; forms that JSON (RFC 8259, section 6) lacks are rewritten: `0x1F` is 31, `0o17` is 15,
/// `.5` is 0.5, `1.` is 1.0, `+1` is 1, `007` is 7.
enum CoreSchema {
    /// Longer hexadecimal and octal numbers are refused: converting them takes quadratic time.
    static let longestRadixNumber = 4096

    static func value(ofPlain text: String) -> YAMLValue {
        guard let first = text.utf8.first else { return .null }
        // Durations, dates, UUIDs: most texts that begin like a number do not end like one.
        if isDigit(first), let last = text.utf8.last, last >= UInt8(ascii: "A"), !text.hasPrefix("0x") {
            return .string(text)
        }
        switch first {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return integer(text) ?? realOrNotFinite(text) ?? .string(text)
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"):
            return null(text) ?? .string(text)
        case UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"):
            return boolean(text) ?? .string(text)
        default:
            return .string(text)
        }
    }

    static func null(_ text: String) -> YAMLValue? {
        switch text {
        case "", "~", "null", "Null", "NULL": .null
        default: nil
        }
    }

    static func boolean(_ text: String) -> YAMLValue? {
        switch text {
        case "true", "True", "TRUE": .boolean(true)
        case "false", "False", "FALSE": .boolean(false)
        default: nil
        }
    }

    static func integer(_ text: String) -> YAMLValue? {
        if text.hasPrefix("0x") { return radix(text.utf8.dropFirst(2), bits: 4) }
        if text.hasPrefix("0o") { return radix(text.utf8.dropFirst(2), bits: 3) }
        var digits = text.utf8[...]
        let isNegative = takeSign(&digits)
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        return .integer((isNegative ? "-" : "") + withoutLeadingZeros(digits))
    }

    /// A number written as a float, or as an integer under the tag `!!float`.
    static func float(_ text: String) -> YAMLValue? {
        switch integer(text) {
        case .integer(let digits): .float(digits)
        case let other?: other
        case nil: realOrNotFinite(text)
        }
    }

    private static func realOrNotFinite(_ text: String) -> YAMLValue? {
        var rest = text.utf8[...]
        let isNegative = takeSign(&rest)
        switch Substring(rest) {
        case ".inf", ".Inf", ".INF": return .notFinite(isNegative ? "-.inf" : ".inf")
        default: break
        }
        switch text {
        case ".nan", ".NaN", ".NAN": return .notFinite(".nan")
        default: break
        }
        let whole = takeDigits(&rest)
        var fraction: Substring.UTF8View?
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = takeDigits(&rest)
        }
        guard !whole.isEmpty || fraction?.isEmpty == false else { return nil }
        let exponent = rest
        if !rest.isEmpty {
            guard rest.removeFirst() | 0x20 == UInt8(ascii: "e") else { return nil }
            _ = takeSign(&rest)
            guard !takeDigits(&rest).isEmpty, rest.isEmpty else { return nil }
        }
        var number = isNegative ? "-" : ""
        number += withoutLeadingZeros(whole)
        if let fraction { number += "." + (fraction.isEmpty ? "0" : String(Substring(fraction))) }
        return .float(number + String(Substring(exponent)))
    }

    /// Digits of base 8 or 16 as decimal ones, of any length up to ``longestRadixNumber``.
    private static func radix(_ digits: Substring.UTF8View, bits: Int) -> YAMLValue? {
        guard !digits.isEmpty else { return nil }
        // Limbs of nine decimal digits, the lowest first.
        var limbs: [UInt64] = [0]
        var count = 0
        for byte in digits {
            guard let digit = hexadecimalValue(byte), digit < 1 << bits else { return nil }
            count += 1
            guard count <= longestRadixNumber else { continue }
            var carry = digit
            for position in limbs.indices {
                let value = limbs[position] << UInt64(bits) + carry
                limbs[position] = value % 1_000_000_000
                carry = value / 1_000_000_000
            }
            if carry > 0 { limbs.append(carry) }
        }
        guard count <= longestRadixNumber else {
            return .invalid("a number of base \(1 << bits) has at most \(longestRadixNumber) digits")
        }
        let text = limbs.dropLast().reversed().reduce(into: String(limbs.last ?? 0)) { text, limb in
            let digits = String(limb)
            text += String(repeating: "0", count: 9 - digits.count) + digits
        }
        return .integer(text)
    }

    private static func takeSign(_ text: inout Substring.UTF8View) -> Bool {
        guard let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") else { return false }
        text.removeFirst()
        return first == UInt8(ascii: "-")
    }

    private static func takeDigits(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
        let digits = text.prefix(while: isDigit)
        text = text[digits.endIndex...]
        return digits
    }

    private static func withoutLeadingZeros(_ digits: Substring.UTF8View) -> String {
        let significant = digits.drop { $0 == UInt8(ascii: "0") }
        return significant.isEmpty ? "0" : String(Substring(significant))
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= 48 && byte <= 57
    }

    private static func hexadecimalValue(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 48...57: UInt64(byte - 48)
        case 65...70: UInt64(byte - 55)
        case 97...102: UInt64(byte - 87)
        default: nil
        }
    }
}
