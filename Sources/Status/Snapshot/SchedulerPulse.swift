package import JobModel

/// Signs of life of a scheduler, written down by itself.
package struct SchedulerPulse: Sendable, Hashable {
    /// When it last looked at the clock.
    package var lookedAt: MonotonicInstant
    /// When it last had nothing before it that was due: whatever was due had been decided, and the ledger had it.
    package var caughtUpAt: MonotonicInstant
    /// When the first occurrence fires that is not decided, or whose decision is not in the ledger yet; nil if none is
    /// to come.
    package var nextDue: Timestamp?

    package init(lookedAt: MonotonicInstant, caughtUpAt: MonotonicInstant, nextDue: Timestamp? = nil) {
        self.lookedAt = lookedAt
        self.caughtUpAt = caughtUpAt
        self.nextDue = nextDue
    }
}

/// Whether the scheduler does its work.
enum Health: Sendable, Hashable {
    case good
    /// An occurrence is due and not decided.
    case overdue(since: Timestamp)
    /// It does not look at the clock any more.
    case stuck(for: Duration)

    /// How long anything may take. A scheduler looks at the clock every second.
    static let patience = Duration.seconds(10)

    /// - Parameter pulse: nil before there is a scheduler, which is no illness.
    init(_ pulse: SchedulerPulse?, wall: Timestamp, monotonic: MonotonicInstant) {
        guard let pulse else {
            self = .good
            return
        }
        // A clock that was set forward makes occurrences old that nobody could have handled before: what counts is
        // also for how long the scheduler has been behind.
        if let due = pulse.nextDue, wall - due >= Self.patience,
            pulse.caughtUpAt.duration(to: monotonic) >= Self.patience
        {
            self = .overdue(since: due)
        } else if pulse.lookedAt.duration(to: monotonic) >= Self.patience {
            self = .stuck(for: pulse.lookedAt.duration(to: monotonic))
        } else {
            self = .good
        }
    }

    /// One line for people; nil if all is well.
    var reason: String? {
        switch self {
        case .good: nil
        case .overdue(let since): "an occurrence that was due at \(since.rfc3339()) has not been handled"
        case .stuck(let duration): "the scheduler has not looked at the clock for \(duration.durationText)"
        }
    }
}
