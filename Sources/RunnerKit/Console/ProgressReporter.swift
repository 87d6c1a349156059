internal import Execution
internal import JobModel
internal import Reactor
internal import Results
internal import Synchronization

/// Shows how far a run has come: a live line on a terminal, elsewhere a line every ten seconds.
final class ProgressReporter: Sendable {
    private struct State {
        var alarm: Alarm?
        var last: (done: Int, at: MonotonicInstant)
        var perSecond = 0.0
    }

    private static let liveInterval = Duration.milliseconds(200)
    private static let plainInterval = Duration.seconds(10)

    private let console: Console
    private let isLive: Bool
    private let time: any TimeSource
    private let snapshot: @Sendable () -> ProgressSnapshot
    private let queue = SerialQueue(label: "fnrun.progress")
    private let state: Mutex<State>

    /// - Parameter snapshot: how far it has come, without a rate.
    init(
        console: Console, progress: RunSettings.Progress, time: any TimeSource,
        snapshot: @escaping @Sendable () -> ProgressSnapshot
    ) {
        self.console = console
        self.time = time
        self.snapshot = snapshot
        isLive = progress == .auto && console.isTerminal
        let now = time.monotonicNow()
        // What earlier runs have done is no part of this one's rate.
        state = Mutex(State(last: (snapshot().done, now)))
        guard progress != .none else { return }
        let alarm = Alarm(queue: queue, time: time) { @Sendable [weak self] in self?.show() }
        state.withLock { state in
            state.alarm = alarm
            arm(&state, at: now)
        }
    }

    /// Shows nothing further and takes the live line away.
    func end() {
        state.withLock { $0.alarm = nil }
        queue.sync {}
        console.showLiveLine("")
    }

    private func show() {
        var snapshot = snapshot()
        let now = time.monotonicNow()
        let isOn = state.withLock { state in
            let seconds = state.last.at.duration(to: now).milliseconds / 1000
            if seconds > 0 {
                let latest = Double(snapshot.done - state.last.done) / seconds
                // Smoothed: the rate of the last few seconds.
                let weight = Swift.min(1, seconds / 3)
                state.perSecond = state.perSecond == 0 ? latest : state.perSecond * (1 - weight) + latest * weight
            }
            state.last = (snapshot.done, now)
            snapshot.perSecond = state.perSecond
            arm(&state, at: now)
            return state.alarm != nil
        }
        guard isOn else { return }
        if isLive {
            console.showLiveLine(ProgressLine.live(snapshot, width: console.width - 1))
        } else {
            console.notice(ProgressLine.plain(snapshot))
        }
    }

    private func arm(_ state: inout State, at now: MonotonicInstant) {
        state.alarm?.arm(at: now.advanced(by: isLive ? Self.liveInterval : Self.plainInterval))
    }
}
