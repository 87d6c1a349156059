import JobModel

/// Searches among local times, in seconds as if they were UTC. No step looks at single minutes: times of day come
/// from bits, days from one mask a month.
extension CronExpression {
    static let secondsOfDay: Int64 = 86_400
    /// After 400 years dates and weekdays repeat.
    static let daysOfCycle: Int64 = 146_097

    /// The first match from the start of a range to before its end; nil if there is none.
    ///
    /// What fires does so within 40 years (29 February on a weekday), so that a range without end is fine.
    func firstMatch(in range: Range<Int64>) -> Int64? {
        guard !neverFires, !range.isEmpty else { return nil }
        let day = range.lowerBound.wholeDays
        let timeOfDay = Int(range.lowerBound - day * Self.secondsOfDay)
        if matchesEveryDay {
            let match =
                firstTimeOfDay(from: timeOfDay).map { day * Self.secondsOfDay + Int64($0) }
                ?? (day + 1) * Self.secondsOfDay + Int64(earliestTimeOfDay)
            return match < range.upperBound ? match : nil
        }
        var month = Month(containing: day)
        var days = matchingDays(of: month)
        let dayOfMonth = UInt64(day - month.firstDay + 1)
        if days & (1 << dayOfMonth) != 0, let time = firstTimeOfDay(from: timeOfDay) {
            let match = day * Self.secondsOfDay + Int64(time)
            return match < range.upperBound ? match : nil
        }
        days &= .max << (dayOfMonth + 1)
        while days == 0 {
            repeat { month.goForward() } while months & (1 << UInt64(month.number)) == 0
            guard month.firstDay * Self.secondsOfDay < range.upperBound else { return nil }
            days = matchingDays(of: month)
        }
        let match =
            (month.firstDay + Int64(days.trailingZeroBitCount - 1)) * Self.secondsOfDay + Int64(earliestTimeOfDay)
        return match < range.upperBound ? match : nil
    }

    /// The last match from the start of a range to before its end; nil if there is none.
    func lastMatch(in range: Range<Int64>) -> Int64? {
        guard !neverFires, !range.isEmpty else { return nil }
        let last = range.upperBound - 1
        let day = last.wholeDays
        let timeOfDay = Int(last - day * Self.secondsOfDay)
        if matchesEveryDay {
            let match =
                lastTimeOfDay(through: timeOfDay).map { day * Self.secondsOfDay + Int64($0) }
                ?? (day - 1) * Self.secondsOfDay + Int64(latestTimeOfDay)
            return match >= range.lowerBound ? match : nil
        }
        var month = Month(containing: day)
        var days = matchingDays(of: month)
        let dayOfMonth = UInt64(day - month.firstDay + 1)
        if days & (1 << dayOfMonth) != 0, let time = lastTimeOfDay(through: timeOfDay) {
            let match = day * Self.secondsOfDay + Int64(time)
            return match >= range.lowerBound ? match : nil
        }
        days &= ~(.max << dayOfMonth)
        while days == 0 {
            guard month.firstDay * Self.secondsOfDay > range.lowerBound else { return nil }
            repeat { month.goBack() } while months & (1 << UInt64(month.number)) == 0
            days = matchingDays(of: month)
        }
        let match = (month.firstDay + Int64(62 - days.leadingZeroBitCount)) * Self.secondsOfDay + Int64(latestTimeOfDay)
        return match >= range.lowerBound ? match : nil
    }

    /// The number of matches from the start of a range to before its end.
    func countMatches(in range: Range<Int64>) -> Int {
        guard !neverFires, !range.isEmpty else { return 0 }
        let firstDay = range.lowerBound.wholeDays
        let lastDay = range.upperBound.wholeDays
        let perDay = seconds.nonzeroBitCount * minutes.nonzeroBitCount * hours.nonzeroBitCount
        var count = matchingDays(in: firstDay..<lastDay) * perDay
        if matches(day: firstDay) {
            count -= timesOfDay(before: Int(range.lowerBound - firstDay * Self.secondsOfDay))
        }
        let rest = Int(range.upperBound - lastDay * Self.secondsOfDay)
        if rest > 0, matches(day: lastDay) { count += timesOfDay(before: rest) }
        return count
    }

    /// Whether a local time matches.
    func matches(_ local: Int64) -> Bool {
        firstMatch(in: local..<local + 1) != nil
    }

    /// Whether any date ever matches: all 14 kinds of years are tried.
    var matchesSomeDate: Bool {
        for firstWeekday in 0..<7 {
            for leapDay in 0...1 {
                var weekday = firstWeekday
                for number in 1...12 {
                    let length = CivilDateTime.days(inMonth: number, of: 2001) + (number == 2 ? leapDay : 0)
                    if months & (1 << UInt64(number)) != 0, matchingDays(firstWeekday: weekday, length: length) != 0 {
                        return true
                    }
                    weekday = (weekday + length) % 7
                }
            }
        }
        return false
    }

    // MARK: Days

    /// A month with the day, counted from the epoch, on which it begins.
    private struct Month {
        var year: Int
        var number: Int
        var firstDay: Int64

        init(containing day: Int64) {
            let date = CivilDateTime(secondsSinceEpoch: day * CronExpression.secondsOfDay)
            (year, number, firstDay) = (date.year, date.month, day - Int64(date.day - 1))
        }

        var length: Int { CivilDateTime.days(inMonth: number, of: year) }

        mutating func goForward() {
            firstDay += Int64(length)
            number += 1
            if number > 12 { (year, number) = (year + 1, 1) }
        }

        mutating func goBack() {
            number -= 1
            if number < 1 { (year, number) = (year - 1, 12) }
            firstDay -= Int64(length)
        }
    }

