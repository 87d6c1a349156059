import JSONText

/// Reads expressions such as `row.tags[0] | default: 'none' | upper`.
///
/// A literal text stands in single or double quotes and knows no escapes: what it holds is what it is, and a quote of
/// the one kind can stand between quotes of the other.
struct ExpressionParser {
    let bytes: [UInt8]
    private(set) var position = 0
    private let id: Int

    init(_ text: String, id: Int) {
        bytes = Array(text.utf8)
        self.id = id
    }

    /// Takes the string apart. Of a broken expression the problem is kept, and the search goes on after its end.
    mutating func pieces() -> (pieces: [TemplatePiece], problems: [TemplateProblem]) {
        var pieces: [TemplatePiece] = []
        var problems: [TemplateProblem] = []
        while position < bytes.count {
            let start = position
            position = find("{{", from: start) ?? bytes.count
            if position > start { pieces.append(.text(start..<position)) }
            guard position < bytes.count else { break }
            do throws(TemplateProblem) {
                pieces.append(.expression(try expression()))
            } catch {
                problems.append(error)
                position = find("}}", from: Swift.min(position, bytes.count)).map { $0 + 2 } ?? bytes.count
            }
        }
        return (pieces, problems)
    }

    /// Reads a path that is the whole text.
    mutating func wholePath() throws(TemplateProblem) -> [TemplatePath.Step] {
        skipSpace()
        guard case .path(let root, let steps) = try path().content else { return [] }
        skipSpace()
        guard position == bytes.count else {
            throw problem("expected the end of the path, found \(found)", at: position, length: 1)
        }
        return [.key(root)] + steps
    }

    private mutating func expression() throws(TemplateProblem) -> ParsedExpression {
        let start = position
        position += 2
        skipSpace()
        if starts(with: "}}") {
            throw problem(
                "an empty expression", at: start, length: position + 2 - start, "write a path such as row.name")
        }
        let operand = try operand(openedAt: start)
        var filters: [ParsedFilter] = []
        skipSpace()
        while current == UInt8(ascii: "|") {
            position += 1
            filters.append(try filter(openedAt: start))
        }
        guard starts(with: "}}") else {
            guard position < bytes.count else { throw neverClosed(start) }
            throw problem(
                "expected '|' or '}}', found \(found)", at: position, length: 1,
                "an expression is value | filter: argument")
        }
        position += 2
        return ParsedExpression(
            operand: operand, filters: filters, range: start..<position,
            text: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func filter(openedAt opening: Int) throws(TemplateProblem) -> ParsedFilter {
        skipSpace()
        let start = position
        guard let byte = current else { throw neverClosed(opening) }
        guard Self.isNameStart(byte) else {
            throw problem("expected a filter's name after '|', found \(found)", at: position, length: 1)
        }
        let name = takeName()
        let nameRange = start..<position
        var arguments: [ParsedOperand] = []
        skipSpace()
        if current == UInt8(ascii: ":") {
            repeat {
                position += 1
                skipSpace()
                arguments.append(try operand(openedAt: opening))
                skipSpace()
            } while current == UInt8(ascii: ",")
        }
        return ParsedFilter(name: name, nameRange: nameRange, arguments: arguments)
    }

    private mutating func operand(openedAt opening: Int) throws(TemplateProblem) -> ParsedOperand {
        guard let byte = current else { throw neverClosed(opening) }
        let start = position
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
            let text = try quoted()
            return ParsedOperand(content: .literal(.string(text)), range: start..<position)
        }
        if byte == UInt8(ascii: "-") || (48...57).contains(byte) { return try number() }
        let operand = try path()
        guard case .path(let root, let steps) = operand.content, steps.isEmpty else { return operand }
        let literal: JSONValue? =
            switch root {
            case "true": true
            case "false": false
            case "null": .null
            default: nil
            }
        return literal.map { ParsedOperand(content: .literal($0), range: operand.range) } ?? operand
    }

    private mutating func number() throws(TemplateProblem) -> ParsedOperand {
        let start = position
        while let byte = current,
            Self.isNameByte(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "+")
        {
            position += 1
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let number = JSONNumber(text) else {
            throw problem(
                "\(text) is neither a number nor a path", at: start, length: position - start,
                "put text in quotes: '\(text)'")
        }
        return ParsedOperand(content: .literal(.number(number)), range: start..<position)
    }

    private mutating func path() throws(TemplateProblem) -> ParsedOperand {
        let start = position
        guard let byte = current, Self.isNameStart(byte) else {
            throw problem("expected a path or a literal, found \(found)", at: position, length: 1)
        }
        let root = takeName()
        var steps: [TemplatePath.Step] = []
        while let byte = current {
            if byte == UInt8(ascii: ".") {
                position += 1
                guard let next = current, Self.isNameByte(next) else {
                    throw problem(
                        "expected a name after '.', found \(found)", at: position, length: 1,
                        "names with other characters go in brackets: row[\"odd name\"]")
                }
                steps.append(.key(takeName()))
            } else if byte == UInt8(ascii: "[") {
                position += 1
                steps.append(try bracketed())
            } else {
                break
            }
        }
        return ParsedOperand(content: .path(root: root, steps: steps), range: start..<position)
    }

    /// The rest of a step in brackets, the closing one included.
    private mutating func bracketed() throws(TemplateProblem) -> TemplatePath.Step {
        skipSpace()
        let start = position
        let step: TemplatePath.Step
        if let byte = current, byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
            step = .key(try quoted())
        } else {
            while let byte = current, byte == UInt8(ascii: "-") || (48...57).contains(byte) { position += 1 }
            guard let index = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
                throw problem(
                    "expected a quoted name or a whole number in brackets, found \(found)", at: start,
                    length: position - start, "write row[\"odd name\"] or row.tags[0]")
            }
            step = .index(index)
        }
        skipSpace()
        guard current == UInt8(ascii: "]") else {
            throw problem("expected ']', found \(found)", at: position, length: 1)
        }
        position += 1
        return step
    }

