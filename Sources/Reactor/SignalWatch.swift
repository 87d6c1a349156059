internal import Dispatch
internal import Glibc

/// Delivers signals of the process to a handler on a queue, in place of their default action.
package final class SignalWatch: Sendable {
    /// Dispatch sources may be used from any thread (dispatch_source_create(3)); the overlay does not say so.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    /// - Parameters:
    ///   - signals: numbers such as `SIGTERM`; their default action is switched off for the rest of the process.
    ///   - handler: gets the number of each signal that arrives.
    package init(_ signals: [Int32], queue: SerialQueue, handler: @escaping @Sendable (Int32) -> Void) {
        sources = signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue.dispatchQueue)
            source.setEventHandler { @Sendable in handler(number) }
            source.activate()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
