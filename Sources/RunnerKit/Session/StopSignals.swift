internal import Glibc
internal import JobModel
internal import Reactor
internal import Synchronization

/// SIGINT, SIGTERM and SIGHUP: the first asks what is running to stop and drain, the second to abort. Of a daemon SIGHUP
/// asks for a reload. SIGUSR1 asks for a status line.
///
/// Both are watched from ``watch()`` on; runs come and go underneath.
final class StopSignals: Sendable {
    /// What can be stopped.
    struct Target: Sendable {
        var stop: @Sendable () -> Void
        var abort: @Sendable () -> Void
        /// How far it has come, in one line.
        var status: @Sendable () -> String
    }

    private struct State {
        var received: [Int32] = []
        var lastAt: MonotonicInstant?
        var target: Target?
        var watch: SignalWatch?
        var backstop: Alarm?
    }

    private let state = Mutex(State())
    private let console: Console
    private let notice: @Sendable (String) -> Void
    private let reload: (@Sendable () -> Void)?
    private let queue = SerialQueue(label: "fnrun.signals")
    /// Who reads stderr may let it wait, and must not keep signals from what they are for.
    private let telling = SerialQueue(label: "fnrun.signals.told")

    /// - Parameters:
    ///   - notice: tells people what a signal does; nil is a line on the console.
    ///   - reload: what SIGHUP does; nil stops, as the other signals do.
    init(
        console: Console, notice: (@Sendable (String) -> Void)? = nil, reload: (@Sendable () -> Void)? = nil
    ) {
        self.console = console
        self.notice = notice ?? { @Sendable in console.notice($0) }
        self.reload = reload
    }

    /// Watches from now on, in place of the default action.
    func watch() {
        let watch = SignalWatch([SIGINT, SIGTERM, SIGHUP, SIGUSR1], queue: queue) {
            @Sendable [weak self] number in
            self?.receive(number)
        }
        state.withLock { $0.watch = watch }
    }

    /// The status that the first signal asks for; nil if there was none.
    var status: ExitStatus? {
        state.withLock { $0.received.first }.map { $0 == SIGINT ? .interrupted : .terminated }
    }

    /// Hands the signals to what is running now; one that came before is passed on at once.
    func direct(to target: Target?) {
        let count = state.withLock { state in
            state.target = target
            // What came before there was anything to stop is now a request to drain.
            if target != nil, state.received.count == 1 { state.backstop = nil }
            return state.received.count
        }
        if count >= 1 { target?.stop() }
        if count >= 2 { target?.abort() }
    }

    private func receive(_ number: Int32) {
        guard number != SIGUSR1 else {
            let target = state.withLock { $0.target }
            return telling.async { @Sendable [console] in console.say(target?.status() ?? "nothing is running") }
        }
        if number == SIGHUP, let reload { return reload() }
        let now = SystemTimeSource().monotonicNow()
        let (count, target) = state.withLock { state -> (Int, Target?) in
            defer { state.lastAt = now }
            // One request may come as two signals: timeout(1) sends its own to the process and to its group.
            if let last = state.lastAt, now < last.advanced(by: Self.sameRequest) { return (0, nil) }
            state.received.append(number)
            return (state.received.count, state.target)
        }
        guard count > 0 else { return }
        let name = [SIGINT: "SIGINT", SIGHUP: "SIGHUP"][number] ?? "SIGTERM"
        if count > 1 || target == nil { exitSoon() }
        switch count {
        case 1:
            tell("\(name): nothing new is started; waiting for what is in flight (again to abort)")
            target?.stop()
        case 2:
            tell("\(name) again: aborting")
            target?.abort()
        default: break
        }
    }

    private func tell(_ text: String) {
        telling.async { @Sendable [notice] in notice(text) }
    }

    /// Ends the process a moment later if it has not ended by itself: whatever hangs then (a pipe that nobody reads, a
    /// dead file server) would hang for ever. What is on disk stays valid.
    private func exitSoon() {
        let status = status ?? .interrupted
        let alarm = Alarm(queue: queue) { @Sendable in _exit(status.rawValue) }
        alarm.arm(at: SystemTimeSource().monotonicNow().advanced(by: Self.patience))
        state.withLock { $0.backstop = $0.backstop ?? alarm }
    }

    private static let patience = Duration.seconds(2)
    /// Signals that follow one another so closely are one request.
    private static let sameRequest = Duration.milliseconds(2)
}
