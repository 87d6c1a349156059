package import JobModel

/// The parts of the platform that the sandbox stands in for.
package enum Endpoint: String, Sendable, CaseIterable {
    case domainAPI = "domainApi"
    case token
    case invoke
    case event
    /// No endpoint of the platform, or no HTTP at all.
    case other
}

/// Something in a request that the protocol does not allow.
package struct Deviation: Sendable, Hashable {
    /// The rule that was broken; a closed set.
    package enum Rule: String, Sendable, CaseIterable {
        /// Bytes that are no HTTP/1.1 request.
        case http
        case method
        /// A path that the platform does not have, or ids in it that it does not accept.
        case path
        /// A query parameter that is unknown, missing, repeated, malformed or wrong.
        case query
        /// `userId` is missing or empty.
        case userID = "user-id"
        /// A credential or token in the URL, or userinfo in it.
        case secretInURL = "secret-in-url"
        case host
        /// The header `Expect`: it costs a round trip and the platform does not want it.
        case expect
        /// A header that stands twice, or where it does not belong.
        case header
        case contentType = "content-type"
        /// No `Authorization: Bearer` with a token.
        case authorization
        /// A token that was never issued.
        case unknownToken = "unknown-token"
        /// A token of another account.
        case foreignToken = "foreign-token"
        /// A token that was sent after its end.
        case expiredToken = "expired-token"
        /// `X-Request-ID` is missing or no UUID.
        case requestID = "request-id"
        /// An `X-Request-ID` that was used for another request before.
        case requestIDReused = "request-id-reused"
        /// A body that is not what the endpoint takes.
        case body
        /// A timestamp that is not about now.
        case timestamp
        /// A form that is not encoded as one.
        case form
        case tooLarge = "too-large"
    }

    package var time: Timestamp
    package var endpoint: Endpoint
    package var rule: Rule
    /// One line, without secrets.
    package var message: String

    package init(time: Timestamp, endpoint: Endpoint, rule: Rule, message: String) {
        self.time = time
        self.endpoint = endpoint
        self.rule = rule
        self.message = message
    }
}

/// The first deviations in full, and the number of all.
struct DeviationLog {
    /// How many are kept.
    static let limit = 1000

    private(set) var list: [Deviation] = []
    private(set) var count = 0
    private(set) var countByRule: [Deviation.Rule: Int] = [:]

    mutating func add(_ deviation: Deviation) {
        count += 1
        countByRule[deviation.rule, default: 0] += 1
        if list.count < Self.limit { list.append(deviation) }
    }
}
