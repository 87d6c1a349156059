package import JSONText
package import JobModel

/// A JSON-valued template, compiled once into constant JSON bytes and holes.
///
/// A string that is one expression alone keeps the type of the value; values never change the structure around them.
package struct PayloadTemplate: Sendable {
    private let program: RenderProgram

    /// Compiles a payload.
    ///
    /// - Parameters:
    ///   - zones: knows the zones that `date` names literally; nil leaves them to the rows.
    ///   - cache: shared with other payloads of the same scope and zones.
    /// - Throws: every problem of every string.
    package init(
        compiling source: TemplateSource, scope: TemplateScope = .row, zones: (any TimeZoneProvider)? = nil,
        cache: TemplateCache? = nil
    ) throws(TemplateProblems) {
        var builder = RenderProgram.Builder(
            compiler: ExpressionCompiler(scope: scope, zones: zones, cache: cache))
        builder.append(source)
        program = try builder.finish()
    }

    /// What the template depends on.
    package var use: TemplateUse { program.use }
    /// Whether it renders to the same bytes for every row and run.
    package var isConstant: Bool { program.isConstant }

    /// The value, if it is the same for every row and run.
    package var constantValue: JSONValue? {
        guard isConstant else { return nil }
        var context = RenderContext.withoutValues
        return try? value(context: &context)
    }

    /// Appends the payload as JSON. On failure the bytes are left as they were.
    package func render(into output: inout [UInt8], context: inout RenderContext) throws(TemplateError) {
        try program.render(into: &output, context: &context)
    }

    /// The payload as a value.
    package func value(context: inout RenderContext) throws(TemplateError) -> JSONValue {
        var bytes: [UInt8] = []
        try render(into: &bytes, context: &context)
        do {
            return try JSONParser.parse(bytes, depthLimit: .max)
        } catch {
            throw TemplateError(message: "the rendered payload is not JSON: \(error)")
        }
    }
}
