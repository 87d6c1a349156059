import Foundation

/// RFC 3339 in UTC, as job files and the ledger have it.
enum TimeText {
    /// A time so many seconds from now, in whole seconds.
    static func fromNow(_ seconds: Double) -> String {
        Date(timeIntervalSinceNow: seconds).formatted(.iso8601)
    }

    /// Microseconds of Unix time; 0 for what is no such time.
    static func microseconds(_ text: String) -> Int {
        guard text.hasSuffix("Z"), let date = try? Date(text.prefix(19) + "Z", strategy: .iso8601) else { return 0 }
        let fraction = text.dropLast().dropFirst(20)
        return Int(date.timeIntervalSince1970) * 1_000_000 + (Int((fraction + "000000").prefix(6)) ?? 0)
    }
}
