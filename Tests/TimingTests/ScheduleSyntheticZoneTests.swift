import JobModel
import TestSupport
import Testing

@testable import Timing

/// Zones that nobody has, yet: changes in quick succession, in all directions, and rules for all years alone.
@Suite
struct ScheduleSyntheticZoneTests {
    private func rules(_ initial: Int64, _ changes: [MinuteReference.Change], footer: String? = nil) throws
        -> TimeZoneRules
    {
        let offsets = [initial] + changes.map(\.after)
        return TimeZoneRules(
            types: offsets.map { LocalTimeType(secondsEast: Int($0), isDaylight: false, abbreviation: "X") },
            times: changes.map(\.at), typeIndices: changes.indices.map { UInt8($0 + 1) },
            footer: try footer.map { try #require(PosixTimeZone(Array($0.utf8)[...])) })
    }

    private func schedule(_ text: String, _ rules: TimeZoneRules, _ daylight: DaylightPolicy = DaylightPolicy()) throws
        -> Schedule
    {
        let cron = try CronExpression(text, seed: "")
        return Schedule(
            [ScheduleElement(rule: .cron(cron), timeZone: rules, zoneName: "X", daylight: daylight)], seed: "")
    }

    @Test(arguments: DaylightPolicy.Gap.allCases, DaylightPolicy.Overlap.allCases)
    func changesInQuickSuccession(_ gap: DaylightPolicy.Gap, _ overlap: DaylightPolicy.Overlap) throws {
        var random = SeededGenerator(seed: 5)
        let daylight = DaylightPolicy(gap: gap, overlap: overlap)
        let cases: [MinuteReference.Case] = [
            .init(text: "0,20,40 0-23 * * *", daylight: daylight) { $1 % 20 == 0 },
            .init(text: "30 2,14 * * *", daylight: daylight) { ($0 == 2 || $0 == 14) && $1 == 30 },
            .init(text: "*/30 5 * * *", followsRealTime: true, daylight: daylight) { $0 == 5 && $1 % 30 == 0 },
        ]
        for round in 0..<25 {
            var changes: [MinuteReference.Change] = []
            let initial = Int64.random(in: -24...26, using: &random) * 1800
            var offset = initial
            var at: Int64 = 1_000_000_020
            let longest = round % 2 == 0 ? 6 : 40
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                at += Int64(Int.random(in: 1...longest, using: &random)) * 3600
                let widest = Bool.random(using: &random) ? 26 : 3
                let after = max(
                    -24 * 1800, min(26 * 1800, offset + Int64(Int.random(in: -widest...widest, using: &random)) * 1800))
                guard after != offset else { continue }
                changes.append(.init(at: at, before: offset, after: after))
                offset = after
            }
            let rules = try rules(initial, changes)
            let reference = MinuteReference(initialOffset: initial, changes: changes)
            let (lower, upper) = (Int64(1_000_000_020 - 30 * 3600), at + 30 * 3600)
            for item in cases {
                let expected = reference.times(of: item, in: lower..<upper)
                let schedule = try schedule(item.text, rules, daylight)
                let (after, through) = (Timestamp(seconds: lower - 1), Timestamp(seconds: upper - 1))
                #expect(schedule.times(after: after, through: through).map(\.seconds) == expected, "\(changes)")
                #expect(
                    schedule.timesBackwards(after: after, through: through).map(\.seconds) == expected, "\(changes)")
                #expect(schedule.count(after: after, through: through) == expected.count, "\(changes)")
                for _ in 0..<20 {
                    let some = Int64.random(in: lower..<upper, using: &random)
                    #expect(
                        schedule.next(after: Timestamp(seconds: some))?.nominalTime.seconds ?? 0
                            == expected.first { $0 > some } ?? schedule.next(after: through)?.nominalTime.seconds)
                    #expect(
                        schedule.count(after: after, through: Timestamp(seconds: some)) == expected.count { $0 <= some }
                    )
                }
            }
        }
    }

    /// A file without a listed change: its rule has always held.
    @Test func ruleForAllYearsAlone() throws {
        let rules = try rules(3600, [], footer: "CET-1CEST,M3.5.0,M10.5.0/3")
        let berlin = try schedule("30 2 * * *", rules)
        let real = try Schedules.cron("30 2 * * *", in: "Europe/Berlin")
        let (from, to) = (try Schedules.time("2001-01-01T00:00:00Z"), try Schedules.time("2030-01-01T00:00:00Z"))
        #expect(berlin.times(after: from, through: to) == real.times(after: from, through: to))
        #expect(berlin.count(after: from, through: to) == real.count(after: from, through: to))
        // Long before, and long after, by whole cycles.
        for years in [-4000, -400, 400, 2000] {
            let shift = Duration.seconds(years / 400 * 146_097 * 86_400)
            let there = berlin.times(after: from + shift, through: to + shift)
            #expect(there == real.times(after: from, through: to).map { $0 + shift })
            #expect(there == berlin.timesBackwards(after: from + shift, through: to + shift))
        }
    }

    /// Clocks jump over the only time there is, each year.
    @Test func whatIsAlwaysJumpedOver() throws {
        let footer = "XXX0YYY-1,J100/2,J200/2"
        let rules = try rules(0, [.init(at: 0, before: 0, after: 0)], footer: footer)
        let skipping = try schedule("30 2 10 4 *", rules, DaylightPolicy(gap: .skip))
        // Before the first listed change there were no clock changes.
        #expect(skipping.next(after: Timestamp(seconds: 0)) == nil)
        for later: Int64 in [4_000_000_000, 40_000_000_000, 400_000_000_000] {
            let last = skipping.latest(through: Timestamp(seconds: later))
            #expect(last?.nominalTime == (try Schedules.time("1969-04-10T02:30:00Z")))
        }
        let count = skipping.count(after: Timestamp(seconds: 0), through: Timestamp(seconds: 100_000_000_000))
        #expect(count == 0)
        let shifting = try schedule("30 2 10 4 *", rules)
        #expect(
            shifting.next(after: Timestamp(seconds: 0))?.nominalTime == (try Schedules.time("1970-04-10T02:00:00Z")))
    }

    @Test func daylightSavingTimeAllYear() throws {
        let rules = try rules(0, [], footer: "XXX5YYY4,0/0,J365/25")
        let schedule = try schedule("0 12 * * *", rules)
        let from = try Schedules.time("2399-01-01T00:00:00Z")
        let to = try Schedules.time("2403-01-01T00:00:00Z")
        let times = schedule.times(after: from, through: to)
        #expect(times.count == 1461)
        #expect(times.allSatisfy { $0.seconds.quotientAndRemainder(dividingBy: 86_400).remainder == 16 * 3600 })
        #expect(times == schedule.timesBackwards(after: from, through: to))
    }

    /// The offsets that schedules use are those of the rules, for every zone.
    @Test func timelineAgreesWithTheRules() throws {
        var random = SeededGenerator(seed: 3)
        for zone in ScheduleZoneTests.zones {
            let timeline = zone.rules.timeline
            for round in 0..<60 {
                let second = Int64.random(
                    in: round % 3 == 0 ? -20_000_000_000...60_000_000_000 : -4_000_000_000...5_000_000_000,
                    using: &random)
                let segment = timeline[timeline.index(at: second)]
                #expect(segment.begin <= second && second < segment.end)
                for instant in [second, max(segment.begin, -90_000_000_000), min(segment.end, 90_000_000_000) - 1] {
                    let type = zone.rules.localTimeType(at: Timestamp(seconds: instant))
                    #expect(Int64(type.secondsEast) == segment.offset, "\(zone.name) at \(instant)")
                }
            }
        }
    }
}
