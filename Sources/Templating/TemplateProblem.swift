/// A mistake in a template that shows without any row.
package struct TemplateProblem: Error, Sendable, Hashable {
    /// The ``TemplateSource`` string in which it is.
    package var nodeID: Int
    /// Where it begins, in UTF-8 bytes from the start of the string.
    package var offset: Int
    /// In UTF-8 bytes, at least 1.
    package var length: Int
    /// What is wrong, one line, without a full stop.
    package var message: String
    /// What to write instead; empty if there is nothing to suggest.
    package var hint: String

    package init(nodeID: Int, offset: Int, length: Int, message: String, hint: String = "") {
        self.nodeID = nodeID
        self.offset = offset
        self.length = Swift.max(1, length)
        self.message = message
        self.hint = hint
    }
}

/// All mistakes of one template, in the order in which they stand; at least one.
package struct TemplateProblems: Error, Sendable, Hashable {
    package var list: [TemplateProblem]

    package init(_ list: [TemplateProblem]) {
        self.list = list
    }
}