    /// Bits 1 to 31.
    private func matchingDays(of month: Month) -> UInt64 {
        guard months & (1 << UInt64(month.number)) != 0 else { return 0 }
        let weekday = (month.firstDay + 4) - (month.firstDay + 4).flooredDivision(by: 7) * 7
        return matchingDays(firstWeekday: Int(weekday), length: month.length)
    }

    private func matchingDays(firstWeekday: Int, length: Int) -> UInt64 {
        let all: UInt64 = (1 << UInt64(length + 1)) - 2
        var byDate = daysOfMonth & all
        if daysOfMonth & 1 != 0 { byDate |= 1 << UInt64(length) }
        // Bit 0 becomes the weekday of the month's first day, and the week is repeated five times.
        let first = UInt64(firstWeekday)
        let week = (weekdays >> first | weekdays << (7 - first)) & 0x7f
        var byWeekday = week &* 0x1020_4081 << 1
        var ordinals = ordinalWeekdays
        while ordinals != 0 {
            let bit = ordinals.trailingZeroBitCount
            ordinals &= ordinals - 1
            let (weekday, ordinal) = (bit / 8, bit % 8)
            let day = 1 + (weekday - firstWeekday + 7) % 7
            byWeekday |= 1 << UInt64(ordinal < 6 ? day + 7 * (ordinal - 1) : day + (length - day) / 7 * 7)
        }
        byWeekday &= all
        return bothDaysMustMatch ? byDate & byWeekday : byDate | byWeekday
    }

    private func matches(day: Int64) -> Bool {
        if matchesEveryDay { return true }
        let month = Month(containing: day)
        return matchingDays(of: month) & (1 << UInt64(day - month.firstDay + 1)) != 0
    }

    private func matchingDays(in range: Range<Int64>) -> Int {
        guard !range.isEmpty else { return 0 }
        if matchesEveryDay { return range.count }
        if range.count > Self.daysOfCycle {
            let cycle = range.lowerBound..<range.lowerBound + Self.daysOfCycle
            let (cycles, rest) = Int64(range.count).quotientAndRemainder(dividingBy: Self.daysOfCycle)
            return Int(cycles) * matchingDays(in: cycle) + matchingDays(in: range.lowerBound..<range.lowerBound + rest)
        }
        var month = Month(containing: range.lowerBound)
        var count = -(matchingDays(of: month) & ~(.max << UInt64(range.lowerBound - month.firstDay + 1)))
            .nonzeroBitCount
        while month.firstDay + Int64(month.length) <= range.upperBound {
            count += matchingDays(of: month).nonzeroBitCount
            month.goForward()
        }
        if month.firstDay < range.upperBound {
            count +=
                (matchingDays(of: month) & ~(.max << UInt64(range.upperBound - month.firstDay + 1))).nonzeroBitCount
        }
        return count
    }

    // MARK: Times of day, in seconds from midnight

    private var earliestTimeOfDay: Int {
        (hours.trailingZeroBitCount * 60 + minutes.trailingZeroBitCount) * 60 + seconds.trailingZeroBitCount
    }

    private var latestTimeOfDay: Int {
        ((hours.lastBit ?? 0) * 60 + (minutes.lastBit ?? 0)) * 60 + (seconds.lastBit ?? 0)
    }

    private func firstTimeOfDay(from time: Int) -> Int? {
        let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60)
        if hours & (1 << UInt64(hour)) != 0 {
            if minutes & (1 << UInt64(minute)) != 0, let found = seconds.firstBit(from: second) {
                return (hour * 60 + minute) * 60 + found
            }
            if let found = minutes.firstBit(from: minute + 1) {
                return (hour * 60 + found) * 60 + seconds.trailingZeroBitCount
            }
        }
        guard let found = hours.firstBit(from: hour + 1) else { return nil }
        return (found * 60 + minutes.trailingZeroBitCount) * 60 + seconds.trailingZeroBitCount
    }

    private func lastTimeOfDay(through time: Int) -> Int? {
        let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60)
        if hours & (1 << UInt64(hour)) != 0 {
            if minutes & (1 << UInt64(minute)) != 0, let found = seconds.below(second + 1).lastBit {
                return (hour * 60 + minute) * 60 + found
            }
            if let found = minutes.below(minute).lastBit {
                return (hour * 60 + found) * 60 + (seconds.lastBit ?? 0)
            }
        }
        guard let found = hours.below(hour).lastBit else { return nil }
        return (found * 60 + (minutes.lastBit ?? 0)) * 60 + (seconds.lastBit ?? 0)
    }

    private func timesOfDay(before time: Int) -> Int {
        let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60)
        var count = hours.below(hour).nonzeroBitCount * minutes.nonzeroBitCount * seconds.nonzeroBitCount
        if hours & (1 << UInt64(hour)) != 0 {
            count += minutes.below(minute).nonzeroBitCount * seconds.nonzeroBitCount
            if minutes & (1 << UInt64(minute)) != 0 { count += seconds.below(second).nonzeroBitCount }
        }
        return count
    }
}

extension UInt64 {
    /// The lowest bit from a place on, up to 63.
    fileprivate func firstBit(from place: Int) -> Int? {
        let rest = self & (.max << UInt64(place))
        return rest == 0 ? nil : rest.trailingZeroBitCount
    }

    fileprivate var lastBit: Int? { self == 0 ? nil : 63 - leadingZeroBitCount }

    /// The bits below a place, up to 63.
    fileprivate func below(_ place: Int) -> UInt64 { self & ~(.max << UInt64(place)) }
}
