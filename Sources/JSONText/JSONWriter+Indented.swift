extension JSONWriter {
    /// A value as JSON text for people: members on lines of their own, indented by two spaces; arrays of scalars on one
    /// line if it is short.
    package static func indentedText(of value: JSONValue) -> String {
        var bytes: [UInt8] = []
        append(indented: value, depth: 0, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let longestLine = 100

    private static func append(indented value: JSONValue, depth: Int, to output: inout [UInt8]) {
        switch value {
        case .array(let elements) where !isShort(elements):
            appendLines(elements, between: "[", "]", depth: depth, to: &output) { element, output in
                append(indented: element, depth: depth + 1, to: &output)
            }
        case .array(let elements):
            append(raw: "[", to: &output)
            for (position, element) in elements.enumerated() {
                if position > 0 { append(raw: ", ", to: &output) }
                append(element, to: &output)
            }
            append(raw: "]", to: &output)
        case .object(let object) where !object.isEmpty:
            appendLines(Array(zip(object.names, object.values)), between: "{", "}", depth: depth, to: &output) {
                member, output in
                append(string: member.0, to: &output)
                append(raw: ": ", to: &output)
                append(indented: member.1, depth: depth + 1, to: &output)
            }
        case .null, .bool, .number, .string, .object: append(value, to: &output)
        }
    }

    private static func appendLines<Element>(
        _ elements: [Element], between open: StaticString, _ close: StaticString, depth: Int,
        to output: inout [UInt8], _ write: (Element, inout [UInt8]) -> Void
    ) {
        append(raw: open, to: &output)
        for (position, element) in elements.enumerated() {
            if position > 0 { append(raw: ",", to: &output) }
            appendLine(depth: depth + 1, to: &output)
            write(element, &output)
        }
        appendLine(depth: depth, to: &output)
        append(raw: close, to: &output)
    }

    private static func appendLine(depth: Int, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
    }

    private static func isShort(_ elements: [JSONValue]) -> Bool {
        let isFlat = elements.allSatisfy { $0.arrayValue == nil && $0.objectValue == nil }
        return isFlat && bytes(of: .array(elements)).count <= longestLine
    }
}
