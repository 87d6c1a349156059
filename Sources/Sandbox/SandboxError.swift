/// Why a sandbox could not be started.
package struct SandboxError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure; a closed set.
    package enum Code: String, Sendable {
        /// The port is taken, or may not be used.
        case bind
        /// The configuration makes no sense.
        case configuration
    }

    package var code: Code
    /// One line: what failed, where, and what to do.
    package var message: String
    package var cause: (any Error)?

    package init(_ code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    package var description: String { message }
}
