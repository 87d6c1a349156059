/// Why something of the status service could not be had.
package struct StatusError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure; a closed set.
    package enum Code: String, Sendable {
        /// The address to listen on makes no sense.
        case address
        /// The address is taken, is not one of this machine, or may not be used.
        case bind
        /// The service manager cannot be told.
        case notification
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
