internal import JobModel

/// Requests to one lambda in each hour of a simulation.
struct HourlyRequests: Sendable {
    private(set) var total = 0
    /// By hours since the epoch.
    private(set) var hours: [Int64: Int] = [:]

    private static let hour: Int64 = 3_600_000_000

    /// Spreads the requests of a run evenly over the time that it takes.
    mutating func add(_ count: Int, from start: Timestamp, for duration: Duration) {
        total += count
        let begin = start.microseconds
        let length = Swift.max(1, duration.wholeMicroseconds)
        let first = begin.flooredDivision(by: Self.hour)
        let last = (begin + length - 1).flooredDivision(by: Self.hour)
        guard first != last else {
            hours[first, default: 0] += count
            return
        }
        var given = 0
        for hour in first...last {
            let until = Swift.min((hour + 1) * Self.hour, begin + length)
            let due = hour == last ? count : Int(Double(count) * Double(until - begin) / Double(length))
            hours[hour, default: 0] += due - given
            given = due
        }
    }

    /// The first hour with the most requests.
    var busiest: (hour: Timestamp, requests: Int)? {
        hours.max { ($0.value, $1.key) < ($1.value, $0.key) }.map { (Self.start(of: $0.key), $0.value) }
    }

    /// In order of time, those without requests left out.
    var inOrder: [(hour: Timestamp, requests: Int)] {
        hours.sorted { $0.key < $1.key }.map { (Self.start(of: $0.key), $0.value) }
    }

    private static func start(of hour: Int64) -> Timestamp { Timestamp(microseconds: hour * Self.hour) }
}
