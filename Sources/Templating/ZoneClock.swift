import JobModel

/// A time as clocks of a zone show it.
struct ZoneClock {
    let time: Timestamp
    let civil: CivilDateTime
    let secondsEast: Int
    let abbreviation: String

    /// - Parameter zone: an IANA name; nil is UTC.
    init(_ time: Timestamp, zone: String?, _ zones: any TimeZoneProvider) throws(FilterFailure) {
        self.time = time
        if let zone, !Self.isUTC(zone) {
            guard let offset = zones.offset(inZone: zone, at: time) else {
                throw FilterFailure(message: "there is no time zone '\(zone)'")
            }
            (secondsEast, abbreviation) = offset
        } else {
            (secondsEast, abbreviation) = (0, "UTC")
        }
        civil = CivilDateTime(secondsSinceEpoch: time.seconds + Int64(secondsEast))
    }

    /// Whether a name is UTC itself, which needs no rules.
    static func isUTC(_ zone: String) -> Bool {
        zone == "UTC" || zone == "Etc/UTC"
    }

    /// Of the second's fraction.
    var microsecond: Int {
        Int(time.microseconds - time.seconds * 1_000_000)
    }

    /// 1 for Monday to 7 for Sunday (ISO 8601).
    var isoWeekday: Int {
        (civil.weekday + 6) % 7 + 1
    }

    /// The week of ISO 8601 and the year it belongs to: week 1 is the one with the year's first Thursday.
    var isoWeek: (year: Int, week: Int) {
        let week = (civil.dayOfYear - isoWeekday + 10) / 7
        if week < 1 { return (civil.year - 1, Self.isoWeeks(in: civil.year - 1)) }
        if week > Self.isoWeeks(in: civil.year) { return (civil.year + 1, 1) }
        return (civil.year, week)
    }

    private static func isoWeeks(in year: Int) -> Int {
        let firstDay = CivilDateTime(year: year, month: 1, day: 1).weekday
        let isLeap = CivilDateTime.days(inMonth: 2, of: year) == 29
        return firstDay == 4 || (isLeap && firstDay == 3) ? 53 : 52
    }
}
