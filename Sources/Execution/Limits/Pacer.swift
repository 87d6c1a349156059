package import JobModel

/// Spaces the starts of attempts evenly.
///
/// Each start moves the time of the next by the rate's spacing. A start that comes late may be made up for within a
/// small slack, so that timers of millisecond grain reach thousands of starts a second; what a longer stall missed is
/// lost. The slack keeps the starts of any second at or below the rate plus 1 %, or plus one if that is more: N starts
/// take at least (N − 1) × spacing − slack.
package struct Pacer: Sendable {
    package let rate: Rate
    private let spacing: Int64
    private let slack: Int64
    private var next = Int64.min

    /// No rate is slower than one start in thirty years, which keeps its arithmetic in 64 bits.
    package init(_ rate: Rate) {
        self.rate = rate
        let perSecond = Swift.max(rate.perSecond, 1e-9)
        spacing = Swift.max(1, Int64((1e9 / perSecond).rounded()))
        let most = (perSecond + Swift.max(1, perSecond / 100)).rounded(.down)
        slack = Int64(Swift.min(10_000_000, Swift.max(0, 0.9 * (most - perSecond) / perSecond * 1e9)))
    }

    /// Whether an attempt may start now.
    package func isReady(at now: MonotonicInstant) -> Bool {
        now.nanoseconds >= next
    }

    /// When to look again: at the next start's time, or a millisecond from now if the slack makes up for that.
    package func wake(at now: MonotonicInstant) -> MonotonicInstant {
        let grain: Int64 = slack >= 3_000_000 ? 1_000_000 : 0
        return MonotonicInstant(nanoseconds: Swift.max(next, now.nanoseconds + grain))
    }

    /// Notes a start.
    package mutating func started(at now: MonotonicInstant) {
        let isWithinSlack = next > .min && now.nanoseconds - next <= slack
        next = (isWithinSlack ? next : now.nanoseconds) + spacing
    }
}
