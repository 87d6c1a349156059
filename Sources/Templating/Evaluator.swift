import JSONText
import JobModel

/// Why a filter could not do its work; becomes a ``TemplateError`` with the expression's text.
struct FilterFailure: Error {
    var message: String
    /// The path of an argument that is missing.
    var missing: RootedPath?
}

/// Evaluates expressions.
enum Evaluator {
    /// The value of an expression; never `missing`.
    ///
    /// A value that is absent (missing, null or empty) goes past the filters up to the next `default`, wherever it
    /// stands; without one a missing value is an error. What a filter makes of a missing argument is missing, too.
    static func value(
        of expression: Expression, _ context: inout RenderContext
    ) throws(TemplateError) -> TemplateValue {
        var value = operand(expression.operand, &context)
        var position = 0
        while position < expression.filters.count {
            if position <= expression.lastDefault, value.isAbsent {
                while expression.filters[position].name != .fallback { position += 1 }
                value = operand(expression.filters[position].arguments[0], &context)
            } else if case .missing(let missing) = value {
                throw error(missing, in: expression, context)
            } else {
                value = try apply(position, of: expression, to: value, &context)
            }
            position += 1
        }
        if case .missing(let missing) = value { throw error(missing, in: expression, context) }
        return value
    }

    private static func apply(
        _ position: Int, of expression: Expression, to value: TemplateValue, _ context: inout RenderContext
    ) throws(TemplateError) -> TemplateValue {
        let filter = expression.filters[position]
        do throws(FilterFailure) {
            return try filter.apply(to: value, &context)
        } catch {
            if let path = error.missing, position < expression.lastDefault { return .missing(.path(path)) }
            throw TemplateError(message: "\(filter.name.rawValue): \(error.message) (expression '\(expression.text)')")
        }
    }

    static func operand(_ operand: Operand, _ context: inout RenderContext) -> TemplateValue {
        switch operand {
        case .literal(let literal): .json(literal)
        case .path(let path): self.value(of: path, &context)
        }
    }

    private static func value(of path: RootedPath, _ context: inout RenderContext) -> TemplateValue {
        switch path.root {
        case .row: below(context.row, path)
        case .vars:
            path.steps.isEmpty ? .json(.object(context.vars)) : below(.object(context.vars), path)
        case .extra(let position):
            if context.extras.indices.contains(position), let value = context.extras[position] {
                below(value, path)
            } else {
                .missing(.path(path))
            }
        case .jobName: .text(context.jobName)
        case .runID: .text(context.runID)
        case .nominalTime: .time(context.nominalTime)
        case .startedAt: .time(context.startedAt)
        case .now: .time(context.now)
        case .index: .json(.number(JSONNumber(context.index)))
        case .key: .text(context.key ?? String(context.index))
        case .uuid: .text(UUIDText.version4(using: &context.random))
        }
    }

    @inline(__always)
    private static func below(_ root: JSONValue, _ path: RootedPath) -> TemplateValue {
        var value = root
        for step in path.steps {
            guard let next = step.value(in: value) else { return .missing(.path(path)) }
            value = next
        }
        return .json(value)
    }

    private static func error(
        _ missing: TemplateValue.Missing, in expression: Expression, _ context: RenderContext
    ) -> TemplateError {
        switch missing {
        case .element(let filter):
            TemplateError(
                message: "\(filter.rawValue): there is nothing in it (expression '\(expression.text)'; default: "
                    + "gives a value for that)")
        case .path(let path):
            TemplateError(message: MissingPath(path, context).message(expression: expression.text))
        }
    }
}
