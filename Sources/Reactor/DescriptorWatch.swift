internal import Dispatch

/// Calls a handler on a queue whenever a file descriptor is readable (sockets, pipes, epoll, inotify).
///
/// The descriptor stays the owner's: it is closed by the owner, in `onCancel`, never before, since a descriptor number
/// may be reused at once.
package final class DescriptorWatch: Sendable {
    /// Dispatch sources may be used from any thread (dispatch_source_create(3)); the overlay does not say so.
    private nonisolated(unsafe) let source: any DispatchSourceRead

    package init(
        descriptor: Int32, queue: SerialQueue, onReadable: @escaping @Sendable () -> Void,
        onCancel: @escaping @Sendable () -> Void = {}
    ) {
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue.dispatchQueue)
        source.setEventHandler(handler: onReadable)
        source.setCancelHandler(handler: onCancel)
        source.activate()
    }

    deinit {
        source.cancel()
    }

    /// Ends watching; `onCancel` runs on the queue afterwards.
    package func cancel() {
        source.cancel()
    }
}
