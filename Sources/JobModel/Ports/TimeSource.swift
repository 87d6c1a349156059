/// Where the time comes from: the system's clocks in the program, a hand-driven clock in tests and simulation.
package protocol TimeSource: Sendable {
    /// The monotonic clock, for durations.
    func monotonicNow() -> MonotonicInstant
    /// The wall clock, for labels and schedules.
    func wallNow() -> Timestamp
}
