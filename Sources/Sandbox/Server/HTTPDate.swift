import JobModel

/// Dates in headers: `Sun, 06 Nov 1994 08:49:37 GMT` (IMF-fixdate; RFC 9110, section 5.6.7).
enum HTTPDate {
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(_ time: Timestamp) -> String {
        let civil = CivilDateTime(secondsSinceEpoch: time.seconds)
        let clock = "\(pad(civil.hour)):\(pad(civil.minute)):\(pad(civil.second))"
        return "\(days[civil.weekday]), \(pad(civil.day)) \(months[civil.month - 1]) \(civil.year) \(clock) GMT"
    }

    private static func pad(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
