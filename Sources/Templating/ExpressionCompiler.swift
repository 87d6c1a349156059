import JSONText
import JobModel

/// Looks up the names of parsed expressions and checks what can be checked without a row.
struct ExpressionCompiler {
    let scope: TemplateScope
    let zones: (any TimeZoneProvider)?
    var problems: [TemplateProblem] = []
    var use = TemplateUse()
    private var nodeID = 0
    private let cache: TemplateCache?

    init(scope: TemplateScope, zones: (any TimeZoneProvider)?, cache: TemplateCache? = nil) {
        self.scope = scope
        self.zones = zones
        self.cache = cache
    }

    /// A string's parts: text to copy, expressions to evaluate, and values that never change.
    enum Part {
        case text(ArraySlice<UInt8>)
        case value(TemplateValue)
        case expression(Expression)
    }

    /// Compiles a string; its problems are added to ``problems``.
    mutating func parts(of text: String, id: Int) -> [Part] {
        guard let cache else { return compile(text, id: id) }
        if let known = cache[text] {
            use.formUnion(known.use)
            return known.parts
        }
        let (usedBefore, known) = (use, problems.count)
        use = TemplateUse()
        let parts = compile(text, id: id)
        if problems.count == known, parts.contains(where: { !$0.isText }) {
            cache.keep(TemplateCache.Entry(text: text, parts: parts, use: use))
        }
        var usedNow = usedBefore
        usedNow.formUnion(use)
        use = usedNow
        return parts
    }

    private mutating func compile(_ text: String, id: Int) -> [Part] {
        nodeID = id
        let known = problems.count
        defer { problems[known...].sort { $0.offset < $1.offset } }
        var parser = ExpressionParser(text, id: id)
        let (pieces, found) = parser.pieces()
        problems += found
        return pieces.compactMap { piece in
            switch piece {
            case .text(let range): .text(parser.bytes[range])
            case .expression(let parsed): part(parsed)
            }
        }
    }

    private mutating func part(_ parsed: ParsedExpression) -> Part? {
        let filters = parsed.filters.map { filter($0, of: parsed) }
        let lastDefault = parsed.filters.lastIndex { $0.name == FilterName.fallback.rawValue }
        guard let operand = operand(parsed.operand, mayBeMissing: lastDefault != nil) else { return nil }
        let calls = filters.compactMap { $0 }
        guard calls.count == filters.count else { return nil }
        let expression = Expression(operand: operand, filters: calls, text: parsed.text)
        guard isConstant(expression) else { return .expression(expression) }
        return constant(expression, parsed)
    }

    /// Evaluates an expression of literals once and for all.
    private mutating func constant(_ expression: Expression, _ parsed: ParsedExpression) -> Part? {
        do throws(TemplateError) {
            var context = RenderContext.withoutValues
            return .value(try Evaluator.value(of: expression, &context))
        } catch {
            report(parsed.range, error.message, "")
            return nil
        }
    }

    private func isConstant(_ expression: Expression) -> Bool {
        func isLiteral(_ operand: Operand) -> Bool {
            if case .literal = operand { true } else { false }
        }
        // A date depends on zones, which only a run knows.
        return isLiteral(expression.operand)
            && expression.filters.allSatisfy { $0.name != .date && $0.arguments.allSatisfy(isLiteral) }
    }

    private mutating func filter(_ parsed: ParsedFilter, of expression: ParsedExpression) -> FilterCall? {
        guard let name = FilterName(rawValue: parsed.name) else {
            let names = FilterName.allCases.map(\.rawValue).joined(separator: ", ")
            report(
                parsed.nameRange, "there is no filter '\(parsed.name)'",
                FilterName.suggestion(for: parsed.name).map { "did you mean \($0.rawValue)?" } ?? "there are \(names)")
            return nil
        }
        let parameters = name.parameters
        guard (name.requiredCount...parameters.count).contains(parsed.arguments.count) else {
            let end = parsed.arguments.last?.range.upperBound ?? parsed.nameRange.upperBound
            let wanted =
                switch (name.requiredCount, parameters.count) {
                case (0, 0): "no arguments"
                case (1, 1): "one argument"
                case (let least, let most): least == most ? "\(most) arguments" : "\(least) or \(most) arguments"
                }
            report(
                parsed.nameRange.lowerBound..<end, "\(parsed.name) wants \(wanted), found \(parsed.arguments.count)",
                "write \(name.usage)")
            return nil
        }
        return call(name, parsed.arguments)
    }

    private mutating func call(_ name: FilterName, _ parsed: [ParsedOperand]) -> FilterCall? {
        var arguments: [Operand] = []
        var prepared = FilterCall.Prepared.nothing
        var isRight = true
        for (argument, parameter) in zip(parsed, name.parameters) {
            guard let operand = operand(argument, mayBeMissing: parameter == .any) else {
                isRight = false
                continue
            }
            arguments.append(operand)
            guard case .literal(let literal) = operand else { continue }
            isRight = check(literal, is: parameter, of: name, at: argument.range, &prepared) && isRight
        }
        return isRight ? FilterCall(name: name, arguments: arguments, prepared: prepared) : nil
    }

    mutating func report(_ range: Range<Int>, _ message: String, _ hint: String) {
        problems.append(
            TemplateProblem(
                nodeID: nodeID, offset: range.lowerBound, length: range.count, message: message, hint: hint))
    }
}

extension ExpressionCompiler.Part {
    var isText: Bool {
        if case .text = self { true } else { false }
    }
}
