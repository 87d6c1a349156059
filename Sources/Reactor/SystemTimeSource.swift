internal import Glibc
package import JobModel

/// The system's clocks: `CLOCK_BOOTTIME`, which runs through suspend, and `CLOCK_REALTIME` (clock_gettime(2)).
package struct SystemTimeSource: TimeSource {
    package init() {}

    package func monotonicNow() -> MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package func wallNow() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
