import JSONText

extension TemplateValue {
    @inline(__always)
    func append(as style: RenderProgram.Style, to output: inout [UInt8]) {
        switch self {
        case .json(let value): value.append(as: style, to: &output)
        case .time(let time): JSONValue.string(time.templateText).append(as: style, to: &output)
        case .missing: break
        }
    }
}

extension JSONValue {
    func append(as style: RenderProgram.Style, to output: inout [UInt8]) {
        switch (style, self) {
        case (.json, _): JSONWriter.append(self, to: &output)
        case (.escapedText, .string(let text)): JSONWriter.append(contentOf: text, to: &output)
        case (.text, .string(let text)): JSONWriter.append(raw: text, to: &output)
        case (.escapedText, .null), (.text, .null): break
        case (.escapedText, .array), (.escapedText, .object):
            JSONWriter.append(contentOf: JSONWriter.text(of: self), to: &output)
        case (.escapedText, .number), (.escapedText, .bool), (.text, _): JSONWriter.append(self, to: &output)
        }
    }
}

extension RootedPath {
    /// Appends what stands at the path, without taking it out; false if any step of it is missing.
    func append(from root: JSONValue, as style: RenderProgram.Style, to output: inout [UInt8]) -> Bool {
        append(from: root, depth: 0, as: style, to: &output)
    }

    private func append(
        from value: JSONValue, depth: Int, as style: RenderProgram.Style, to output: inout [UInt8]
    ) -> Bool {
        guard depth < steps.count else {
            value.append(as: style, to: &output)
            return true
        }
        switch value {
        case .object(let object):
            guard let position = steps[depth].position(in: object) else { return false }
            return append(from: object.values[position], depth: depth + 1, as: style, to: &output)
        case .array(let elements):
            guard let position = steps[depth].position(in: elements) else { return false }
            return append(from: elements[position], depth: depth + 1, as: style, to: &output)
        default:
            return false
        }
    }
}
