import JobModel

/// The rule for all years that a POSIX `TZ` string gives (POSIX.1-2024, 8.3 "Other Environment Variables"), with the
/// extension of RFC 9636, 3.3.1: times of day from -167 to 167 hours. It is the footer of TZif files.
struct PosixTimeZone: Sendable, Hashable {
    var standard: LocalTimeType
    /// Nil in zones without daylight saving time.
    var daylight: Daylight?

    struct Daylight: Sendable, Hashable {
        var type: LocalTimeType
        /// In standard time.
        var start: YearlyTime
        /// In daylight saving time.
        var end: YearlyTime
    }

    /// A day of each year and a time on it.
    struct YearlyTime: Sendable, Hashable {
        enum Day: Sendable, Hashable {
            /// `Mm.w.d`: weekday d (0 is Sunday) of week w (5 is the last) of month m.
            case weekday(month: Int, week: Int, weekday: Int)
            /// `Jn`: 1 to 365, 29 February is never counted.
            case julian(Int)
            /// `n`: 0 to 365, 29 February is counted.
            case dayOfYear(Int)
        }

        var day: Day
        /// Seconds from midnight, -167 h to 167 h.
        var time: Int

        /// In local seconds since the epoch.
        func localSeconds(inYear year: Int) -> Int64 {
            let days: Int64
            switch day {
            case .weekday(let month, let week, let weekday):
                let first = CivilDateTime(year: year, month: month, day: 1)
                var dayOfMonth = 1 + (weekday - first.weekday + 7) % 7 + (week - 1) * 7
                if dayOfMonth > CivilDateTime.days(inMonth: month, of: year) { dayOfMonth -= 7 }
                days = first.daysSinceEpoch + Int64(dayOfMonth - 1)
            case .julian(let number):
                let leapDay = number > 59 && CivilDateTime.days(inMonth: 2, of: year) == 29 ? 1 : 0
                days = CivilDateTime(year: year, month: 1, day: 1).daysSinceEpoch + Int64(number - 1 + leapDay)
            case .dayOfYear(let number):
                days = CivilDateTime(year: year, month: 1, day: 1).daysSinceEpoch + Int64(number)
            }
            return days * 86_400 + Int64(time)
        }
    }

    /// A change of the clocks; where two coincide, the start of daylight saving time is the one that counts: a rule
    /// whose end is the next year's start means daylight saving time all year.
    typealias Change = (at: Int64, toDaylight: Bool)

    /// The changes that belong to a year; by their offsets they may lie a few days outside it. The end comes first.
    private func changes(ofYear year: Int, _ rule: Daylight) -> (end: Change, start: Change) {
        (
            (rule.end.localSeconds(inYear: year) - Int64(rule.type.secondsEast), false),
            (rule.start.localSeconds(inYear: year) - Int64(standard.secondsEast), true)
        )
    }

    private func year(at seconds: Int64) -> Int {
        CivilDateTime(secondsSinceEpoch: seconds + Int64(standard.secondsEast)).year
    }

    /// The last change at or before a time, in seconds since the epoch; nil without daylight saving time.
    func lastChange(at seconds: Int64) -> Change? {
        guard let daylight else { return nil }
        let year = year(at: seconds)
        var last: Change = (.min, false)
        // A time of up to 167 hours carries a change up to a week into the next year, and back as well.
        for candidate in (year - 2)...(year + 1) {
            let (end, start) = changes(ofYear: candidate, daylight)
            if end.at <= seconds, end.at > last.at { last = end }
            if start.at <= seconds, start.at >= last.at { last = start }
        }
        return last
    }

    func type(at seconds: Int64) -> LocalTimeType {
        guard let daylight, let change = lastChange(at: seconds), change.toDaylight else { return standard }
        return daylight.type
    }

    /// Instants at which something may change, in order, from two years before a time to two years after it.
    func changeInstants(around seconds: Int64) -> [Int64] {
        guard let daylight else { return [] }
        let year = year(at: seconds)
        var instants: [Int64] = []
        for candidate in (year - 2)...(year + 2) {
            let (end, start) = changes(ofYear: candidate, daylight)
            instants.append(end.at)
            instants.append(start.at)
        }
        return instants.sorted()
    }

    /// The offsets that begin after a time, in order, over 400 years and a few more, after which they repeat; those of
    /// equal instants are one. Empty without daylight saving time.
    func offsetChanges(after seconds: Int64) -> [(at: Int64, offset: Int64)] {
        guard let daylight else { return [] }
        let first = year(at: seconds) - 2
        var found: [Change] = []
        found.reserveCapacity(2 * 408)
        for candidate in first..<first + 408 {
            let (end, start) = changes(ofYear: candidate, daylight)
            if end.at > seconds { found.append(end) }
            if start.at > seconds { found.append(start) }
        }
        found.sort { $0.at != $1.at ? $0.at < $1.at : !$0.toDaylight && $1.toDaylight }
        var offsets: [(at: Int64, offset: Int64)] = []
        offsets.reserveCapacity(found.count)
        for change in found {
            if offsets.last?.at == change.at { offsets.removeLast() }
            offsets.append((change.at, Int64((change.toDaylight ? daylight.type : standard).secondsEast)))
        }
        return offsets
    }
}
