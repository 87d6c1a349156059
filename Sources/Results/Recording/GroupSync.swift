import JobModel
import Reactor
import Synchronization

/// Syncs a file on a queue of its own: at once when asked to, else a while after something was written.
///
/// One fsync serves everything that was written before it began: requests that arrive during one share the next.
final class GroupSync: Sendable {
    private let core: Core
    private let alarm: Alarm
    private let time: any TimeSource
    private let interval: Duration

    /// - Parameters:
    ///   - interval: how long data may stay unsynced before a sync begins.
    ///   - failure: where a failed sync is noted.
    init(
        file: ResultFile, operations: any FileOperations, interval: Duration, time: any TimeSource,
        failure: FirstFailure
    ) {
        let core = Core(file: file, operations: operations, failure: failure)
        self.core = core
        self.time = time
        self.interval = interval
        alarm = Alarm(queue: core.queue, time: time) { @Sendable in core.sync() }
    }

    /// Notes that data was written: it is synced within the interval.
    func wrote() {
        let arms = core.state.withLock { state in
            state.isDirty = true
            defer { state.isArmed = true }
            return !state.isArmed
        }
        if arms { alarm.arm(at: time.monotonicNow().advanced(by: interval)) }
    }

    /// Syncs what was written before, then reports, on the sync queue.
    func request(then report: @escaping @Sendable () -> Void) {
        let starts = core.state.withLock { state in
            state.waiting.append(report)
            return state.waiting.count == 1
        }
        if starts { core.queue.async { @Sendable [core] in core.sync() } }
    }

    /// What the alarm holds on to; it must not hold the alarm in turn.
    private final class Core: Sendable {
        struct State {
            var isDirty = false
            var isArmed = false
            var waiting: [@Sendable () -> Void] = []
        }

        let queue = SerialQueue(label: "fnrun.results.sync")
        let state = Mutex(State())
        private let file: ResultFile
        private let operations: any FileOperations
        private let failure: FirstFailure

        init(file: ResultFile, operations: any FileOperations, failure: FirstFailure) {
            self.file = file
            self.operations = operations
            self.failure = failure
        }

        func sync() {
            let (isDirty, waiting) = state.withLock { state in
                let taken = (state.isDirty, state.waiting)
                state = State()
                return taken
            }
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
            for report in waiting { report() }
        }
    }
}
