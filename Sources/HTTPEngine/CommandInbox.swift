import JobModel
import Synchronization

/// What others ask of a reactor, and how to get its attention: a reactor that is at work looks by itself.
final class CommandInbox: Sendable {
    enum Command: Sendable {
        case start(TransferBatch)
        case cancelAll(of: any HTTPReceiver)
    }

    /// What the one who puts something in has to do.
    enum Wake: Sendable {
        case nothing
        /// Have the reactor take a turn on its queue.
        case schedule
        /// End the reactor's wait for sockets.
        case ring
    }

    private enum Attention: Sendable {
        case asleep
        case scheduled
        case awake
        case lingering
    }

    private struct State: Sendable {
        var commands: [Command] = []
        var attention = Attention.asleep
        var isClosing = false

        mutating func wake() -> Wake {
            switch attention {
            case .asleep:
                attention = .scheduled
                return .schedule
            case .lingering:
                attention = .awake
                return .ring
            case .scheduled, .awake:
                return .nothing
            }
        }
    }

    private let state = Mutex(State())

    func put(_ command: Command) -> Wake {
        state.withLock {
            $0.commands.append(command)
            return $0.wake()
        }
    }

    /// From now on the reactor does not linger, so that it gets to closing.
    func close() -> Wake {
        state.withLock {
            $0.isClosing = true
            return $0.attention == .lingering ? $0.wake() : .nothing
        }
    }

    var isClosing: Bool { state.withLock { $0.isClosing } }

    func beginTurn() {
        state.withLock { $0.attention = .awake }
    }

    /// Everything that was put in, in order.
    func take() -> [Command] {
        state.withLock { state in
            guard !state.commands.isEmpty else { return [] }
            let commands = state.commands
            state.commands = []
            return commands
        }
    }

    /// - Returns: whether the reactor may wait for its sockets now; it is woken by ``Wake/ring``.
    func beginLingering() -> Bool {
        state.withLock {
            guard $0.commands.isEmpty, !$0.isClosing else { return false }
            $0.attention = .lingering
            return true
        }
    }

    func endLingering() {
        state.withLock { $0.attention = .awake }
    }

    /// - Returns: whether the turn is over; if not, something was put in.
    func endTurn() -> Bool {
        state.withLock {
            guard $0.commands.isEmpty else { return false }
            $0.attention = .asleep
            return true
        }
    }
}
