package import JobModel
import Synchronization

/// A clock that stands still until it is moved.
package final class ManualTimeSource: TimeSource {
    private let state: Mutex<(monotonic: MonotonicInstant, wall: Timestamp)>

    package init(wall: Timestamp = Timestamp(seconds: 1_795_000_000)) {
        state = Mutex((MonotonicInstant(nanoseconds: 0), wall))
    }

    package func monotonicNow() -> MonotonicInstant { state.withLock { $0.monotonic } }
    package func wallNow() -> Timestamp { state.withLock { $0.wall } }

    /// Moves both clocks forward.
    package func advance(by duration: Duration) {
        state.withLock {
            $0.monotonic = $0.monotonic.advanced(by: duration)
            $0.wall = $0.wall + duration
        }
    }

    /// Steps the wall clock alone, as NTP or an administrator does.
    package func stepWall(by duration: Duration) {
        state.withLock { $0.wall = $0.wall + duration }
    }
}
