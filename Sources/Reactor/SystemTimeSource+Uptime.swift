internal import Glibc

extension SystemTimeSource {
    /// Microseconds on `CLOCK_MONOTONIC`, which stands still during suspend: the clock that a service manager wants to
    /// be told of (`MONOTONIC_USEC=`, sd_notify(3)), and which is not that of ``monotonicNow()``.
    package func uptimeMicroseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
}
