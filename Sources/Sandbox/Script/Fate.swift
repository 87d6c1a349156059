import JobModel

/// What becomes of one request.
package struct Fate: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// The reply, with status 200.
        case ok
        /// A status of three digits; below 300 with the reply, else with an error body.
        case status(Int)
        /// The connection is reset (RST) after the request was read.
        case reset
        /// The connection is closed (FIN) after the request was read, without an answer.
        case close
        /// An answer that announces more bytes than are sent, then the connection is closed.
        case torn
        /// No answer, ever; the connection stays open.
        case hang
        /// Bytes that are not HTTP, then the connection is closed.
        case garbage
        /// 401, and the token that came with the request is worthless from now on, as if it had been revoked.
        case revoked
        /// 401, and the token that came with the request counts as expired from now on.
        case expired
    }

    package var kind: Kind
    /// The header `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
    package var retryAfter: RetryAfter?
    /// The error's code; by default one that the platform uses with this status.
    package var code: String?
    /// The error's message.
    package var message: String?
    /// The whole body instead of the error object.
    package var body: RawBody?
    /// Instead of the function's own latency.
    package var latency: Latency?

    package init(
        _ kind: Kind, retryAfter: RetryAfter? = nil, code: String? = nil, message: String? = nil,
        body: RawBody? = nil, latency: Latency? = nil
    ) {
        self.kind = kind
        self.retryAfter = retryAfter
        self.code = code
        self.message = message
        self.body = body
        self.latency = latency
    }

    /// A value of the header `Retry-After`.
    package enum RetryAfter: Sendable, Hashable {
        case seconds(Int)
        /// Sent as an HTTP date, this long after the answer.
        case date(after: Duration)
        /// Sent as it is, right or wrong.
        case text(String)
    }

    /// A body that is sent as it is.
    package struct RawBody: Sendable, Hashable {
        package var bytes: [UInt8]
        package var contentType: String

        package init(bytes: [UInt8], contentType: String) {
            self.bytes = bytes
            self.contentType = contentType
        }
    }

    /// Whether the function runs, or may have run for all that its caller can know: an answer by the function itself
    /// (2xx, 901), or none at all.
    package var runsFunction: Bool {
        switch kind {
        case .ok, .reset, .close, .torn, .hang, .garbage: true
        case .status(let status): status < 300 || status == 901
        case .revoked, .expired: false
        }
    }

    /// Whether the function answers as it is meant to.
    package var isSuccess: Bool {
        switch kind {
        case .ok: true
        case .status(let status): status < 300
        case .reset, .close, .torn, .hang, .garbage, .revoked, .expired: false
        }
    }
}

/// How long an answer takes: between two durations, evenly spread.
package struct Latency: Sendable, Hashable {
    package var minimum: Duration
    package var maximum: Duration

    package init(minimum: Duration, maximum: Duration) {
        self.minimum = minimum
        self.maximum = maximum
    }

    /// The latency for a random number.
    func duration(for draw: UInt64) -> Duration {
        guard maximum > minimum else { return minimum }
        let spread = UInt64(clamping: (maximum - minimum).wholeNanoseconds)
        return minimum + .nanoseconds(Int64(clamping: draw.multipliedFullWidth(by: spread).high))
    }
}
