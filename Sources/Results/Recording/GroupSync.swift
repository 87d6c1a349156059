import JobModel
import Reactor
import Synchronization

/// Syncs a file: at once when asked to, else a while after something was written.
///
/// One fsync serves everything that was written before it began: requests that arrive during one share the next. No two
/// run at once, so that a file which is closed by a report is not being synced.
final class GroupSync: Sendable {
    private struct State {
        /// By then what was written is to be synced; nil if all of it is.
        var due: MonotonicInstant?
        /// It is time for that.
        var isDue = false
        /// The schedule will look at it.
        var isScheduled = false
        var isSyncing = false
        var waiting: [@Sendable () -> Void] = []
        /// Made when it is needed first: short runs do without.
        var queue: SerialQueue?
    }

    private let state = Mutex(State())
    private let file: ResultFile
    private let operations: any FileOperations
    private let interval: Duration
    private let schedule: SyncSchedule
    private let failure: FirstFailure

    /// - Parameters:
    ///   - interval: how long data may stay unsynced before a sync begins.
    ///   - failure: where a failed sync is noted.
    init(
        file: ResultFile, operations: any FileOperations, interval: Duration, schedule: SyncSchedule,
        failure: FirstFailure
    ) {
        self.file = file
        self.operations = operations
        self.interval = interval
        self.schedule = schedule
        self.failure = failure
    }

    /// Notes that data was written: it is synced within the interval.
    func wrote() {
        let due = state.withLock { state -> MonotonicInstant? in
            guard state.due == nil else { return nil }
            let due = schedule.time.monotonicNow().advanced(by: interval)
            state.due = due
            defer { state.isScheduled = true }
            return state.isScheduled ? nil : due
        }
        if let due { look(at: due) }
    }

    /// Syncs what was written before, then reports, on a queue of its own.
    func request(then report: @escaping @Sendable () -> Void) {
        let queue = state.withLock { state -> SerialQueue? in
            state.waiting.append(report)
            // Who syncs now takes care of it.
            return state.isSyncing || state.waiting.count > 1 ? nil : Self.queue(&state)
        }
        queue?.async { @Sendable [self] in sync() }
    }

    /// The same on the caller's thread: for one who has nothing to write meanwhile.
    func requestHere(then report: @escaping @Sendable () -> Void) {
        state.withLock { $0.waiting.append(report) }
        sync()
    }

    private func look(at due: MonotonicInstant) {
        schedule.add(at: due) { @Sendable [weak self] horizon in self?.look(upTo: horizon) }
    }

    private func look(upTo horizon: MonotonicInstant) {
        let (later, queue) = state.withLock { state -> (MonotonicInstant?, SerialQueue?) in
            state.isScheduled = false
            guard let due = state.due else { return (nil, nil) }
            // What was to be synced then has been; this was written after it.
            guard due <= horizon else {
                state.isScheduled = true
                return (due, nil)
            }
            state.isDue = true
            return (nil, Self.queue(&state))
        }
        if let later { look(at: later) }
        queue?.async { @Sendable [self] in sync() }
    }

    private static func queue(_ state: inout State) -> SerialQueue {
        if let queue = state.queue { return queue }
        let queue = SerialQueue(label: "fnrun.results.sync")
        state.queue = queue
        return queue
    }

    private func sync() {
        while let (isDirty, waiting) = begin() {
            if isDirty && file.isRegular {
                do throws(SystemError) {
                    try operations.sync(file.descriptor)
                } catch {
                    failure.set(
                        ResultsError(
                            .sync,
                            "\(file.name): fsync failed: \(error.reason); the last records may not be on disk"))
                }
            }
            state.withLock { $0.isSyncing = false }
            for report in waiting { report() }
        }
    }

    /// What there is to do; nil if there is nothing, or somebody else is at it, who will do this as well.
    private func begin() -> (isDirty: Bool, waiting: [@Sendable () -> Void])? {
        state.withLock { state in
            guard !state.isSyncing, state.isDue || !state.waiting.isEmpty else { return nil }
            defer {
                state.isSyncing = true
                state.isDue = false
                state.due = nil
                state.waiting = []
            }
            return (state.due != nil, state.waiting)
        }
    }
}
