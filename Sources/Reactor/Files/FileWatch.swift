internal import Glibc
package import JobModel
import Synchronization

/// Calls a handler on a queue when files, or the files of a folder, have changed.
///
/// What the system reports (inotify(7)) is a hint only: when all has been quiet for a moment, the files are looked at,
/// and the handler is called if any of them is another than before. So it does not matter how a change is made, and
/// none is overlooked between two events: editors write a new file and rename it, Kubernetes swaps the link `..data`
/// that all files of a volume lead through, a folder may go and come back. Network file systems do not report what
/// other hosts do.
package final class FileWatch: Sendable {
    /// What the handler is told.
    package enum Event: Sendable, Hashable {
        /// Some of the files are others than before; or nobody knows, since more happened than the system could report.
        case changed
        /// Changes may go unnoticed from now on: why.
        case incomplete(String)
    }

    /// The paths, absolute.
    private let files: [String]
    private let folders: [String]
    private let isWatched: @Sendable (String) -> Bool
    private let debounce: Duration
    private let time: any TimeSource
    private let handler: @Sendable (Event) -> Void
    private let state: Mutex<State>

    /// What never grows quiet is looked at all the same, after so many times the quiet that is waited for.
    private static let patience = 10

    private struct State: ~Copyable {
        var inotify: Inotify
        var seen = FileSnapshot()
        /// Since when there are hints that were not followed up.
        var restlessSince: MonotonicInstant?
        var overflowed = false
        var problem: String?
        var alarm: Alarm?
        var watch: DescriptorWatch?

        init() throws(FileWatchError) {
            inotify = try Inotify()
        }
    }

    /// Returns when the files are being watched: a change afterwards is noticed.
    ///
    /// - Parameters:
    ///   - files: paths, of which none needs to exist.
    ///   - folders: paths of folders, whose entries count if `isWatched` takes their names; those below do not.
    ///   - queue: where `handler` runs.
    ///   - debounce: how long it must have been quiet before the files are looked at.
    /// - Throws: if the system has no inotify descriptor left.
    package init(
        files: [String], folders: [String] = [], named isWatched: @escaping @Sendable (String) -> Bool = { _ in true },
        queue: SerialQueue, debounce: Duration = .milliseconds(200), time: any TimeSource = SystemTimeSource(),
        handler: @escaping @Sendable (Event) -> Void
    ) throws(FileWatchError) {
        self.files = files.map(FileSnapshot.absolute)
        self.folders = folders.map(FileSnapshot.absolute)
        self.isWatched = isWatched
        self.debounce = debounce
        self.time = time
        self.handler = handler
        state = Mutex(try State())
        let alarm = Alarm(queue: queue, time: time) { @Sendable [weak self] in self?.settled() }
        let problem = state.withLock { state in
            let descriptor = state.inotify.descriptor
            state.alarm = alarm
            state.watch = DescriptorWatch(descriptor: descriptor, queue: queue) { @Sendable [weak self] in
                self?.readable()
            } onCancel: {
                close(descriptor)
            }
            state.seen = look(&state.inotify, problem: &state.problem)
            return state.problem
        }
        if let problem { queue.async { @Sendable in handler(.incomplete(problem)) } }
    }

    private func readable() {
        let now = time.monotonicNow()
        state.withLock { state in
            var isHint = false
            for event in state.inotify.read() {
                if event.has(IN_Q_OVERFLOW) { state.overflowed = true }
                isHint = matters(event, state.inotify.watches) || isHint
            }
            guard isHint else { return }
            let since = state.restlessSince ?? now
            state.restlessSince = since
            state.alarm?.arm(at: min(now.advanced(by: debounce), since.advanced(by: debounce * Self.patience)))
        }
    }

    private func matters(_ event: Inotify.Event, _ watches: [Int32: PathWalk.Interest]) -> Bool {
        if event.has(IN_Q_OVERFLOW) { return true }
        // What is left in the queue of a watch that was given up.
        guard let interest = watches[event.watch] else { return false }
        if event.name.isEmpty { return true }
        return interest.names.contains(event.name) || interest.includesContents && isWatched(event.name)
    }

    private func settled() {
        let (events, handler) = state.withLock { state in
            let problemBefore = state.problem
            state.restlessSince = nil
            let found = look(&state.inotify, problem: &state.problem)
            var events: [Event] = []
            if found != state.seen || state.overflowed { events.append(.changed) }
            if let problem = state.problem, problem != problemBefore { events.append(.incomplete(problem)) }
            state.seen = found
            state.overflowed = false
            return (events, self.handler)
        }
        for event in events { handler(event) }
    }

    /// Watches what the paths lead through now, and then takes down the states of the files: what changes while they
    /// are being taken down is reported.
    private func look(_ inotify: inout Inotify, problem: inout String?) -> FileSnapshot {
        var walk = PathWalk()
        var snapshot = FileSnapshot()
        // What changes between following the paths and watching them makes a second round, hardly ever a third.
        for _ in 0..<8 {
            var next = PathWalk()
            snapshot = FileSnapshot(files: files, folders: folders, named: isWatched, following: &next)
            if next == walk { break }
            problem = inotify.watch(next.folders)
            walk = next
        }
        return snapshot
    }
}
