import JobModel

/// What the end of an attempt means for a hook.
struct HookVerdict: Sendable, Hashable {
    /// One line without path or query; nil if the hook was delivered.
    var reason: String?
    /// Another attempt may have another end. A hook may be delivered twice: its run id tells.
    var mayRetry = false
    /// What `Retry-After` asks for, if it is a number of seconds.
    var retryAfter: Duration?

    init(_ result: HTTPEnd.Result) {
        switch result {
        case .response(let status, let headers, _):
            if (200..<300).contains(status) { return }
            reason = "answered \(status)" + ((300..<400).contains(status) ? "; redirects are not followed" : "")
            mayRetry = Self.isTransient(status)
            let asked = headers.first { $0.name == "retry-after" }.flatMap { UInt32($0.value) }
            if mayRetry { retryAfter = asked.map { .seconds(Int64($0)) } }
        // The status is there, and nobody reads the body.
        case .tooLarge(let status):
            if (200..<300).contains(status) { return }
            reason = "answered \(status)"
            mayRetry = Self.isTransient(status)
        case .notSent(let failure), .unknown(let failure):
            reason = failure.message
            mayRetry = true
        case .cancelled:
            reason = "called off"
        }
    }

    private static func isTransient(_ status: Int) -> Bool {
        status == 408 || status == 425 || status == 429 || status >= 500
    }
}
