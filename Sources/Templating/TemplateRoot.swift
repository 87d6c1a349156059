/// What the path of an expression may begin with.
package enum TemplateRoot: String, Sendable, Hashable, CaseIterable {
    /// The row; any path below it.
    case row
    /// The variables of the job file; any path below them.
    case vars
    /// Has `name`.
    case job
    /// Has `id`, `nominalTime`, `startedAt`.
    case run
    /// The row's number from 0.
    case index
    /// The row's label: a string.
    case key
    /// The time at which the row is rendered.
    case now
    /// A fresh random UUID for every use.
    case uuid
}
