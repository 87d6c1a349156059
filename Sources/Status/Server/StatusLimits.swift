import NIOCore

/// What a client of the status server may take.
struct StatusLimits: Sendable {
    /// Open at a time; for a further one, that which has been quiet longest is closed.
    var connections = 64
    /// From the connection, or from a request's first line, to its end.
    var requestTime = TimeAmount.seconds(10)
    /// Between requests; more than the minute in which Prometheus comes back.
    var idleTime = TimeAmount.seconds(75)
    /// For an answer to be taken.
    var answerTime = TimeAmount.seconds(30)
    /// Of all headers of a request together.
    var headerBytes = 16 << 10
    /// Of a request's body, which nobody reads.
    var bodyBytes = 64 << 10
}
