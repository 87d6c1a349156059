/// Reads JSON text (RFC 8259, strictly: UTF-8, no comments, no trailing commas, no lone surrogates).
///
/// Of members with one name the last wins. Numbers keep their text.
package enum JSONParser {
    /// How deep arrays and objects may nest unless told otherwise.
    package static let depthLimit = 512

    /// Reads bytes that are one value, with nothing but white space around it.
    package static func parse(
        _ bytes: [UInt8], depthLimit: Int = depthLimit
    ) throws(JSONParseError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { bytes throws(JSONParseError) in try parse(bytes, depthLimit: depthLimit) }
    }

    /// Reads text that is one value, with nothing but white space around it.
    package static func parse(
        _ text: String, depthLimit: Int = depthLimit
    ) throws(JSONParseError) -> JSONValue {
        try parse(Array(text.utf8), depthLimit: depthLimit)
    }

    /// Reads bytes that are one value, with nothing but white space around it.
    package static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int = depthLimit
    ) throws(JSONParseError) -> JSONValue {
        var builder = JSONBuilder(JSONScanner(bytes, depthLimit: depthLimit))
        return try builder.wholeText()
    }

    /// Throws what ``parse(_:depthLimit:)`` would throw, but builds nothing.
    package static func check(
        _ bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int = depthLimit
    ) throws(JSONParseError) {
        do throws(JSONFailure) {
            var scanner = JSONScanner(bytes, depthLimit: depthLimit)
            try scanner.skipValue()
            scanner.skipWhitespace()
            guard scanner.position == bytes.count else { throw scanner.failure(.trailingContent) }
        } catch {
            throw JSONParseError(error, in: bytes)
        }
    }

    /// Reads the value that begins at `offset`, after white space, and says where it ends: for streams.
    ///
    /// - Parameter isFinal: no bytes will follow. If false, a number that reaches the end of the bytes counts as cut
    ///   off.
    /// - Throws: an error that ``JSONParseError/isIncomplete`` if the bytes end before the value does. Offsets, lines
    ///   and columns are counted from the start of `bytes`.
    package static func parsePrefix(
        of bytes: UnsafeBufferPointer<UInt8>, from offset: Int = 0, isFinal: Bool = true, depthLimit: Int = depthLimit
    ) throws(JSONParseError) -> (value: JSONValue, end: Int) {
        do throws(JSONFailure) {
            var builder = JSONBuilder(JSONScanner(bytes, from: offset, depthLimit: depthLimit))
            builder.scanner.skipWhitespace()
            let value = try builder.value(depth: 1)
            if !isFinal, builder.scanner.position == bytes.count, case .number = value {
                throw builder.scanner.failure(expected: "the end of a number")
            }
            return (value, builder.scanner.position)
        } catch {
            throw JSONParseError(error, in: bytes)
        }
    }
}
