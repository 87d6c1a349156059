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
        roots.formSharedUnion(other.roots)
        vars.formSharedUnion(other.vars)
        usesAllVars = usesAllVars || other.usesAllVars
        extras.formSharedUnion(other.extras)
    }

    /// Whether anything of the row is used: its values, its number or its label.
    package var dependsOnRow: Bool {
        !roots.isDisjoint(with: [.row, .index, .key])
    }
}

extension Set {
    /// Forms a union that shares the other's memory where this is empty: a file may have templates by the million that
    /// depend on the same.
    fileprivate mutating func formSharedUnion(_ other: Set) {
        if isEmpty { self = other } else { formUnion(other) }
    }
}
