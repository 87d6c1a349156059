package import JobModel

/// The time of a decision on both clocks.
package struct Moment: Sendable, Hashable {
    /// For durations.
    package var now: MonotonicInstant
    /// For labels.
    package var wall: Timestamp

    package init(now: MonotonicInstant, wall: Timestamp) {
        self.now = now
        self.wall = wall
    }
}
