import JobModel

/// Reads the three forms of an HTTP date (RFC 9110, section 5.6.7).
enum HTTPDate {
    /// - Parameter now: decides the century of a two-digit year: one that would be more than 50 years ahead is past.
    static func read(_ text: String, now: Timestamp) -> Timestamp? {
        let separators: [Character] = [" ", ",", "-"]
        let words = text.split { separators.contains($0) }
        // Sun, 06 Nov 1994 08:49:37 GMT | Sunday, 06-Nov-94 08:49:37 GMT | Sun Nov  6 08:49:37 1994
        if words.count == 6, words[5] == "GMT" || words[5] == "UTC" {
            return date(weekday: words[0], day: words[1], month: words[2], year: words[3], time: words[4], now: now)
        }
        if words.count == 5 {
            return date(weekday: words[0], day: words[2], month: words[1], year: words[4], time: words[3], now: now)
        }
        return nil
    }

    private static let weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    private static func date(
        weekday: Substring, day: Substring, month: Substring, year: Substring, time: Substring, now: Timestamp
    ) -> Timestamp? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard weekdays.contains(weekday.prefix(3).lowercased()),
            let month = months.firstIndex(of: month.lowercased()).map({ $0 + 1 }),
            let day = number(day, digits: 1...2), clock.count == 3,
            let hour = number(clock[0], digits: 2...2), hour < 24,
            let minute = number(clock[1], digits: 2...2), minute < 60,
            let second = number(clock[2], digits: 2...2), second <= 60,
            let year = fullYear(year, now: now), (1...CivilDateTime.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        let civil = CivilDateTime(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
        return Timestamp(seconds: civil.secondsSinceEpoch)
    }

    private static func fullYear(_ text: Substring, now: Timestamp) -> Int? {
        guard let value = number(text, digits: 2...4) else { return nil }
        switch text.utf8.count {
        case 4: return value
        case 2:
            let thisYear = CivilDateTime(secondsSinceEpoch: now.seconds).year
            let guess = thisYear - thisYear % 100 + value
            return guess > thisYear + 50 ? guess - 100 : guess
        default: return nil
        }
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
