import JobModel
import Testing

@testable import Timing

/// Schedules in every zone of the system's tz database, from 2000 to 2040.
@Suite
struct ScheduleZoneTests {
    struct Zone: Sendable {
        var name: String
        var rules: TimeZoneRules
        var initialOffset: Int64
        var changes: [MinuteReference.Change]
    }

    static let from = Timestamp(seconds: 946_684_800)
    static let through = Timestamp(seconds: 2_208_988_800)

    /// Of zones that do the same one.
    static let zones: [Zone] = {
        var known: Set<TimeZoneRules> = []
        var behaviours: Set<[Int64]> = []
        var zones: [Zone] = []
        for name in Schedules.database.names() {
            guard let rules = try? Schedules.database.rules(forZone: name), known.insert(rules).inserted else {
                continue
            }
            let early = Timestamp(seconds: from.seconds - 10 * 86_400)
            let late = Timestamp(seconds: through.seconds + 10 * 86_400)
            let changes = rules.transitions(in: early..<late).map { change in
                MinuteReference.Change(
                    at: change.at.seconds, before: Int64(change.before.secondsEast),
                    after: Int64(change.after.secondsEast))
            }.filter { $0.before != $0.after }
            let initial = Int64(rules.localTimeType(at: early).secondsEast)
            guard behaviours.insert([initial] + changes.flatMap { [$0.at, $0.after] }).inserted else { continue }
            zones.append(Zone(name: name, rules: rules, initialOffset: initial, changes: changes))
        }
        return zones
    }()

    private func schedule(_ text: String, _ zone: Zone, _ daylight: DaylightPolicy = DaylightPolicy()) throws
        -> Schedule
    {
        let cron = try CronExpression(text, seed: "")
        return Schedule(
            [ScheduleElement(rule: .cron(cron), timeZone: zone.rules, zoneName: zone.name, daylight: daylight)],
            seed: "")
    }

    @Test func theDatabaseIsThere() {
        #expect(Self.zones.count > 80)
        #expect(Self.zones.map(\.changes.count).reduce(0, +) > 3000)
    }

    /// Each Sunday once, at its time or where that was jumped over.
    @Test func weeklyScheduleOfEveryZone() throws {
        for zone in Self.zones {
            let schedule = try schedule("15 2 * * SUN", zone)
            let times = schedule.times(after: Self.from, through: Self.through)
            var changes = zone.changes[...]
            var offset = zone.initialOffset
            var previousSunday: Int64?
            var wrong: [String] = []
            for time in times {
                var jump: MinuteReference.Change?
                while let change = changes.first, change.at <= time.seconds {
                    offset = change.after
                    if change.at == time.seconds { jump = change }
                    changes = changes.dropFirst()
                }
                let local = time.seconds + offset
                var day = local.flooredDivision(by: 86_400)
                if let jump, local - day * 86_400 != 8100 {
                    // The Sunday's 02:15 is in the gap that ends here.
                    let before = time.seconds + jump.before
                    day = before.flooredDivision(by: 86_400)
                    if day * 86_400 + 8100 < before { day += 1 }
                    if !(before..<local).contains(day * 86_400 + 8100) { wrong.append("\(time) is not a jump over") }
                } else if local - day * 86_400 != 8100 {
                    wrong.append("\(time.rfc3339()) is at another time")
                }
                if (day + 4) % 7 != 0 { wrong.append("\(time.rfc3339()) is not on a Sunday") }
                if let previousSunday, day - previousSunday != 7 { wrong.append("\(time.rfc3339()): lost or doubled") }
                previousSunday = day
            }
            #expect(wrong == [], "\(zone.name)")
            #expect((2086...2088).contains(times.count), "\(zone.name)")
            #expect(schedule.count(after: Self.from, through: Self.through) == times.count, "\(zone.name)")
        }
    }

