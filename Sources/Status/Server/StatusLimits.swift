import NIOCore
import Synchronization

/// What a client of the status server may take.
struct StatusLimits: Sendable {
    /// Open at a time; further ones are closed at once.
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

/// How many connections are open.
final class ConnectionCount: Sendable {
    private let count = Atomic(0)

    /// - Returns: whether there is room for one more, which then has it.
    func enter(limit: Int) -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    func leave() {
        count.subtract(1, ordering: .relaxed)
    }
}
