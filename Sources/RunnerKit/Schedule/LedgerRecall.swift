internal import JobModel
internal import Ledger
internal import Logging
internal import Reactor
internal import Synchronization

/// Reads again and again how jobs have fared, in earlier processes and in others that share the ledger, for status pages
/// and metrics; beside what the scheduler writes, on a connection of its own.
final class LedgerRecall: Sendable {
    /// Between two looks; of a large ledger longer, so that they take less than a hundredth of the time.
    private static let interval = Duration.seconds(30)

    private struct State {
        var ledger: SQLiteLedger?
        var alarm: Alarm?
        var hasFailed = false
    }

    private let directory: StateDirectory
    private let clock: LedgerClock
    private let journal: ScheduleJournal
    private let logger: Logger
    private let queue = SerialQueue(label: "fnrun.recall")
    private let state = Mutex(State())

    init(of directory: StateDirectory, clock: LedgerClock, journal: ScheduleJournal, logger: Logger) {
        self.directory = directory
        self.clock = clock
        self.journal = journal
        self.logger = logger
    }

    /// Looks now, and from then on until it is let go of.
    func start() {
        let alarm = Alarm(queue: queue, time: clock.time) { @Sendable [weak self] in self?.look() }
        state.withLock { $0.alarm = alarm }
        queue.async { @Sendable [weak self] in self?.look() }
    }

    private func look() {
        let began = clock.time.monotonicNow()
        do throws(LedgerError) {
            let known = state.withLock { $0.ledger }
            let ledger = if let known { known } else { try SQLiteLedger.openForReading(directory: directory.path) }
            journal.recall(try ledger?.latestOutcomes(at: clock.now) ?? [])
            state.withLock { state in
                state.ledger = ledger
                state.hasFailed = false
            }
        } catch {
            let isNew = state.withLock { state in
                defer { state.hasFailed = true }
                state.ledger = nil
                return !state.hasFailed
            }
            if isNew { logger.warning("how jobs fared before is not known: \(error.message)") }
        }
        let now = clock.time.monotonicNow()
        let pause = max(Self.interval, began.duration(to: now) * 100)
        state.withLock { $0.alarm }?.arm(at: now.advanced(by: pause))
    }
}
