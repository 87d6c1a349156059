import JSONText
import JobModel

/// What `date`, `plus` and `minus` take as times.
enum TimeFilters {
    /// A time, an RFC 3339 string, a date such as `2026-11-22` (its midnight in UTC), or a number of seconds since the
    /// epoch.
    static func time(_ value: TemplateValue) throws(FilterFailure) -> Timestamp {
        switch value {
        case .time(let time):
            return try writable(time)
        case .json(.string(let text)):
            if let time = Timestamp(rfc3339: text) ?? midnight(text) { return try writable(time) }
        case .json(.number(let number)):
            let seconds = number.doubleValue
            guard abs(seconds) < 300_000_000_000 else { throw beyond }
            return try writable(Timestamp(microseconds: Int64((seconds * 1_000_000).rounded())))
        default: break
        }
        throw FilterFailure(
            message: "wants a time such as \"2026-11-22T01:15:00Z\" or a number of seconds, found \(value.excerpt)")
    }

    private static func midnight(_ text: String) -> Timestamp? {
        text.utf8.count == 10 ? Timestamp(rfc3339: text + "T00:00:00Z") : nil
    }

    static func shifted(
        _ value: TemplateValue, by duration: Duration, forward: Bool
    ) throws(FilterFailure) -> Timestamp {
        let time = try time(value)
        return try writable(forward ? time + duration : time - duration)
    }

    private static func writable(_ time: Timestamp) throws(FilterFailure) -> Timestamp {
        guard time.isWritable else { throw beyond }
        return time
    }

    private static var beyond: FilterFailure {
        FilterFailure(message: "the time is beyond the years 0000 to 9999; numbers are seconds, not milliseconds")
    }
}
