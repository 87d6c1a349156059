package import JobModel

/// A day of the proleptic Gregorian calendar.
package struct CivilDate: Sendable, Hashable, Comparable {
    /// 1970-01-01 is 0.
    package var daysSinceEpoch: Int64

    /// Nil for a day that does not exist; years are 0 to 9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (0...9999).contains(year), (1...12).contains(month),
            (1...CivilDateTime.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        daysSinceEpoch = CivilDateTime(year: year, month: month, day: day).daysSinceEpoch
    }

    /// Reads an RFC 3339 `full-date`, such as `2026-12-24`; nil for anything else and days that do not exist.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8.prefix(11))
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].reduce(Int?.some(0)) { value, byte in
                guard let value, (48...57).contains(byte) else { return nil }
                return value * 10 + Int(byte - 48)
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The date of a date and time.
    package init(_ civil: CivilDateTime) {
        daysSinceEpoch = civil.daysSinceEpoch
    }

    package static func < (left: CivilDate, right: CivilDate) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }
}