    /// Each local date once.
    @Test(arguments: ["30 2 * * *", "0 0 * * *", "45 1 * * *", "59 23 * * *"])
    func dailyScheduleOfEveryZone(_ text: String) throws {
        for zone in Self.zones {
            let schedule = try schedule(text, zone)
            let days = (Self.through.seconds - Self.from.seconds) / 86_400
            let count = schedule.count(after: Self.from, through: Self.through)
            // The ends of the range are midnights of UTC, and a zone may have changed sides meanwhile.
            #expect((days - 1...days + 1).contains(Int64(count)), "\(zone.name)")
            for change in zone.changes {
                let range = (change.at - 100_000, change.at + 100_000)
                let (lower, upper) = (Timestamp(seconds: range.0), Timestamp(seconds: range.1))
                let times = schedule.times(after: lower, through: upper)
                #expect(times == schedule.timesBackwards(after: lower, through: upper), "\(zone.name)")
                #expect(times.count == schedule.count(after: lower, through: upper), "\(zone.name)")
            }
        }
    }

    /// Real time: as many full local hours as the stretches between changes have.
    @Test func hourlyScheduleOfEveryZone() throws {
        for zone in Self.zones {
            let schedule = try schedule("0 * * * *", zone)
            var expected: Int64 = 0
            var begin = Self.from.seconds + 1
            var offset = zone.initialOffset
            let last = MinuteReference.Change(at: Self.through.seconds + 1, before: 0, after: 0)
            for change in zone.changes + [last] {
                let end = min(max(change.at, begin), Self.through.seconds + 1)
                expected +=
                    (end + offset - 1).flooredDivision(by: 3600)
                    - (begin + offset - 1).flooredDivision(by: 3600)
                begin = end
                offset = change.after
            }
            #expect(Int64(schedule.count(after: Self.from, through: Self.through)) == expected, "\(zone.name)")
        }
    }

    /// Every kind of change in the database, minute by minute.
    @Test(arguments: [
        MinuteReference.Case(text: "30 2 * * *") { $0 == 2 && $1 == 30 },
        MinuteReference.Case(text: "30 2 * * *", daylight: DaylightPolicy(gap: .skip, overlap: .second)) {
            $0 == 2 && $1 == 30
        },
        MinuteReference.Case(text: "30 1-3 * * *", daylight: DaylightPolicy(overlap: .both)) {
            (1...3).contains($0) && $1 == 30
        },
        MinuteReference.Case(text: "0,15,30,45 0-3,23 * * *") { ($0 < 4 || $0 == 23) && $1 % 15 == 0 },
        MinuteReference.Case(text: "0,15,30,45 0-3,23 * * *", daylight: DaylightPolicy(overlap: .second)) {
            ($0 < 4 || $0 == 23) && $1 % 15 == 0
        },
        MinuteReference.Case(text: "*/20 * * * *", followsRealTime: true) { $1 % 20 == 0 },
        MinuteReference.Case(text: "*/15 2 * * *", followsRealTime: true) { $0 == 2 && $1 % 15 == 0 },
        MinuteReference.Case(text: "30 */2 * * *", followsRealTime: true) { $0 % 2 == 0 && $1 == 30 },
    ])
    func everyKindOfChange(_ item: MinuteReference.Case) throws {
        struct Kind: Hashable {
            var before, after, localTime: Int64
        }
        var known: Set<Kind> = []
        for zone in Self.zones {
            for change in zone.changes {
                let local = change.at + change.before
                let time = local - local.flooredDivision(by: 86_400) * 86_400
                guard change.at % 60 == 0, change.before % 60 == 0, change.after % 60 == 0,
                    known.insert(Kind(before: change.before, after: change.after, localTime: time)).inserted
                else { continue }
                let reach = abs(change.after - change.before) + 4 * 3600
                let (lower, upper) = (change.at - reach, change.at + reach)
                let expected = MinuteReference(initialOffset: zone.initialOffset, changes: zone.changes).times(
                    of: item, in: lower..<upper)
                let schedule = try schedule(item.text, zone, item.daylight)
                let (after, through) = (Timestamp(seconds: lower - 1), Timestamp(seconds: upper - 1))
                let label = Comment(rawValue: "\(zone.name) at \(Timestamp(seconds: change.at).rfc3339())")
                #expect(schedule.times(after: after, through: through).map(\.seconds) == expected, label)
                #expect(schedule.timesBackwards(after: after, through: through).map(\.seconds) == expected, label)
                #expect(schedule.count(after: after, through: through) == expected.count, label)
            }
        }
        #expect(known.count > 100)
    }
}
