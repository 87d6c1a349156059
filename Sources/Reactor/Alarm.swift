internal import Dispatch
package import JobModel
import Synchronization

/// A timer that fires once for each time it is armed, on a queue.
///
/// Owned by one object: when that drops it, it will not fire again. The Dispatch source behind it is activated at
/// creation and never suspended, since dropping a suspended one ends the process.
package final class Alarm: Sendable {
    /// Dispatch sources may be used from any thread (dispatch_source_create(3)); the overlay does not say so.
    private nonisolated(unsafe) let source: any DispatchSourceTimer
    private let time: any TimeSource

    /// - Parameters:
    ///   - queue: where `handler` runs.
    ///   - time: what instants are measured against.
    package init(queue: SerialQueue, time: any TimeSource = SystemTimeSource(), handler: @escaping @Sendable () -> Void)
    {
        self.time = time
        source = DispatchSource.makeTimerSource(flags: .strict, queue: queue.dispatchQueue)
        source.setEventHandler(handler: handler)
        source.schedule(deadline: .distantFuture)
        source.activate()
    }

    deinit {
        source.cancel()
    }

    /// Fires at an instant, or at once if it has passed. Replaces what was armed before.
    package func arm(at instant: MonotonicInstant) {
        guard instant != .distantFuture else { return disarm() }
        let wait = Swift.max(0, time.monotonicNow().duration(to: instant).wholeNanoseconds)
        source.schedule(deadline: .now() + .nanoseconds(Int(clamping: wait)), leeway: .nanoseconds(0))
    }

    /// Forgets what was armed. A firing already under way may still arrive.
    package func disarm() {
        source.schedule(deadline: .distantFuture)
    }
}
