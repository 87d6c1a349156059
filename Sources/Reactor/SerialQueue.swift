internal import Dispatch

/// A serial Dispatch queue: carries out work one piece after another, in the order of submission.
///
/// It is also an executor, so that an actor can live on it beside callbacks of the same queue.
package final class SerialQueue: SerialExecutor, Sendable {
    /// The queue itself, for Dispatch sources.
    let dispatchQueue: DispatchQueue

    /// - Parameters:
    ///   - label: shown by debuggers and in thread names, such as `fnrun.decisions`.
    ///   - target: carries out this queue's work among its own, one piece at a time: what one of the two hands to the
    ///     other needs no other thread to be woken.
    package init(label: String, on target: SerialQueue? = nil) {
        dispatchQueue = DispatchQueue(label: label, target: target?.dispatchQueue)
    }

    /// Carries out work later, after everything submitted before.
    package func async(_ work: @escaping @Sendable () -> Void) {
        dispatchQueue.async(execute: work)
    }

    /// Carries out work and waits for it. Never from this queue itself: that would wait for ever.
    package func sync<Value>(_ work: () throws -> Value) rethrows -> Value {
        try dispatchQueue.sync(execute: work)
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
