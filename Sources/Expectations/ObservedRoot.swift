/// What the path of an expectation may begin with.
package enum ObservedRoot: String, Sendable, Hashable, CaseIterable {
    /// Of the last answer; missing if there was none.
    case status
    /// Of the last answer, by name in any case.
    case headers
    /// The last answer's body: JSON, or a string if it is none.
    case response
    /// Of the last attempt.
    case latencyMs
    /// HTTP requests made.
    case attempts
    case outcome
    /// Has `class`, `message` and perhaps `code`; missing of an invocation that succeeded.
    case error

    /// The members of a root that has a few and no others; nil of one that may have any.
    package var members: [String]? {
        switch self {
        case .headers, .response: nil
        case .error: ["class", "code", "message"]
        case .status, .latencyMs, .attempts, .outcome: []
        }
    }
}
