package import JobModel

/// A string-valued template, as for a header or a file name; compiled once.
package struct TextTemplate: Sendable {
    private let program: RenderProgram

    /// Compiles a string.
    ///
    /// - Parameters:
    ///   - id: comes back in problems.
    ///   - zones: knows the zones that `date` names literally; nil leaves them to the rows.
    /// - Throws: every problem of the string.
    package init(
        compiling text: String, id: Int = 0, scope: TemplateScope = .row, zones: (any TimeZoneProvider)? = nil
    ) throws(TemplateProblems) {
        var builder = RenderProgram.Builder(compiler: ExpressionCompiler(scope: scope, zones: zones))
        builder.append(text: text, id: id)
        program = try builder.finish()
        constantText = program.constantText
    }

    /// What the template depends on.
    package var use: TemplateUse { program.use }
    /// Whether it renders to the same text for every row and run.
    package var isConstant: Bool { program.isConstant }
    /// The text, if it is the same for every row and run.
    package let constantText: String?

    /// Appends the text as UTF-8. On failure the bytes are left as they were.
    package func render(into output: inout [UInt8], context: inout RenderContext) throws(TemplateError) {
        try program.render(into: &output, context: &context)
    }

    package func text(context: inout RenderContext) throws(TemplateError) -> String {
        if let constantText { return constantText }
        if let expression = program.onlyExpression {
            return try Evaluator.value(of: expression, &context).joinedText
        }
        var bytes: [UInt8] = []
        try render(into: &bytes, context: &context)
        return String(decoding: bytes, as: UTF8.self)
    }
}
