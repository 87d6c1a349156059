/// How an invocation ended.
package enum Outcome: String, Sendable, Hashable, CaseIterable {
    /// Answered with 200 or 202.
    case succeeded
    /// Answered otherwise, or it cannot have run.
    case failed
    /// The last attempt was sent and not wholly answered: the function may have run.
    case unknown
    /// Its row was read and nothing was sent.
    case cancelled
}

/// The closed set of reasons why an invocation did not succeed: `error.class` of a record, a label of metrics.
package enum ErrorClass: String, Sendable, Hashable, CaseIterable {
    /// The function itself failed (status 901).
    case function
    case rateLimited
    case unauthorized
    case forbidden
    case notFound
    case badRequest
    /// The platform failed (408 and 5xx).
    case platform
    /// No whole answer within the attempt's timeout.
    case timeout
    /// No connection, or one that broke.
    case network
    /// The row's payload, headers, key or user id could not be rendered.
    case template
    /// The row could not be read.
    case input
    /// The answer was above the engine's cap.
    case response
    case cancelled
}

/// Why an invocation or an attempt did not succeed.
package struct InvocationError: Sendable, Hashable, Error {
    package var errorClass: ErrorClass
    /// The platform's own code, such as `com.liveperson.faas.handler.runtime-exception`.
    package var code: String?
    /// One line for people; never holds a secret.
    package var message: String

    package init(_ errorClass: ErrorClass, code: String? = nil, message: String) {
        self.errorClass = errorClass
        self.code = code
        self.message = message
    }
}
