package import JobModel
import Reactor
import Synchronization

/// When what was written is to be synced, of all recordings of a process: one timer serves them all, since a timer for
/// each would cost a short run more than its records do.
package final class SyncSchedule: Sendable {
    private struct Entry {
        var due: MonotonicInstant
        var sync: @Sendable (_ horizon: MonotonicInstant) -> Void
    }

    private struct State {
        /// In no order: recordings are few, or short.
        var entries: [Entry] = []
        var armed = MonotonicInstant.distantFuture
        var alarm: Alarm?
    }

    /// What is due so soon after another is synced with it, so that the timer fires no more often than this.
    private static let slack = Duration.milliseconds(20)

    let time: any TimeSource
    private let queue = SerialQueue(label: "fnrun.results.schedule")
    private let state = Mutex(State())

    package init(time: any TimeSource = SystemTimeSource()) {
        self.time = time
        let alarm = Alarm(queue: queue, time: time) { @Sendable [weak self] in self?.fired() }
        state.withLock { $0.alarm = alarm }
    }

    /// Calls a closure once at an instant or a little before, on the schedule's queue: it must not block. It is told up to
    /// when what is due is to be synced now.
    func add(at due: MonotonicInstant, sync: @escaping @Sendable (_ horizon: MonotonicInstant) -> Void) {
        state.withLock { state in
            state.entries.append(Entry(due: due, sync: sync))
            arm(&state, for: due)
        }
    }

    private func fired() {
        let horizon = time.monotonicNow().advanced(by: Self.slack)
        let due = state.withLock { state in
            let due = state.entries.filter { $0.due <= horizon }
            state.entries.removeAll { $0.due <= horizon }
            state.armed = .distantFuture
            if let next = state.entries.map(\.due).min() { arm(&state, for: next) }
            return due
        }
        for entry in due { entry.sync(horizon) }
    }

    private func arm(_ state: inout State, for due: MonotonicInstant) {
        guard due < state.armed else { return }
        state.armed = due
        state.alarm?.arm(at: due)
    }
}
