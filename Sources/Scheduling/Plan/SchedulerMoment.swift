package import JobModel

/// The time of a look at both clocks.
package struct SchedulerMoment: Sendable, Hashable {
    /// Tells how much time has passed, whatever became of the wall clock.
    package var monotonic: MonotonicInstant
    /// What schedules are read by.
    package var wall: Timestamp

    package init(monotonic: MonotonicInstant, wall: Timestamp) {
        self.monotonic = monotonic
        self.wall = wall
    }
}

extension Timestamp {
    /// The latest time before this one.
    var justBefore: Timestamp { self - .microseconds(1) }
}
