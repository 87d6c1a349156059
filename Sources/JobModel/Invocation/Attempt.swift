/// One HTTP request of an invocation, as the engine hands it to the gateway.
package struct Attempt: Sendable {
    /// Chosen by the caller, unique among the attempts that a receiver has in flight.
    package var id: UInt64
    package var target: LambdaTarget
    package var request: RenderedRequest
    /// Of the whole attempt, connecting included.
    package var timeout: Duration
    package var connectTimeout: Duration
    /// Keep the answer's headers (smoke tests look at them).
    package var wantsHeaders: Bool

    package init(
        id: UInt64, target: LambdaTarget, request: RenderedRequest, timeout: Duration, connectTimeout: Duration,
        wantsHeaders: Bool = false
    ) {
        self.id = id
        self.target = target
        self.request = request
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.wantsHeaders = wantsHeaders
    }
}

/// How one attempt ended.
package struct AttemptEnd: Sendable {
    package enum Result: Sendable {
        /// A whole answer arrived; its `error` is nil if it counts as success.
        case answered(Answer)
        /// DNS, connection or TLS failed: the function cannot have run.
        case notSent(InvocationError)
        /// Sent, and no whole answer came: the function may have run.
        case unknown(InvocationError)
        /// Nothing was sent, because no valid token was at hand when the attempt was due to leave, or it was sent only
        /// to find out whether the token is still taken, and was refused. It is no attempt: start it again once the
        /// gateway is ready.
        case held
        /// Called off before it left; nothing was sent.
        case cancelled
    }

    package var id: UInt64
    package var result: Result
    /// The token it was sent with; see ``GatewayState/ready(tokenGeneration:)``. 0 if nothing was sent.
    package var tokenGeneration: UInt64
    /// When the attempt was started, on the wall clock.
    package var startedAt: Timestamp
    /// From its start to its end.
    package var latency: Duration

    package init(id: UInt64, result: Result, tokenGeneration: UInt64, startedAt: Timestamp, latency: Duration) {
        self.id = id
        self.result = result
        self.tokenGeneration = tokenGeneration
        self.startedAt = startedAt
        self.latency = latency
    }
}

/// A whole answer of the gateway.
package struct Answer: Sendable {
    /// As it was on the wire: 901 is possible.
    package var status: Int
    package var body: [UInt8]
    /// Nil if the answer counts as success.
    package var error: InvocationError?
    /// What `Retry-After` asks for, counted from the answer's arrival.
    package var retryAfter: Duration?
    /// Names in lower case, in order of arrival; empty unless asked for.
    package var headers: [(name: String, value: String)]

    package init(
        status: Int, body: [UInt8], error: InvocationError? = nil, retryAfter: Duration? = nil,
        headers: [(name: String, value: String)] = []
    ) {
        self.status = status
        self.body = body
        self.error = error
        self.retryAfter = retryAfter
        self.headers = headers
    }
}
