import JobModel
import Testing

@testable import Timing

/// Schedules in zones of the system's tz database.
enum Schedules {
    static let database = SystemTimeZoneTests.database

    static func element(
        _ rule: ScheduleElement.Rule, in zone: String = "UTC", jitter: Duration = .zero, from: String? = nil,
        to: String? = nil, without dates: [String] = [], daylight: DaylightPolicy = DaylightPolicy()
    ) throws -> ScheduleElement {
        try ScheduleElement(
            rule: rule, timeZone: database.rules(forZone: zone), zoneName: zone, jitter: jitter,
            startAt: from.map(time), endAt: to.map(time),
            excludedDates: Set(dates.map { try #require(CivilDate($0)) }), daylight: daylight)
    }

    static func cron(
        _ text: String, in zone: String = "UTC", without dates: [String] = [],
        daylight: DaylightPolicy = DaylightPolicy()
    ) throws -> Schedule {
        let expression = try CronExpression(text, seed: "job")
        return Schedule([try element(.cron(expression), in: zone, without: dates, daylight: daylight)], seed: "job")
    }

    static func time(_ text: String) throws -> Timestamp {
        try #require(Timestamp(rfc3339: text))
    }
}

extension Schedule {
    /// The nominal times after a time and not after another, by ``next(after:)``.
    func times(after lower: Timestamp, through upper: Timestamp, limit: Int = 100_000) -> [Timestamp] {
        var times: [Timestamp] = []
        var position = lower
        while times.count < limit, let next = next(after: position), next.nominalTime <= upper {
            times.append(next.nominalTime)
            position = next.nominalTime
        }
        return times
    }

    /// The same backwards, by ``latest(through:)``, earliest first.
    func timesBackwards(after lower: Timestamp, through upper: Timestamp, limit: Int = 100_000) -> [Timestamp] {
        var times: [Timestamp] = []
        var position = upper
        while times.count < limit, let last = latest(through: position), last.nominalTime > lower {
            times.append(last.nominalTime)
            position = Timestamp(microseconds: last.nominalTime.microseconds - 1)
        }
        return times.reversed()
    }

    /// The same as local times with offset.
    func localTimes(after lower: String, through upper: String) throws -> [String] {
        try times(after: Schedules.time(lower), through: Schedules.time(upper)).map { detail(of: $0).localTime }
    }
}
