import JobModel
import TestSupport
import Testing

@testable import Timing

@Suite
struct ScheduleTests {
    private func schedule(_ elements: ScheduleElement..., seed: String = "job") -> Schedule {
        Schedule(elements, seed: seed)
    }

    private func cron(_ text: String, seed: String = "job") throws -> ScheduleElement.Rule {
        .cron(try CronExpression(text, seed: seed))
    }

    private func texts(_ schedule: Schedule, _ lower: String, _ upper: String) throws -> [String] {
        let (lower, upper) = (try Schedules.time(lower), try Schedules.time(upper))
        let times = schedule.times(after: lower, through: upper)
        #expect(schedule.timesBackwards(after: lower, through: upper) == times)
        #expect(schedule.count(after: lower, through: upper) == times.count)
        return times.map(\.shortestRFC3339)
    }

    // MARK: Rules

    @Test func everyIsAlignedToTheEpoch() throws {
        let quarter = schedule(try Schedules.element(.every(.seconds(900), phase: .zero)))
        #expect(
            try texts(quarter, "2026-11-22T00:00:00Z", "2026-11-22T00:30:00Z")
                == ["2026-11-22T00:15:00Z", "2026-11-22T00:30:00Z"])
        let phased = schedule(try Schedules.element(.every(.seconds(900), phase: .seconds(61))))
        #expect(try texts(phased, "2026-11-22T00:00:00Z", "2026-11-22T00:15:00Z") == ["2026-11-22T00:01:01Z"])
        // Any phase is taken modulo the period.
        let negative = schedule(try Schedules.element(.every(.seconds(900), phase: .seconds(61 - 9000))))
        #expect(try texts(negative, "2026-11-22T00:00:00Z", "2026-11-22T00:15:00Z") == ["2026-11-22T00:01:01Z"])
        let before = schedule(try Schedules.element(.every(.seconds(7), phase: .zero)))
        #expect(before.next(after: Timestamp(seconds: -8))?.nominalTime == Timestamp(seconds: -7))
        #expect(before.latest(through: Timestamp(seconds: -8))?.nominalTime == Timestamp(seconds: -14))
    }

    @Test func everyTakesFractionsOfSeconds() throws {
        let schedule = schedule(try Schedules.element(.every(.milliseconds(2), phase: .microseconds(1500))))
        #expect(
            try texts(schedule, "2026-11-22T00:00:00Z", "2026-11-22T00:00:00.005500Z") == [
                "2026-11-22T00:00:00.001500Z", "2026-11-22T00:00:00.003500Z", "2026-11-22T00:00:00.005500Z",
            ])
    }

    @Test(arguments: [Duration.zero, .seconds(-5), .nanoseconds(1)])
    func everyIsAtLeastAMillisecond(_ period: Duration) throws {
        let schedule = schedule(try Schedules.element(.every(period, phase: .zero)))
        #expect(schedule.next(after: Timestamp(seconds: 1))?.nominalTime == Timestamp(microseconds: 1_001_000))
    }

    @Test func everyFollowsRealTime() throws {
        let schedule = schedule(try Schedules.element(.every(.seconds(3600), phase: .zero), in: "Europe/Berlin"))
        #expect(
            try schedule.localTimes(after: "2026-10-24T23:30:00Z", through: "2026-10-25T02:00:00Z") == [
                "2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00",
            ])
    }

    @Test func atIsOnce() throws {
        let moment = try Schedules.time("2026-11-22T09:30:00.25Z")
        let schedule = schedule(try Schedules.element(.at(moment)))
        #expect(try texts(schedule, "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z") == ["2026-11-22T09:30:00.250Z"])
        #expect(schedule.next(after: moment) == nil)
        #expect(schedule.latest(through: moment)?.nominalTime == moment)
        #expect(schedule.latest(through: Timestamp(microseconds: moment.microseconds - 1)) == nil)
    }

    // MARK: Bounds, exclusions, unions

    @Test func startIsInclusiveAndEndIsNot() throws {
        let schedule = schedule(
            try Schedules.element(cron("0 * * * *"), from: "2026-11-22T05:00:00Z", to: "2026-11-22T08:00:00Z"))
        #expect(
            try texts(schedule, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z") == [
                "2026-11-22T05:00:00Z", "2026-11-22T06:00:00Z", "2026-11-22T07:00:00Z",
            ])
        let empty = self.schedule(
            try Schedules.element(cron("0 * * * *"), from: "2026-11-22T05:00:01Z", to: "2026-11-22T06:00:00Z"))
        #expect(empty.neverFires)
        #expect(try texts(empty, "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z") == [])
        let reversed = self.schedule(
            try Schedules.element(cron("0 * * * *"), from: "2026-11-23T00:00:00Z", to: "2026-11-22T00:00:00Z"))
        #expect(reversed.neverFires)
    }

    @Test func excludedDatesAreLocal() throws {
        let schedule = schedule(
            try Schedules.element(
                cron("0 0,12 * * *"), in: "Asia/Tokyo", without: ["2026-12-25", "2026-12-26", "2026-12-28"]))
        #expect(
            try schedule.localTimes(after: "2026-12-24T00:00:00Z", through: "2026-12-28T14:00:00Z") == [
                "2026-12-24T12:00:00+09:00", "2026-12-27T00:00:00+09:00", "2026-12-27T12:00:00+09:00",
            ])
        #expect(try texts(schedule, "2026-12-24T00:00:00Z", "2026-12-28T14:00:00Z").count == 3)
        // The range begins inside an excluded date.
        #expect(try texts(schedule, "2026-12-25T01:00:00Z", "2026-12-26T15:00:00Z") == ["2026-12-26T15:00:00Z"])
    }

    /// What was moved belongs to the date it was moved to: Samoa had no 30 December 2011.
    @Test func excludedDatesAndMovedTimes() throws {
        func times(_ dates: [String]) throws -> [String] {
            try Schedules.cron("30 12 * * *", in: "Pacific/Apia", without: dates)
                .localTimes(after: "2011-12-29T12:00:00Z", through: "2012-01-01T10:00:00Z")
        }
        let all = ["2011-12-29T12:30:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T12:30:00+14:00"]
        let last = "2012-01-01T12:30:00+14:00"
        #expect(try times([]) == all + [last])
        #expect(try times(["2011-12-30"]) == all + [last])
        #expect(try times(["2011-12-31"]) == [all[0], last])
    }

    @Test func excludedDatesOfEveryAreSkippedInOneStep() throws {
        let days = (0..<60).map { day in
            let date = CivilDateTime(secondsSinceEpoch: 1_790_000_000 / 86_400 * 86_400 + Int64(day) * 86_400)
            return "\(date.year)-\(date.month < 10 ? "0" : "")\(date.month)-\(date.day < 10 ? "0" : "")\(date.day)"
        }
        let schedule = schedule(
            try Schedules.element(.every(.milliseconds(1), phase: .zero), in: "Europe/Berlin", without: days))
        let next = try #require(schedule.next(after: Timestamp(seconds: 1_790_000_000)))
        #expect(schedule.detail(of: next.nominalTime).localTime == "2026-11-20T00:00:00+01:00")
        let last = try #require(schedule.latest(through: Timestamp(seconds: 1_790_000_000)))
        #expect(schedule.detail(of: last.nominalTime).localTime == "2026-09-20T23:59:59.999+02:00")
        #expect(schedule.count(after: last.nominalTime, through: next.nominalTime) == 1)
    }

    @Test func equalTimesOfAUnionAreOne() throws {
        let union = schedule(
            try Schedules.element(cron("0 */6 * * *")), try Schedules.element(.every(.seconds(4 * 3600), phase: .zero)),
            try Schedules.element(.at(Schedules.time("2026-11-22T05:00:00Z"))),
            try Schedules.element(.at(Schedules.time("2026-11-22T06:00:00Z"))))
        #expect(
            try texts(union, "2026-11-21T23:00:00Z", "2026-11-22T12:00:00Z").map { $0.prefix(16).suffix(5) }
                == ["00:00", "04:00", "05:00", "06:00", "08:00", "12:00"])
        #expect(Schedule([], seed: "").neverFires)
        #expect(
            Schedule([], seed: "").count(after: Timestamp(microseconds: .min), through: Timestamp(microseconds: .max))
                == 0)
    }

    @Test func unionsInSeveralZones() throws {
        let union = schedule(
            try Schedules.element(cron("0 9 * * *"), in: "Europe/Berlin"),
            try Schedules.element(cron("0 9 * * *"), in: "America/New_York"))
        #expect(
            try union.localTimes(after: "2026-11-22T00:00:00Z", through: "2026-11-23T00:00:00Z")
                == ["2026-11-22T09:00:00+01:00", "2026-11-22T09:00:00-05:00"])
    }

    // MARK: Jitter

    @Test func jitterIsTheSameEachTimeAndBelowItsLimit() throws {
        let element = try Schedules.element(cron("0 * * * *"), jitter: .seconds(30))
        let schedule = schedule(element)
        let other = self.schedule(element, seed: "other job")
        var delays: Set<Duration> = []
        var different = 0
        var position = Timestamp(seconds: 1_790_000_000)
        for _ in 0..<200 {
            let occurrence = try #require(schedule.next(after: position))
            let delay = occurrence.fireTime - occurrence.nominalTime
            #expect(delay >= .zero && delay < .seconds(30))
            #expect(schedule.latest(through: occurrence.nominalTime) == occurrence)
            if other.next(after: position) != occurrence { different += 1 }
            delays.insert(delay)
            position = occurrence.nominalTime
        }
        #expect(delays.count > 190)
        #expect(different > 190)
        // The same in each release.
        let fixed = try #require(schedule.next(after: Schedules.time("2026-11-22T00:00:00Z")))
        #expect(fixed.fireTime.shortestRFC3339 == "2026-11-22T01:00:02.875487Z")
    }

    @Test func jitterStaysBeforeTheNextNominalTime() throws {
        let schedule = schedule(
            try Schedules.element(.every(.seconds(2), phase: .zero), jitter: .seconds(3600)),
            try Schedules.element(.at(Timestamp(microseconds: 1_000_000_000_000_001)), jitter: .seconds(3600)))
        var position = Timestamp(seconds: 999_999_990)
        for _ in 0..<100 {
            let occurrence = try #require(schedule.next(after: position))
            let next = try #require(schedule.next(after: occurrence.nominalTime))
            #expect(occurrence.fireTime >= occurrence.nominalTime && occurrence.fireTime < next.nominalTime)
            position = occurrence.nominalTime
        }
        let last = self.schedule(
            try Schedules.element(.at(Timestamp(seconds: 5)), jitter: .seconds(Int64.max)))
        #expect(try #require(last.next(after: Timestamp(seconds: 0))).fireTime > Timestamp(seconds: 5))
    }

    @Test func ofEqualTimesTheSmallestJitterCounts() throws {
        let schedule = schedule(
            try Schedules.element(cron("0 * * * *"), jitter: .seconds(3000)), try Schedules.element(cron("0 12 * * *")))
        let noon = try #require(schedule.next(after: Schedules.time("2026-11-22T11:30:00Z")))
        #expect(noon.fireTime == noon.nominalTime)
        let one = try #require(schedule.next(after: noon.nominalTime))
        #expect(one.fireTime > one.nominalTime)
    }

    // MARK: Far away and a lot

    @Test func countsOfHugeRanges() throws {
        let everySecond = try Schedules.cron("* * * * * *", in: "Europe/Berlin")
        let (from, to) = (try Schedules.time("1996-01-01T00:00:00Z"), try Schedules.time("2096-01-01T00:00:00Z"))
        #expect(everySecond.count(after: from, through: to) == Int((to.seconds - from.seconds)))
        let weekend = (try Schedules.time("2026-11-20T18:00:00Z"), try Schedules.time("2026-11-22T18:00:00Z"))
        #expect(everySecond.count(after: weekend.0, through: weekend.1) == 172_800)
        // Over all time, in which 400 years are the same again and again.
        for zone in ["UTC", "Europe/Berlin", "Asia/Tokyo"] {
            let daily = try Schedules.cron("30 2 * * *", in: zone)
            let days = ScheduleElement.latest / 43_200_000_000
            let all = daily.count(after: Timestamp(microseconds: .min), through: Timestamp(microseconds: .max))
            #expect(abs(Int64(all) - days) <= 1)
        }
        let leapDays = try Schedules.cron("0 0 29 2 *")
        let cycle = (try Schedules.time("2000-03-01T00:00:00Z"), try Schedules.time("2400-02-29T00:00:00Z"))
        #expect(leapDays.count(after: cycle.0, through: cycle.1) == 97)
    }

    /// Counts of long ranges are sums of counts of short ones.
    @Test func countsAddUp() throws {
        var random = SeededGenerator(seed: 11)
        for zone in ["Europe/Berlin", "Australia/Lord_Howe", "UTC", "Africa/Casablanca"] {
            let schedule = try Schedules.cron("*/7 1-3 */2 * *", in: zone, without: ["2026-03-29", "2040-01-01"])
            for _ in 0..<20 {
                var cuts = (0..<6).map { _ in Int64.random(in: -2_000_000_000...60_000_000_000, using: &random) }
                cuts.sort()
                let times = cuts.map { Timestamp(seconds: $0) }
                let parts = zip(times, times.dropFirst()).map { schedule.count(after: $0, through: $1) }
                #expect(schedule.count(after: times[0], through: times[5]) == parts.reduce(0, +), "\(zone) \(cuts)")
            }
        }
    }

    @Test func unionsOfTooManyAreAdded() throws {
        let union = schedule(
            try Schedules.element(cron("* * * * * *")), try Schedules.element(cron("*/2 * * * * *")))
        let from = try Schedules.time("2026-01-01T00:00:00Z")
        #expect(union.count(after: from, through: from + .seconds(86_400)) == 86_400)
        #expect(union.count(after: from, through: from + .seconds(86_400 * 100)) == 86_400 * 150)
    }

    @Test(
        arguments: ["* * * * * *", "0 0 29 2 *", "30 2 * * *", "0 0 * 2 1#5"],
        ["UTC", "Europe/Berlin", "Africa/Casablanca"])
    func theEndsOfTime(_ text: String, _ zone: String) throws {
        let schedule = schedule(
            try Schedules.element(cron(text), in: zone, jitter: .seconds(5), without: ["2026-01-01"]),
            try Schedules.element(.every(.seconds(Int64.max), phase: .seconds(Int64.min)), in: zone))
        let (first, last) = (Timestamp(microseconds: .min), Timestamp(microseconds: .max))
        #expect(schedule.next(after: last) == nil)
        #expect(schedule.latest(through: first) == nil)
        let earliest = try #require(schedule.next(after: first))
        let latest = try #require(schedule.latest(through: last))
        #expect(earliest.nominalTime.microseconds < -4_600_000_000_000_000_000)
        #expect(latest.nominalTime.microseconds > 4_600_000_000_000_000_000)
        #expect(schedule.next(after: latest.nominalTime) == nil)
        #expect(schedule.latest(through: Timestamp(microseconds: earliest.nominalTime.microseconds - 1)) == nil)
        #expect(schedule.detail(of: earliest.nominalTime).localTime.hasPrefix("-14"))
        #expect(schedule.detail(of: latest.nominalTime).localTime.hasPrefix("14"))
        #expect(schedule.count(after: last, through: first) == 0)
    }
}
