import JobModel

/// A stopwatch that runs while the retry budget holds a run's retries up.
struct DenialClock {
    private var stopped: Duration = .zero
    private var runningSince: MonotonicInstant?

    var isRunning: Bool { runningSince != nil }

    /// What it shows: the sum of all denials so far.
    func reading(at now: MonotonicInstant) -> Duration {
        guard let runningSince else { return stopped }
        return stopped + runningSince.duration(to: now)
    }

    /// The budget denies the retries that are due.
    mutating func start(at now: MonotonicInstant) {
        if runningSince == nil { runningSince = now }
    }

    /// The budget allows a retry, or none is due.
    mutating func stop(at now: MonotonicInstant) {
        guard runningSince != nil else { return }
        stopped = reading(at: now)
        runningSince = nil
    }
}
