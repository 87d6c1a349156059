import JobModel
import Testing

@testable import Timing

/// Changes of the clocks as people read them.
@Suite
struct ScheduleDetailTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var cron: String
        var zone: String
        var from: String
        var to: String
        var daylight: DaylightPolicy
        /// Local time and, after a blank, the note.
        var expected: [String]
        var testDescription: String { "\(cron) in \(zone) after \(from)" }

        init(
            _ cron: String, _ zone: String, _ from: String, _ to: String, _ gap: DaylightPolicy.Gap,
            _ overlap: DaylightPolicy.Overlap, _ expected: [String]
        ) {
            (self.cron, self.zone, self.from, self.to) = (cron, zone, from, to)
            daylight = DaylightPolicy(gap: gap, overlap: overlap)
            self.expected = expected
        }

        init(_ cron: String, _ zone: String, _ from: String, _ to: String, _ expected: [String]) {
            self.init(cron, zone, from, to, .shift, .first, expected)
        }
    }

    @Test(arguments: [
        Case(
            "30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z",
            [
                "2026-03-28T02:30:00+01:00",
                "2026-03-29T03:00:00+02:00 02:30 does not exist: moved to the jump",
                "2026-03-30T02:30:00+02:00",
            ]),
        Case(
            "30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z", .skip, .first,
            [
                "2026-03-28T02:30:00+01:00", "2026-03-30T02:30:00+02:00",
            ]),
        Case(
            "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z",
            [
                "2026-10-25T02:30:00+02:00 first of two 02:30", "2026-10-26T02:30:00+01:00",
            ]),
        Case(
            "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", .shift, .second,
            [
                "2026-10-25T02:30:00+01:00 second of two 02:30", "2026-10-26T02:30:00+01:00",
            ]),
        Case(
            "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z", .shift, .both,
            [
                "2026-10-25T02:30:00+02:00 first of two 02:30", "2026-10-25T02:30:00+01:00 second of two 02:30",
            ]),
        // The end of the gap and the end of the overlap are ordinary times; three times are one.
        Case(
            "0,20 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z",
            [
                "2026-03-29T03:00:00+02:00 02:00 and 02:20 do not exist: moved to the jump",
                "2026-03-29T03:20:00+02:00",
            ]),
        Case(
            "*/20 2-3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z",
            [
                "2026-03-29T03:00:00+02:00", "2026-03-29T03:20:00+02:00", "2026-03-29T03:40:00+02:00",
            ]),
        Case(
            "0-59 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z",
            [
                "2026-03-29T03:00:00+02:00 02:00 and 59 more do not exist: moved to the jump"
            ]),
        Case(
            "15 30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z",
            [
                "2026-03-29T03:00:00+02:00 02:30:15 does not exist: moved to the jump"
            ]),
        Case(
            "0 2,3 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z",
            [
                "2026-10-25T02:00:00+02:00 first of two 02:00", "2026-10-25T03:00:00+01:00",
            ]),
        // Real time: the hour that comes twice has twice as many.
        Case(
            "*/30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z",
            [
                "2026-10-25T02:00:00+02:00 first of two 02:00", "2026-10-25T02:30:00+02:00 first of two 02:30",
                "2026-10-25T02:00:00+01:00 second of two 02:00", "2026-10-25T02:30:00+01:00 second of two 02:30",
            ]),
        Case("H/30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", []),
        // Half an hour.
        Case(
            "15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-04T00:00:00Z",
            [
                "2026-10-04T02:30:00+11:00 02:15 does not exist: moved to the jump"
            ]),
        Case(
            "45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", "2026-04-05T00:00:00Z",
            [
                "2026-04-05T01:45:00+11:00 first of two 01:45"
            ]),
        // Two hours.
        Case(
            "30 1,2 * * *", "Antarctica/Troll", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z",
            [
                "2026-03-29T03:00:00+02:00 01:30 and 02:30 do not exist: moved to the jump"
            ]),
        // Over midnight: Saturday 24:00 is Sunday 01:00.
        Case(
            "0 0 * * *", "America/Havana", "2026-03-07T12:00:00Z", "2026-03-09T12:00:00Z",
            [
                "2026-03-08T01:00:00-04:00 00:00 does not exist: moved to the jump", "2026-03-09T00:00:00-04:00",
            ]),
        // Back over midnight: Saturday's last hour comes twice.
        Case(
            "30 23 * * *", "America/Asuncion", "2024-03-23T12:00:00Z", "2024-03-25T12:00:00Z",
            [
                "2024-03-23T23:30:00-03:00 first of two 23:30", "2024-03-24T23:30:00-04:00",
            ]),
        // A whole day.
        Case(
            "30 12 * * *", "Pacific/Apia", "2011-12-29T12:00:00Z", "2011-12-31T12:00:00Z",
            [
                "2011-12-29T12:30:00-10:00",
                "2011-12-31T00:00:00+14:00 2011-12-30 12:30 does not exist: moved to the jump",
                "2011-12-31T12:30:00+14:00",
            ]),
        Case(
            "0 6 * * *", "Pacific/Kwajalein", "1993-08-20T12:00:00Z", "1993-08-22T12:00:00Z",
            [
                "1993-08-20T06:00:00-12:00",
                "1993-08-22T00:00:00+12:00 1993-08-21 06:00 does not exist: moved to the jump",
                "1993-08-22T06:00:00+12:00",
            ]),
        // Daylight saving time of winter, with a negative saving.
        Case(
            "30 1 * * *", "Europe/Dublin", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z",
            [
                "2026-03-29T02:00:00+01:00 01:30 does not exist: moved to the jump"
            ]),
        Case(
            "30 1 * * *", "Europe/Dublin", "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z",
            [
                "2026-10-25T01:30:00+01:00 first of two 01:30"
            ]),
        // Its name and its standard time changed, the clocks did not.
        Case(
            "0 2,3 * * *", "Europe/Istanbul", "2016-10-29T12:00:00Z", "2016-10-30T12:00:00Z",
            [
                "2016-10-30T02:00:00+03:00", "2016-10-30T03:00:00+03:00",
            ]),
        // Changed once and for ever.
        Case(
            "15 0 * * *", "Asia/Pyongyang", "2018-05-03T15:30:00Z", "2018-05-05T15:30:00Z",
            [
                "2018-05-04T00:15:00+08:30", "2018-05-05T00:15:00+09:00", "2018-05-06T00:15:00+09:00",
            ]),
        Case(
            "45 23 * * *", "Asia/Pyongyang", "2018-05-03T12:00:00Z", "2018-05-05T12:00:00Z",
            [
                "2018-05-03T23:45:00+08:30",
                "2018-05-05T00:00:00+09:00 2018-05-04 23:45 does not exist: moved to the jump",
            ]),
        // Local mean time, with seconds.
        Case(
            "0 0 * * *", "Europe/Berlin", "1880-01-01T00:00:00Z", "1880-01-02T00:00:00Z",
            [
                "1880-01-02T00:00:00+00:53:28"
            ]),
    ])
    func changes(_ item: Case) throws {
        let schedule = try Schedules.cron(item.cron, in: item.zone, daylight: item.daylight)
        let (from, to) = (try Schedules.time(item.from), try Schedules.time(item.to))
        let times = schedule.times(after: from, through: to)
        let details = times.map(schedule.detail)
        let lines = details.map { detail in detail.localTime + (detail.note.map { " \($0)" } ?? "") }
        #expect(lines == item.expected)
        #expect(details.allSatisfy { $0.zoneName == item.zone })
        #expect(schedule.timesBackwards(after: from, through: to) == times)
        #expect(schedule.count(after: from, through: to) == times.count)
    }

    @Test func fractionsOfSeconds() throws {
        let schedule = Schedule(
            [try Schedules.element(.every(.milliseconds(250), phase: .zero), in: "Asia/Kathmandu")], seed: "")
        let time = try Schedules.time("2026-11-22T00:00:00.25Z")
        #expect(schedule.detail(of: time).localTime == "2026-11-22T05:45:00.250+05:45")
        #expect(schedule.detail(of: time + .microseconds(7)).localTime == "2026-11-22T05:45:00.250007+05:45")
    }

    @Test func ofSeveralElementsTheOneWithTheTime() throws {
        let cron = ScheduleElement.Rule.cron(try CronExpression("0 9 * * *", seed: ""))
        let schedule = Schedule(
            [try Schedules.element(cron, in: "Asia/Tokyo"), try Schedules.element(cron, in: "America/New_York")],
            seed: "")
        #expect(schedule.detail(of: try Schedules.time("2026-11-22T14:00:00Z")).zoneName == "America/New_York")
        #expect(schedule.detail(of: try Schedules.time("2026-11-22T00:00:00Z")).zoneName == "Asia/Tokyo")
        // Nobody's: the first.
        #expect(
            schedule.detail(of: try Schedules.time("2026-11-22T00:00:01Z")).localTime == "2026-11-22T09:00:01+09:00")
        #expect(Schedule([], seed: "").detail(of: Timestamp(seconds: 0)).localTime == "1970-01-01T00:00:00Z")
    }
}
