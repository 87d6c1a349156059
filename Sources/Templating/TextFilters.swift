import Digest
import JSONText

/// Filters on text. Texts are compared byte by byte.
enum TextFilters {
    static func lowercased(_ text: String) -> String {
        mapped(text, letters: UInt8(ascii: "A")) { $0.properties.lowercaseMapping }
    }

    static func uppercased(_ text: String) -> String {
        mapped(text, letters: UInt8(ascii: "a")) { $0.properties.uppercaseMapping }
    }

    /// Text in another case: scalar by scalar, as `String` does it, but without a look at Unicode's tables for ASCII.
    ///
    /// - Parameter letters: the first of the 26 letters of ASCII that have the other case.
    @inline(__always)
    private static func mapped(
        _ text: String, letters: UInt8, _ mapping: (Unicode.Scalar) -> String
    ) -> String {
        var tops: UInt8 = 0
        let text = text.withUTF8Bytes { bytes in
            String(unsafeUninitializedCapacity: bytes.count) { output in
                for position in bytes.indices {
                    let byte = bytes[position]
                    tops |= byte
                    output[position] = byte ^ (byte &- letters < 26 ? 0x20 : 0)
                }
                return bytes.count
            }
        }
        guard tops >= 0x80 else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                bytes.append(contentsOf: mapping(scalar).utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }

    static func replaced(_ text: String, _ searched: String, by other: String) throws(FilterFailure) -> String {
        guard !searched.isEmpty else { throw FilterFailure(message: "the text to look for is empty") }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var start = 0
        for position in positions(of: Array(searched.utf8), in: bytes) {
            result += bytes[start..<position]
            result += other.utf8
            start = position + searched.utf8.count
        }
        return String(decoding: result + bytes[start...], as: UTF8.self)
    }

    /// The parts between separators; an empty text has none, an empty separator divides characters.
    static func split(_ text: String, at separator: String) -> [JSONValue] {
        guard !text.isEmpty else { return [] }
        guard !separator.isEmpty else { return text.map { .string(String($0)) } }
        let bytes = Array(text.utf8)
        var parts: [JSONValue] = []
        var start = 0
        for position in positions(of: Array(separator.utf8), in: bytes) {
            parts.append(.string(String(decoding: bytes[start..<position], as: UTF8.self)))
            start = position + separator.utf8.count
        }
        parts.append(.string(String(decoding: bytes[start...], as: UTF8.self)))
        return parts
    }

    /// Where a text that is not empty stands in another, without overlaps.
    private static func positions(of searched: [UInt8], in bytes: [UInt8]) -> [Int] {
        var positions: [Int] = []
        var position = 0
        while position + searched.count <= bytes.count {
            if bytes[position] == searched[0], bytes[position...].starts(with: searched) {
                positions.append(position)
                position += searched.count
            } else {
                position += 1
            }
        }
        return positions
    }

    static func parsed(_ text: String) throws(FilterFailure) -> JSONValue {
        do throws(JSONParseError) {
            return try JSONParser.parse(text)
        } catch {
            throw FilterFailure(message: "\(JSONValue.string(text).excerpt) is not JSON: \(error)")
        }
    }

    /// Base64 of the UTF-8 bytes, with padding (RFC 4648, section 4).
    static func base64(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<Swift.min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                result.append(place <= group.count ? alphabet[bits >> (18 - 6 * place) & 0x3F] : UInt8(ascii: "="))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// SHA-256 of the UTF-8 bytes in lower-case hexadecimal.
    static func sha256(_ text: String) -> String {
        SHA256.hexadecimal(of: Array(text.utf8))
    }

    /// Percent-encodes all but the unreserved characters (RFC 3986, section 2.3).
    static func urlEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var result: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.append(byte)
            default:
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
