import JSONText
import JobModel

/// An expression, checked and ready to be evaluated. A class, because it is shared by every render and never changes.
final class Expression: Sendable {
    let operand: Operand
    let filters: [FilterCall]
    /// The source with its braces, for messages.
    let text: String
    /// Where the last `default` stands among the filters; -1 if there is none.
    let lastDefault: Int
    /// The path into the row that is all of the expression; nil of others.
    let rowPath: RootedPath?

    init(operand: Operand, filters: [FilterCall], text: String) {
        self.operand = operand
        self.filters = filters
        self.text = text
        lastDefault = filters.lastIndex { $0.name == .fallback } ?? -1
        rowPath = if filters.isEmpty, case .path(let path) = operand, path.isOfRow { path } else { nil }
    }
}

enum Operand: Sendable {
    case literal(JSONValue)
    case path(RootedPath)
}

/// A path whose first name has been looked up.
final class RootedPath: Sendable {
    enum Root: Sendable {
        case row, vars, jobName, runID, nominalTime, startedAt, index, key, now, uuid
        /// A position in ``RenderContext/extras``.
        case extra(Int)
    }

    let root: Root
    var isOfRow: Bool {
        if case .row = root { true } else { false }
    }
    /// Below the root.
    let steps: [PathStep]
    /// The whole path, for messages.
    let path: TemplatePath

    init(root: Root, steps: [TemplatePath.Step], path: TemplatePath) {
        self.root = root
        self.steps = steps.map(PathStep.init)
        self.path = path
    }
}

/// One filter with its arguments. A class for the same reason as ``Expression``.
final class FilterCall: Sendable {
    /// What was worked out from literal arguments when the template was compiled.
    enum Prepared: Sendable {
        case nothing
        case duration(Duration)
        case format(DateFormat)
    }

    let name: FilterName
    let arguments: [Operand]
    let prepared: Prepared

    init(name: FilterName, arguments: [Operand], prepared: Prepared) {
        self.name = name
        self.arguments = arguments
        self.prepared = prepared
    }
}
