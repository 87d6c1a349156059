/// A point on a clock that only goes forward and runs through suspend (`CLOCK_BOOTTIME`, clock_gettime(2)).
///
/// For durations, timeouts and backoff; it says nothing about the time of day.
package struct MonotonicInstant: Sendable, Hashable, Comparable, InstantProtocol {
    /// Nanoseconds since an arbitrary start.
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// Later than every instant that a clock shows.
    package static let distantFuture = MonotonicInstant(nanoseconds: .max)

    package static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The instant later by a duration; saturates at ``distantFuture``.
    package func advanced(by duration: Duration) -> MonotonicInstant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return MonotonicInstant(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    package func duration(to other: MonotonicInstant) -> Duration {
        .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
    }
}
