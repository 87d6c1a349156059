package import JobModel

/// Keeps an outage from being multiplied: retries may be a fifth of the attempts of the last minute, and ten in any
/// second whatever the attempts.
package struct RetryBudget: Sendable {
    private static let span = 60
    private static let floor = 10
    private static let second: Int64 = 1_000_000_000

    /// One bucket a second; the sums are kept beside them.
    private var attemptBuckets = [Int](repeating: 0, count: span)
    private var retryBuckets = [Int](repeating: 0, count: span)
    private var attempts = 0
    private var retries = 0
    private var current: Int64 = 0
    /// The starts of the last ten retries, the oldest at ``oldest``.
    private var recent = [Int64](repeating: -2 * second, count: floor)
    private var oldest = 0

    package init() {}

    /// Whether one more retry is within the budget.
    package mutating func allowsRetry(at now: MonotonicInstant) -> Bool {
        if now.nanoseconds - recent[oldest] >= Self.second { return true }
        roll(to: now)
        return (retries + 1) * 5 <= attempts + 1
    }

    /// When the floor allows the next retry. Further attempts may allow it before.
    package var nextAllowed: MonotonicInstant {
        MonotonicInstant(nanoseconds: recent[oldest] + Self.second)
    }

    /// Notes the start of an attempt.
    package mutating func started(isRetry: Bool, at now: MonotonicInstant) {
        roll(to: now)
        let bucket = Int(current % Int64(Self.span))
        attemptBuckets[bucket] += 1
        attempts += 1
        guard isRetry else { return }
        retryBuckets[bucket] += 1
        retries += 1
        recent[oldest] = now.nanoseconds
        oldest = (oldest + 1) % Self.floor
    }

    /// Empties the buckets of the seconds that have passed since the last call.
    private mutating func roll(to now: MonotonicInstant) {
        let target = now.nanoseconds / Self.second
        guard target > current else { return }
        for step in 0..<Swift.min(target - current, Int64(Self.span)) {
            let bucket = Int((target - step) % Int64(Self.span))
            attempts -= attemptBuckets[bucket]
            retries -= retryBuckets[bucket]
            attemptBuckets[bucket] = 0
            retryBuckets[bucket] = 0
        }
        current = target
    }
}
