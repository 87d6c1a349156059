import Dispatch
import Results
import Synchronization

/// The system's calls, counted; scripted ones fail or take less.
final class ScriptedFileOperations: FileOperations {
    enum Step: Sendable {
        /// Takes at most so many bytes.
        case take(Int)
        case fail(Int32)
    }

    struct Log: Sendable {
        var writes = 0
        var waits = 0
        var syncs = 0
        var truncations: [Int64] = []
    }

    private struct State {
        var log = Log()
        var steps: [Step]
        var syncErrors: [Int32]
    }

    private let system = SystemFileOperations()
    private let state: Mutex<State>
    /// One element for each sync that has begun.
    let syncs: AsyncStream<Int>
    private let syncBegan: AsyncStream<Int>.Continuation
    /// Where syncs wait, if the test holds them.
    private let gate: DispatchSemaphore?

    init(_ steps: [Step] = [], syncErrors: [Int32] = [], gate: DispatchSemaphore? = nil) {
        state = Mutex(State(steps: steps, syncErrors: syncErrors))
        (syncs, syncBegan) = AsyncStream.makeStream()
        self.gate = gate
    }

    var log: Log { state.withLock { $0.log } }

    func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws(SystemError) -> Int {
        let step: Step? = state.withLock { state in
            state.log.writes += 1
            return state.steps.isEmpty ? nil : state.steps.removeFirst()
        }
        switch step {
        case nil: return try system.write(bytes, to: descriptor)
        case .take(let count):
            return try system.write(UnsafeRawBufferPointer(rebasing: bytes.prefix(count)), to: descriptor)
        case .fail(let number): throw SystemError(number: number)
        }
    }

    func waitUntilWritable(_ descriptor: Int32) {
        state.withLock { $0.log.waits += 1 }
    }

    func sync(_ descriptor: Int32) throws(SystemError) {
        let (number, error) = state.withLock { state in
            state.log.syncs += 1
            return (state.log.syncs, state.syncErrors.isEmpty ? nil : state.syncErrors.removeFirst())
        }
        syncBegan.yield(number)
        gate?.wait()
        if let error { throw SystemError(number: error) }
        try system.sync(descriptor)
    }

    func truncate(_ descriptor: Int32, to length: Int64) throws(SystemError) {
        state.withLock { $0.log.truncations.append(length) }
        try system.truncate(descriptor, to: length)
    }
}
