/// How many attempts on a lambda may be in flight after the platform has asked to slow down: additive increase,
/// multiplicative decrease.
///
/// Results of attempts that started before the last decrease are ignored: they tell of the load before it.
package struct AdaptiveWindow: Sendable {
    /// Nil while nothing has been rejected: other limits alone hold.
    package private(set) var limit: Int?
    private var starts: UInt64 = 0
    private var startsAtDecrease: UInt64 = 0
    private var successes = 0

    package init() {}

    /// Numbers an attempt; the number comes back with its result.
    package mutating func started() -> UInt64 {
        starts += 1
        return starts
    }

    /// Status 429 or 503: halves what may be in flight, down to 1.
    ///
    /// - Parameter inFlight: attempts in flight on the lambda, the rejected one included.
    package mutating func rejected(start: UInt64, inFlight: Int) {
        guard start > startsAtDecrease else { return }
        startsAtDecrease = starts
        successes = 0
        limit = Swift.max(1, Swift.min(limit ?? .max, inFlight) / 2)
    }

    /// The platform took an attempt: after as many as the limit, the limit grows by one; at `ceiling` it is lifted.
    package mutating func succeeded(start: UInt64, ceiling: Int) {
        guard let current = limit, start > startsAtDecrease else { return }
        successes += 1
        guard successes >= current else { return }
        successes = 0
        limit = current + 1 < ceiling ? current + 1 : nil
    }

    /// Forgets the limit.
    package mutating func reset() {
        limit = nil
        successes = 0
    }
}
