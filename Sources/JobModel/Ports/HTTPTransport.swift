/// Sends HTTP requests and reports how each ended, in batches.
package protocol HTTPTransport: Sendable {
    /// Starts requests. Each is reported to `receiver` exactly once, from any thread, never before this returns on
    /// the calling queue's own turn.
    func start(_ requests: [HTTPRequest], receiver: any HTTPReceiver)
    /// Aborts what this receiver has in flight; each is still reported (`unknown` if it had left, else `cancelled`).
    func cancelAll(of receiver: any HTTPReceiver)
}

/// Takes the ends of HTTP requests.
package protocol HTTPReceiver: AnyObject, Sendable {
    /// Called on a reactor's queue: must not block.
    func received(_ ends: [HTTPEnd])
}

/// One HTTP request.
package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// Unique among what the receiver has in flight.
    package var id: UInt64
    package var method: Method
    /// Absolute; already percent-encoded.
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Of the whole exchange, connecting included.
    package var timeout: Duration
    package var connectTimeout: Duration
    /// Keep the answer's headers; `retry-after`, and `date` with it, is always kept.
    package var wantsHeaders: Bool

    package init(
        id: UInt64, method: Method, url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        timeout: Duration, connectTimeout: Duration, wantsHeaders: Bool = false
    ) {
        self.id = id
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.wantsHeaders = wantsHeaders
    }
}

/// How one HTTP request ended.
package struct HTTPEnd: Sendable {
    package enum Result: Sendable {
        /// A whole response arrived. Headers in lower case.
        case response(status: Int, headers: [(name: String, value: String)], body: [UInt8])
        /// It failed before the first byte could leave: DNS, connect, proxy, TLS.
        case notSent(TransportFailure)
        /// It failed after a byte may have left.
        case unknown(TransportFailure)
        /// A response whose body is above the engine's cap; the rest was not read.
        case tooLarge(status: Int)
        /// Called off before it left.
        case cancelled
    }

    package var id: UInt64
    package var result: Result
    /// When the transfer was handed to the engine, on the wall clock.
    package var startedAt: Timestamp
    /// From then to the end.
    package var latency: Duration

    package init(id: UInt64, result: Result, startedAt: Timestamp, latency: Duration) {
        self.id = id
        self.result = result
        self.startedAt = startedAt
        self.latency = latency
    }
}

/// Why a transfer failed below HTTP.
package struct TransportFailure: Sendable, Hashable, Error {
    package enum Kind: String, Sendable {
        case dns, connect, tls, proxy, timeout, reset, protocolViolation, aborted
    }

    package var kind: Kind
    /// One line with host and port, without query or secrets.
    package var message: String

    package init(_ kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }
}
