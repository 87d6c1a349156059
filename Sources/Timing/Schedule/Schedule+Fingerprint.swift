extension Schedule {
    /// Neither the order of elements nor their repetition means anything.
    static func fingerprint(of elements: [ScheduleElement]) -> String {
        var hash = StableHash()
        for fingerprint in Set(elements.map(\.fingerprint)).sorted() {
            hash.combine(Int64(bitPattern: fingerprint))
        }
        let digits = String(hash.value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension ScheduleElement {
    /// A hash of all that the element means, with the zone's name for its rules.
    fileprivate var fingerprint: UInt64 {
        var hash = StableHash()
        func combine(_ text: String) {
            hash.combine(text.utf8)
            hash.separate()
        }
        switch times {
        case .cron(let calendar):
            let cron = calendar.expression
            combine("cron")
            let fields = [
                cron.seconds, cron.minutes, cron.hours, cron.daysOfMonth, cron.months, cron.weekdays,
                cron.ordinalWeekdays,
            ]
            for bits in fields { hash.combine(Int64(bitPattern: bits)) }
            combine(cron.bothDaysMustMatch ? "and" : "or")
            combine(cron.followsRealTime ? "real time" : calendar.daylight.gap.rawValue)
            combine(cron.followsRealTime ? "" : calendar.daylight.overlap.rawValue)
        case .every(let period, let phase):
            combine("every")
            hash.combine(period)
            hash.combine(phase)
        case .at(let moment):
            combine("at")
            hash.combine(moment)
        }
        combine(zoneName)
        for number in [jitter, begin, end] { hash.combine(number) }
        for day in excludedDays { hash.combine(day) }
        return hash.value
    }
}
