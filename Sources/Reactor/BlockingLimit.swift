internal import Dispatch

/// At most so many pieces of work under way at a time: whoever would begin one more waits on its thread.
///
/// All that was begun has to end before the last reference goes.
package final class BlockingLimit: Sendable {
    private let semaphore: DispatchSemaphore

    package init(_ most: Int) {
        semaphore = DispatchSemaphore(value: most)
    }

    package func begin() { semaphore.wait() }

    package func end() { semaphore.signal() }
}
