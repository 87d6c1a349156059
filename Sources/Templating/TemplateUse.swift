/// Which values a template depends on: what a job's hash must cover.
package struct TemplateUse: Sendable, Hashable {
    package var roots: Set<TemplateRoot> = []
    /// The variables used by name.
    package var vars: Set<String> = []
    /// `vars` is used as a whole.
    package var usesAllVars = false
    /// The names of ``TemplateScope/extras`` that are used.
    package var extras: Set<String> = []

    package init() {}

    /// What this and another template depend on together.
    package mutating func formUnion(_ other: TemplateUse) {
        roots.formUnion(other.roots)
        vars.formUnion(other.vars)
        usesAllVars = usesAllVars || other.usesAllVars
        extras.formUnion(other.extras)
    }

    /// Whether anything of the row is used: its values, its number or its label.
    package var dependsOnRow: Bool {
        !roots.isDisjoint(with: [.row, .index, .key])
    }
}
