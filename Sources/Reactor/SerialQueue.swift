internal import Dispatch

/// A serial Dispatch queue: carries out work one piece after another, in the order of submission.
///
/// It is also an executor, so that an actor can live on it beside callbacks of the same queue.
package final class SerialQueue: SerialExecutor, Sendable {
    /// The queue itself, for Dispatch sources.
    let dispatchQueue: DispatchQueue
    private let marker: DispatchSpecificKey<ObjectIdentifier>

    /// - Parameter label: shown by debuggers and in thread names, such as `fnrun.decisions`.
    package init(label: String) {
        dispatchQueue = DispatchQueue(label: label)
        marker = DispatchSpecificKey()
        dispatchQueue.setSpecific(key: marker, value: ObjectIdentifier(self))
    }

    /// Carries out work later, after everything submitted before.
    package func async(_ work: @escaping @Sendable () -> Void) {
        dispatchQueue.async(execute: work)
    }

    /// Carries out work and waits for it. Never from this queue itself: that would wait for ever.
    package func sync<Value>(_ work: () throws -> Value) rethrows -> Value {
        try dispatchQueue.sync(execute: work)
    }

    /// Whether the caller runs on this queue.
    package var isCurrent: Bool {
        DispatchQueue.getSpecific(key: marker) == ObjectIdentifier(self)
    }

    /// Stops the process if the caller does not run on this queue: a fault of ours, which no input can reach.
    package func preconditionIsCurrent() {
        dispatchPrecondition(condition: .onQueue(dispatchQueue))
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        dispatchQueue.async { @Sendable [self] in
            unowned.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    package func checkIsolated() {
        preconditionIsCurrent()
    }
}
