internal import Dispatch

/// Delivers signals of the process to a handler on a queue, in place of their default action.
///
/// On Linux libdispatch installs a handler of its own for a watched signal: setting `SIG_IGN` as on Darwin would
/// throw the signals away.
package final class SignalWatch: Sendable {
    /// Dispatch sources may be used from any thread (dispatch_source_create(3)); the overlay does not say so.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    /// Returns when the signals are being watched, so that none that arrives afterwards is missed.
    ///
    /// - Parameters:
    ///   - signals: numbers such as `SIGTERM`.
    ///   - queue: where `handler` runs; never the queue of the caller.
    ///   - handler: gets the number of each signal that arrives.
    package init(_ signals: [Int32], queue: SerialQueue, handler: @escaping @Sendable (Int32) -> Void) {
        let registered = DispatchGroup()
        sources = signals.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue.dispatchQueue)
            source.setEventHandler { @Sendable in handler(number) }
            registered.enter()
            source.setRegistrationHandler { @Sendable in registered.leave() }
            source.activate()
            return source
        }
        registered.wait()
    }

    deinit {
        for source in sources { source.cancel() }
    }
}
