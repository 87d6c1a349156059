/// Which names the expressions of a template may use, and how they are checked.
package struct TemplateScope: Sendable {
    package var roots: Set<TemplateRoot>
    /// Names of further values, such as `response`: ``RenderContext/extras`` holds them in this order.
    package var extras: [String]
    /// The variables that exist: others are a problem unless `default` follows. Nil does not check.
    package var knownVars: Set<String>?

    package init(roots: Set<TemplateRoot>, extras: [String] = [], knownVars: Set<String>? = nil) {
        self.roots = roots
        self.extras = extras
        self.knownVars = knownVars
    }

    /// Everything: for payload, headers and user id.
    package static let row = TemplateScope(roots: Set(TemplateRoot.allCases))
    /// Everything but the key: for the key itself.
    package static let key = TemplateScope(roots: Set(TemplateRoot.allCases).subtracting([.key]))
    /// What does not depend on a row: for the name of the output.
    package static let output = TemplateScope(roots: [.job, .run, .vars, .now, .uuid])

    /// The same scope that also checks variables.
    package func knowing(vars: some Sequence<String>) -> TemplateScope {
        var scope = self
        scope.knownVars = Set(vars)
        return scope
    }

    /// Every name that an expression may begin with.
    var names: [String] {
        TemplateRoot.allCases.filter(roots.contains).map(\.rawValue) + extras
    }
}
