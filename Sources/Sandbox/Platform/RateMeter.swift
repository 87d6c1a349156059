import JobModel

/// The most events in any second so far, seen through windows of 100 × 10 ms, which never overcount.
struct RateMeter {
    private static let bucketCount = 100
    private static let bucketLength: Int64 = 10_000_000

    private var buckets = [Int32](repeating: 0, count: bucketCount)
    private var current: Int64 = .min
    private var sum = 0
    private(set) var peak = 0

    mutating func record(at now: MonotonicInstant) {
        let bucket = now.nanoseconds / Self.bucketLength
        if bucket > current {
            let passed = current == .min ? Int64(Self.bucketCount) : min(bucket - current, Int64(Self.bucketCount))
            for offset in 0..<passed {
                let index = Self.index(bucket - offset)
                sum -= Int(buckets[index])
                buckets[index] = 0
            }
            current = bucket
        }
        buckets[Self.index(current)] += 1
        sum += 1
        peak = max(peak, sum)
    }

    private static func index(_ bucket: Int64) -> Int {
        Int(bucket.magnitude % UInt64(bucketCount))
    }
}
