/// Why an engine could not be made: a matter of the system, never of a request.
package struct HTTPEngineError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// libcurl or its TLS library did not start.
        case library
        /// The system gave no descriptor (epoll_create1(2)).
        case descriptor
    }

    package var code: Code
    /// One line with the reason.
    package var message: String

    package init(_ code: Code, message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
