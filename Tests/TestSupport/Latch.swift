import Glibc
import Synchronization

/// Opens once; threads wait for it, at most ten seconds, so that no test hangs.
package final class Latch: Sendable {
    private let count: Countdown

    package init() {
        count = Countdown()
        count.add()
    }

    package func open() { count.finish() }

    /// - Returns: whether it was opened.
    @discardableResult
    package func wait() -> Bool { count.waitUntilZero() }
}

/// A number of things under way; threads wait until there is none, at most ten seconds.
package final class Countdown: @unchecked Sendable {  // the number is touched under the mutex alone
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var number = 0

    package init(_ number: Int = 0) {
        self.number = number
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    package func add() {
        pthread_mutex_lock(mutex)
        number += 1
        pthread_mutex_unlock(mutex)
    }

    package func finish() {
        pthread_mutex_lock(mutex)
        number -= 1
        if number <= 0 { pthread_cond_broadcast(condition) }
        pthread_mutex_unlock(mutex)
    }

    /// - Returns: whether there is none any more.
    package func waitUntilZero() -> Bool {
        var limit = timespec()
        clock_gettime(CLOCK_REALTIME, &limit)
        limit.tv_sec += 10
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while number > 0 {
            if pthread_cond_timedwait(condition, mutex, &limit) != 0 { break }
        }
        return number <= 0
    }
}
