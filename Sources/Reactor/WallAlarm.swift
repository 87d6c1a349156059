internal import Dispatch
package import JobModel
import Synchronization

/// Calls a handler on a queue at a time of the wall clock, and besides at regular looks.
///
/// The handler reads the clock, does what is due, and arms the alarm with what comes next. Looks are there for a clock
/// that was set and a machine that was suspended: they are counted on a clock that nobody can set, and each one measures
/// the way to the due time anew. Between looks the system watches the wall clock, so that slewing it moves the alarm.
package final class WallAlarm: Sendable {
    /// Dispatch sources may be used from any thread (dispatch_source_create(3)); the overlay does not say so.
    private nonisolated(unsafe) let timer: any DispatchSourceTimer
    private nonisolated(unsafe) let looks: any DispatchSourceTimer
    private let time: any TimeSource
    private let handler: @Sendable () -> Void
    private let due = Mutex<Timestamp?>(nil)

    /// Farther away than this, a time is approached in steps: no timer is armed with what it cannot hold.
    private static let longestWait = Duration.seconds(3600)

    /// - Parameters:
    ///   - queue: where `handler` runs.
    ///   - time: what times are measured against.
    ///   - look: how often `handler` is called whether or not anything is due; at least 1 ms.
    package init(
        queue: SerialQueue, time: any TimeSource = SystemTimeSource(), look: Duration = .seconds(1),
        handler: @escaping @Sendable () -> Void
    ) {
        self.time = time
        self.handler = handler
        timer = DispatchSource.makeTimerSource(flags: .strict, queue: queue.dispatchQueue)
        looks = DispatchSource.makeTimerSource(flags: .strict, queue: queue.dispatchQueue)
        timer.setEventHandler { @Sendable [weak self] in self?.fired() }
        looks.setEventHandler { @Sendable [weak self] in self?.looked() }
        timer.schedule(wallDeadline: .distantFuture)
        let interval = Int(clamping: Swift.max(look, .milliseconds(1)).wholeNanoseconds)
        looks.schedule(
            deadline: .now() + .nanoseconds(interval), repeating: .nanoseconds(interval), leeway: .nanoseconds(0))
        timer.activate()
        looks.activate()
    }

    deinit {
        timer.cancel()
        looks.cancel()
    }

    /// Calls the handler once at a time, or at once if it has passed. Replaces what was armed before; nil forgets it.
    package func arm(at time: Timestamp?) {
        due.withLock { due in
            due = time
            schedule(time)
        }
    }

    /// The timer fires early where a time is farther away than ``longestWait``, or if the clock was set back.
    private func fired() {
        let isDue = due.withLock { due in
            if takeIfDue(&due) { return true }
            schedule(due)
            return false
        }
        if isDue { handler() }
    }

    private func looked() {
        due.withLock { due in _ = takeIfDue(&due) }
        handler()
        due.withLock { schedule($0) }
    }

    private func takeIfDue(_ due: inout Timestamp?) -> Bool {
        guard let time = due, time <= self.time.wallNow() else { return false }
        due = nil
        return true
    }

    private func schedule(_ due: Timestamp?) {
        guard let due else { return timer.schedule(wallDeadline: .distantFuture) }
        let wait = Swift.min(Swift.max(.zero, due - time.wallNow()), Self.longestWait)
        timer.schedule(wallDeadline: .now() + .nanoseconds(Int(wait.wholeNanoseconds)), leeway: .nanoseconds(0))
    }
}
