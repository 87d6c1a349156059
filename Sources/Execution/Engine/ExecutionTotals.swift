internal import JobModel

/// What all runs of a process have done and are about, those of runs that have ended included.
package struct ExecutionTotals: Sendable, Hashable {
    /// Attempts that have ended.
    package private(set) var attempts = 0
    /// Attempts started as a retry after a failure.
    package private(set) var retries = 0
    /// Attempts that have started and not ended.
    package private(set) var inFlight = 0
    /// Invocations that wait for another attempt.
    package private(set) var waiting = 0
    /// Those of them whose next attempt the retry budget holds back.
    package private(set) var overBudget = 0

    /// Adds a run under way.
    mutating func add(_ run: RunMachine) {
        addDone(by: run)
        let progress = run.progress
        inFlight += progress.inFlight
        waiting += progress.waiting
        overBudget += progress.overBudget
    }

    /// Adds what a run has done: all that is left of one that has ended.
    mutating func addDone(by run: RunMachine) {
        attempts += run.counts.attempts
        retries += run.retries
    }
}
