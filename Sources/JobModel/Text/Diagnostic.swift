/// One problem of a job file (or a script), with the place and the cure.
package struct Diagnostic: Sendable, Hashable, Error {
    package enum Severity: String, Sendable {
        case error, warning
    }

    package var severity: Severity
    /// A stable name from a closed set, such as `unknown-key`; for programs and `docs/errors.md`.
    package var code: String
    /// What is wrong, one line, without a full stop.
    package var message: String
    /// What to write instead, one line; empty if there is nothing to suggest.
    package var hint: String
    /// Where; nil for a problem of the whole file.
    package var location: SourceLocation?
    /// The path as the user gave it.
    package var file: String

    package init(
        _ severity: Severity = .error, code: String, message: String, hint: String = "", file: String,
        location: SourceLocation? = nil
    ) {
        self.severity = severity
        self.code = code
        self.message = message
        self.hint = hint
        self.file = file
        self.location = location
    }
}

/// A place in a text file.
package struct SourceLocation: Sendable, Hashable, Comparable {
    /// From 1.
    package var line: Int
    /// From 1, counted in Unicode scalars.
    package var column: Int
    /// The number of scalars to underline, at least 1.
    package var length: Int

    package init(line: Int, column: Int, length: Int = 1) {
        self.line = line
        self.column = column
        self.length = length
    }

    package static func < (left: SourceLocation, right: SourceLocation) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}
