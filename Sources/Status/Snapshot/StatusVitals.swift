/// What health checks are made from: whether the process does its work.
package struct StatusVitals: Sendable, Hashable {
    package var phase: StatusSnapshot.Phase
    /// Nil before there is a scheduler.
    package var pulse: SchedulerPulse?

    package init(phase: StatusSnapshot.Phase, pulse: SchedulerPulse?) {
        self.phase = phase
        self.pulse = pulse
    }
}
