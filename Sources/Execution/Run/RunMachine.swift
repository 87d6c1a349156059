internal import DequeModule
internal import HeapModule
package import JobModel
internal import Timing

/// Decides one run: which rows are read, when attempts start, repeat and stop, and how each invocation ends.
///
/// Pure: events go in with their time, actions come out of ``takeActions()``, and nothing else happens. Equal events
/// and equal randomness give equal actions. All runs of a process live beside each other in a ``Dispatcher``, which
/// calls ``wake(at:)``, ``startNext(at:)`` and ``settle(at:)`` after events.
package final class RunMachine {
    /// How far a run's life has come.
    package enum Phase: Sendable, Hashable {
        case running
        /// Nothing new starts; what is in flight ends.
        case stopping
        case finished
    }

    /// Unique among the runs of a ``Dispatcher``.
    package let id: Int
    /// What was asked for.
    package let specification: RunSpecification
    /// For turns among runs of one priority: smaller was longer ago.
    var lastServed: UInt64 = 0

    let policy: RunPolicy
    let rule: RetryRule
    let backoff: Backoff
    let lambda: LambdaLimits
    let process: ProcessLimits
    let begin: Moment
    let deadline: MonotonicInstant

    // Rows.
    var windows = WindowQueue()
    var meter = SendMeter()
    var isReading = false
    /// Nothing is left to read: the input has ended, or broken off.
    var inputEnded = false
    var inputBrokeOff = false
    var inputBytes: Int64 = 0
    /// Invocations that were read and whose records are not yet written.
    package internal(set) var open = 0

    // Invocations.
    var table = InvocationTable()
    var waits = Heap<Wait>()
    var waitOrder: UInt64 = 0
    /// Waiting for a start; ids whose invocation has ended meanwhile are passed over.
    var requeued: Deque<UInt64> = []
    var due: Deque<UInt64> = []
    var tokenWaiters: [UInt64] = []
    /// When to look for invocations that have waited past `maxElapsed`.
    var expiryCheck = MonotonicInstant.distantFuture
    /// Runs while retries that are due wait for the retry budget: that time is not part of `maxElapsed`.
    var denials = DenialClock()
    /// When a start that limits prevented may be possible.
    var blockedUntil = MonotonicInstant.distantFuture

    // Limits.
    var pacer: Pacer?
    var gate = GatewayState.preparing
    /// Attempts in flight, those included whose records are not yet written.
    package internal(set) var permits = 0
    /// Attempts that have started and not ended.
    package internal(set) var inFlight = 0

    // Results.
    var outgoing: [Attempt] = []
    var results: [InvocationResult] = []
    var resultPermits = 0
    var unreported: Deque<(results: Int, permits: Int)> = []
    var recorderFailed = false
    /// Of what this run has ended so far; `rows` are those it has read.
    package internal(set) var counts = RunCounts()
    /// Rows that earlier runs recorded and this run leaves as they are.
    let settled: RunCounts
    /// Rows that earlier runs recorded and this run has not yet read to end them anew.
    var reopening: RunCounts
    var retries = 0

    // The end.
    /// Goes forward only.
    package internal(set) var phase = Phase.running
    var reasons = EndReasons()
    /// Found while invocations were being ended; carried out afterwards.
    var stopRequested = false
    /// Something was left undone because the run stopped.
    var wasCutShort = false
    /// An invocation has ended with class `unauthorized`.
    var hasUnauthorized = false
    var abortAt = MonotonicInstant.distantFuture
    var isAborted = false
    var actions: [RunAction] = []

    init(
        id: Int, specification: RunSpecification, lambda: LambdaLimits, process: ProcessLimits, at begin: Moment
    ) {
        self.id = id
        self.specification = specification
        self.lambda = lambda
        self.process = process
        self.begin = begin
        policy = specification.policy
        rule = RetryRule(specification.policy)
        backoff = Backoff(specification.policy.retry)
        pacer = specification.policy.rate.map(Pacer.init)
        settled = specification.carried.settled
        reopening = specification.carried.reopening
        deadline = specification.policy.deadline.map(begin.now.advanced(by:)) ?? .distantFuture
    }

    /// What is to be done, in order.
    package func takeActions() -> [RunAction] {
        defer { actions = [] }
        return actions
    }

    /// When ``wake(at:)`` is next needed.
    package var nextWake: MonotonicInstant {
        switch phase {
        case .finished: return .distantFuture
        case .stopping: return isAborted ? .distantFuture : abortAt
        case .running:
            let wait = waits.min?.due ?? .distantFuture
            return Swift.min(Swift.min(wait, blockedUntil), Swift.min(deadline, Swift.min(abortAt, expiryCheck)))
        }
    }

    /// How far the run has come.
    package var progress: RunProgress {
        var progress = RunProgress()
        progress.counts = settled + counts
        progress.inFlight = inFlight
        progress.waiting = table.count - inFlight
        progress.overBudget = denials.isRunning ? due.count : 0
        progress.ready = windows.count
        progress.retries = retries
        progress.inputBytes = inputBytes
        progress.inputEnded = inputEnded
        progress.isStopping = phase != .running
        return progress
    }

    /// The clock has moved: ends backoffs, notices the deadline, `maxElapsed` and the end of draining.
    package func wake(at moment: Moment) {
        blockedUntil = .distantFuture
        guard phase != .finished else { return }
        if moment.now >= abortAt { abort(at: moment) }
        guard phase == .running else { return }
        if moment.now >= deadline { return stop(for: .deadline, at: moment) }
        while let first = waits.min, first.due <= moment.now {
            waits.removeMin()
            endBackoff(first.id, at: moment)
        }
        if moment.now >= expiryCheck { endExpired(at: moment) }
        carryOutStop(at: moment)
    }

    /// After starts: asks for rows, hands out attempts and results, and ends the run if nothing is left.
    package func settle(at moment: Moment) {
        carryOutStop(at: moment)
        readAhead(at: moment)
        if !outgoing.isEmpty {
            actions.append(.send(outgoing))
            outgoing = []
        }
        flushResults()
        finishIfDone(at: moment)
    }
}
