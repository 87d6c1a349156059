/// Local times by the rules of Debian's cron (crontab(5)), with seconds, `L`, `#` and `H` added.
///
/// | written | means |
/// |---|---|
/// | `30 2 * * MON-FRI` | minute, hour, day of month, month, day of week |
/// | `*/10 0 12 * * *` | six fields: seconds first |
/// | `a-b/n`, `*/n`, `a/n` | from a (or the field's start) by n to b (or the field's end) |
/// | `?` | `*` |
/// | `L`, `5#2`, `5L` | the month's last day, its second Friday, its last Friday |
/// | `H`, `H(0-29)`, `H/15`, `H(0-29)/10` | a value, or the first one of several, by a hash of the job's name |
/// | `@hourly` `@daily` `@midnight` `@weekly` `@monthly` `@yearly` `@annually` | the first moment of each |
///
/// Day of month and day of week: either matches, unless one of the fields begins with `*` (or `?`); then both must.
/// Two expressions are equal if they mean the same.
package struct CronExpression: Sendable, Hashable {
    /// Bit n for the value n; none of these is empty, but ``daysOfMonth`` and ``weekdays`` may leave all to ``ordinalWeekdays``.
    var seconds: UInt64
    var minutes: UInt64
    var hours: UInt64
    /// Bits 1 to 31; bit 0 is `L`.
    var daysOfMonth: UInt64
    /// Bits 1 to 12.
    var months: UInt64
    /// Bits 0 (Sunday) to 6.
    var weekdays: UInt64
    /// Bit `8 * weekday + n` for the n-th such weekday of a month, 1 to 5; n = 6 is the last.
    var ordinalWeekdays: UInt64
    /// Whether both the day of month and the day of week must match; else one is enough.
    var bothDaysMustMatch: Bool
    /// Whether each date matches, which spares searches the calendar.
    let matchesEveryDay: Bool
    /// Whether the minute or the hour field begins with `*` or is `H/n`: such a schedule counts real time and takes no
    /// notice of clock changes, as in Debian's cron; others mean a time of day, to be met once each day.
    package internal(set) var followsRealTime: Bool
    /// Whether no date matches, as for `0 0 30 2 *`.
    package internal(set) var neverFires = false

    /// - Parameter seed: the job's name, for `H`.
    /// - Throws: ``CronError``. An expression that never fires is none.
    package init(_ text: String, seed: String) throws(CronError) {
        self = try CronParser(text, seed: seed).expression()
    }

    init(
        seconds: UInt64, minutes: UInt64, hours: UInt64, daysOfMonth: UInt64, months: UInt64, weekdays: UInt64,
        ordinalWeekdays: UInt64, bothDaysMustMatch: Bool, followsRealTime: Bool
    ) {
        self.seconds = seconds
        self.minutes = minutes
        self.hours = hours
        self.daysOfMonth = daysOfMonth
        self.months = months
        self.weekdays = weekdays
        self.ordinalWeekdays = ordinalWeekdays
        self.bothDaysMustMatch = bothDaysMustMatch
        self.followsRealTime = followsRealTime
        let allDates = daysOfMonth >> 1 == 0x7fff_ffff
        let allWeekdays = weekdays == 0x7f
        matchesEveryDay =
            months == 0x1ffe && (bothDaysMustMatch ? allDates && allWeekdays : allDates || allWeekdays)
        neverFires = !matchesEveryDay && !matchesSomeDate
    }
}
