import JobModel

/// How many durations fell below each of some bounds: what a Prometheus histogram is made of.
package struct DurationHistogram: Sendable, Hashable {
    /// Upper bounds, inclusive, ascending.
    package let bounds: [Duration]
    /// Durations in each bucket alone; the last is beyond all bounds.
    package private(set) var counts: [Int]
    /// Microseconds.
    package private(set) var sum: Int64 = 0

    private let limits: [Int64]

    /// - Parameter bounds: ascending.
    package init(bounds: [Duration]) {
        self.bounds = bounds
        limits = bounds.map(\.wholeMicroseconds)
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// For the time from when a run was to start to when it did: from a scheduler's milliseconds to a catch-up of days.
    package static let lateness = DurationHistogram(bounds: [
        .milliseconds(1), .milliseconds(2), .milliseconds(5), .milliseconds(10), .milliseconds(25), .milliseconds(50),
        .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1), .milliseconds(2500), .seconds(5),
        .seconds(10), .seconds(60), .seconds(600), .seconds(3600), .seconds(86_400),
    ])

    /// For a transaction, its sync included: from that of a fast disk to one that has stalled.
    package static let ledgerWrite = DurationHistogram(bounds: [
        .microseconds(250), .microseconds(500), .milliseconds(1), .milliseconds(2), .milliseconds(5), .milliseconds(10),
        .milliseconds(25), .milliseconds(50), .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1),
        .milliseconds(2500), .seconds(5), .seconds(10),
    ])

    package var count: Int { counts.reduce(0, +) }

    /// A negative duration counts as zero.
    package mutating func record(_ duration: Duration) {
        let microseconds = max(0, duration.wholeMicroseconds)
        var bucket = 0
        while bucket < limits.count, limits[bucket] < microseconds { bucket += 1 }
        counts[bucket] += 1
        sum = sum.addingReportingOverflow(microseconds).overflow ? .max : sum + microseconds
    }
}
