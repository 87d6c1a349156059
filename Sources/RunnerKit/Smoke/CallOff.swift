internal import Synchronization

/// Stops the run under way when a case has failed, if that is wanted: `--fail-fast`.
final class CallOff: Sendable {
    private struct State {
        var isCalledOff = false
        var stop: (@Sendable () -> Void)?
    }

    private let isWanted: Bool
    private let state = Mutex(State())

    init(isWanted: Bool) {
        self.isWanted = isWanted
    }

    var isCalledOff: Bool { state.withLock { $0.isCalledOff } }

    /// A case has failed for good.
    func failed() {
        guard isWanted else { return }
        let stop = state.withLock { state in
            defer { state.isCalledOff = true }
            return state.isCalledOff ? nil : state.stop
        }
        stop?()
    }

    /// Names what is to be stopped; nil if nothing runs.
    func direct(to stop: (@Sendable () -> Void)?) {
        let isLate = state.withLock { state in
            state.stop = stop
            return state.isCalledOff
        }
        if isLate { stop?() }
    }
}