    private mutating func quoted() throws(TemplateProblem) -> String {
        let start = position
        guard let end = bytes[(start + 1)...].firstIndex(of: bytes[start]) else {
            let quote = Character(Unicode.Scalar(bytes[start]))
            position = bytes.count
            throw problem("text that begins with \(quote) is never closed", at: start, length: 1)
        }
        position = end + 1
        return String(decoding: bytes[(start + 1)..<end], as: UTF8.self)
    }

    private mutating func takeName() -> String {
        let start = position
        while let byte = current, Self.isNameByte(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}

extension ExpressionParser {
    /// Letters, `_`, and everything beyond ASCII: column names in any language need no brackets.
    private static func isNameStart(_ byte: UInt8) -> Bool {
        (97...122).contains(byte | 0x20) || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isNameStart(byte) || (48...57).contains(byte) || byte == UInt8(ascii: "-")
    }

    /// Whether a name can be written after a point, without brackets.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isNameByte)
    }

    private var current: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || (0x09...0x0D).contains(byte) { position += 1 }
    }

    private func starts(with text: StaticString) -> Bool {
        bytes[position...].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private func find(_ pair: StaticString, from start: Int) -> Int? {
        (start..<Swift.max(start, bytes.count - 1)).first {
            bytes[$0] == pair.utf8Start[0] && bytes[$0 + 1] == pair.utf8Start[1]
        }
    }

    /// What stands at the position, in words.
    private var found: String {
        let rest = String(decoding: bytes[position..<Swift.min(position + 4, bytes.count)], as: UTF8.self)
        guard let scalar = rest.unicodeScalars.first else { return "the end" }
        return scalar.value < 0x20 ? "a control character" : "'\(scalar)'"
    }

    private func neverClosed(_ opening: Int) -> TemplateProblem {
        problem(
            "'{{' is never closed", at: opening, length: 2,
            "close it with '}}', or write {{ '{{' }} for the braces alone")
    }

    private func problem(_ message: String, at offset: Int, length: Int, _ hint: String = "") -> TemplateProblem {
        TemplateProblem(nodeID: id, offset: offset, length: length, message: message, hint: hint)
    }
}
