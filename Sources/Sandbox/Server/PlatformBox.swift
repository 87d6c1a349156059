import Synchronization

/// Hands the platform to connections: it is made when the port is known, after the listener that makes them.
final class PlatformBox: Sendable {
    private let state = Mutex<LocalPlatform?>(nil)

    var value: LocalPlatform? { state.withLock { $0 } }

    func set(_ platform: LocalPlatform) {
        state.withLock { $0 = platform }
    }
}
