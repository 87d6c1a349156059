/// Why a template could not be rendered for a row.
package struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line: what is wrong, the expression, and what to do.
    package var message: String

    package init(message: String) {
        self.message = message
    }

    package var description: String { message }
}
