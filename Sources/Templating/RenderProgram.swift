import JSONText
import JobModel

/// A compiled template: constant bytes with holes between them.
struct RenderProgram: Sendable {
    /// How a hole's value is written.
    enum Style: Sendable {
        /// As JSON of its own type.
        case json
        /// As text between the quotes of a JSON string.
        case escapedText
        /// As text.
        case text
    }

    private struct Hole: Sendable {
        /// Where the constant bytes before it end; they begin where those of the hole before end.
        var constantsEnd: Int
        var expression: Expression
        var style: Style
    }

    private let constants: [UInt8]
    private let holes: [Hole]
    let use: TemplateUse

    var isConstant: Bool { holes.isEmpty }

    var constantText: String? {
        isConstant ? String(decoding: constants, as: UTF8.self) : nil
    }

    /// The expression that is all there is.
    var onlyExpression: Expression? {
        holes.count == 1 && constants.isEmpty ? holes[0].expression : nil
    }

    func render(into output: inout [UInt8], context: inout RenderContext) throws(TemplateError) {
        let length = output.count
        var start = 0
        for hole in holes {
            append(constants: start..<hole.constantsEnd, to: &output)
            start = hole.constantsEnd
            // Most values are copied as they are. One that is missing gets its message from the evaluator.
            if let path = hole.expression.rowPath, path.append(from: context.row, as: hole.style, to: &output) {
                continue
            }
            do throws(TemplateError) {
                try Evaluator.value(of: hole.expression, &context).append(as: hole.style, to: &output)
            } catch {
                output.removeLast(output.count - length)
                throw error
            }
        }
        append(constants: start..<constants.count, to: &output)
    }

    @inline(__always)
    private func append(constants range: Range<Int>, to output: inout [UInt8]) {
        constants.withUnsafeBufferPointer { output.append(contentsOf: UnsafeBufferPointer(rebasing: $0[range])) }
    }
}

extension RenderProgram {
    /// Puts a program together from strings and structure.
    struct Builder {
        private var compiler: ExpressionCompiler
        private var constants: [UInt8] = []
        private var holes: [Hole] = []

        init(compiler: ExpressionCompiler) {
            self.compiler = compiler
        }

        func finish() throws(TemplateProblems) -> RenderProgram {
            guard compiler.problems.isEmpty else { throw TemplateProblems(compiler.problems) }
            return RenderProgram(constants: constants, holes: holes, use: compiler.use)
        }

        /// Appends a JSON value.
        mutating func append(_ source: TemplateSource) {
            switch source {
            case .null: JSONWriter.append(raw: "null", to: &constants)
            case .bool(let value): JSONWriter.append(value, to: &constants)
            case .number(let text): JSONWriter.append(raw: text, to: &constants)
            case .string(let text, let id): append(string: text, id: id)
            case .array(let elements):
                constants.append(UInt8(ascii: "["))
                for (position, element) in elements.enumerated() {
                    if position > 0 { constants.append(UInt8(ascii: ",")) }
                    append(element)
                }
                constants.append(UInt8(ascii: "]"))
            case .object(let members):
                constants.append(UInt8(ascii: "{"))
                for (position, member) in members.enumerated() {
                    if position > 0 { constants.append(UInt8(ascii: ",")) }
                    JSONWriter.append(string: member.key, to: &constants)
                    constants.append(UInt8(ascii: ":"))
                    append(member.value)
                }
                constants.append(UInt8(ascii: "}"))
            }
        }

        /// Appends text.
        mutating func append(text: String, id: Int) {
            for part in compiler.parts(of: text, id: id) { append(part, as: .text) }
        }

        private mutating func append(string text: String, id: Int) {
            let parts = compiler.parts(of: text, id: id)
            if parts.count == 1, !parts[0].isText { return append(parts[0], as: .json) }
            constants.append(UInt8(ascii: "\""))
            for part in parts { append(part, as: .escapedText) }
            constants.append(UInt8(ascii: "\""))
        }

        private mutating func append(_ part: ExpressionCompiler.Part, as style: Style) {
            switch part {
            case .text(let bytes) where style == .text: constants += bytes
            case .text(let bytes):
                bytes.withUnsafeBufferPointer { JSONWriter.append(content: $0, to: &constants) }
            case .value(let value): value.append(as: style, to: &constants)
            case .expression(let expression):
                holes.append(Hole(constantsEnd: constants.count, expression: expression, style: style))
            }
        }
    }
}
