import JobModel
import TestSupport
import Testing

@testable import Timing

/// Searches among local times, against a reference that looks at every day.
@Suite
struct CronSearchTests {
    @Test(arguments: 0..<4 as Range<UInt64>)
    func agreesWithTheSlowReference(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let reference = RandomCron(using: &random)
            let cron = try CronExpression(reference.text, seed: "")
            let firstDay = Int64.random(in: -30_000...60_000, using: &random)
            let length = Int64(min(1500, max(3, 4000 / reference.timesADay)))
            let times = reference.timesOfDay.map(Int64.init)
            let days = (firstDay..<firstDay + length).filter(reference.matches)
            let matches = days.flatMap { day in times.map { day * 86_400 + $0 } }
            let window = firstDay * 86_400..<(firstDay + length) * 86_400

            #expect(cron.countMatches(in: window) == matches.count, "\(reference.text)")
            #expect(cron.firstMatch(in: window) == matches.first, "\(reference.text)")
            #expect(cron.lastMatch(in: window) == matches.last, "\(reference.text)")
            for _ in 0..<30 {
                var bounds = [Int64.random(in: window, using: &random), Int64.random(in: window, using: &random)]
                // Often exactly at a match.
                if let match = matches.randomElement(using: &random) {
                    bounds[0] = match + Int64.random(in: -1...1, using: &random)
                }
                bounds.sort()
                let range = max(bounds[0], window.lowerBound)..<max(bounds[1], window.lowerBound)
                let from = matches.firstIndex { $0 >= range.lowerBound } ?? matches.count
                let to = matches.firstIndex { $0 >= range.upperBound } ?? matches.count
                #expect(cron.countMatches(in: range) == to - from, "\(reference.text) \(range)")
                #expect(cron.firstMatch(in: range) == (from < to ? matches[from] : nil), "\(reference.text) \(range)")
                #expect(cron.lastMatch(in: range) == (from < to ? matches[to - 1] : nil), "\(reference.text) \(range)")
            }
        }
    }

    /// 400 years hold each kind of year.
    @Test func neverFiresAgreesWithTheSlowReference() throws {
        var random = SeededGenerator(seed: 99)
        var never = 0
        for _ in 0..<3000 {
            let reference = RandomCron(using: &random)
            let cron = try CronExpression(reference.text, seed: "")
            guard cron.neverFires else {
                let first = try #require(cron.firstMatch(in: 0..<Int64.max / 2))
                #expect(reference.matches(day: first / 86_400), "\(reference.text)")
                continue
            }
            never += 1
            if never <= 2 { #expect(!(0..<146_097).contains(where: reference.matches), "\(reference.text)") }
        }
        #expect(never > 3)
    }

    @Test(arguments: [
        ("0 0 29 2 *", "2096-02-29T00:00:01Z", "2104-02-29T00:00:00Z"),
        // Mondays: in 2072 and, since 2100 has no such day, 2112.
        ("0 0 */28 2 1#5", "2072-02-29T00:00:00Z", "2112-02-29T00:00:00Z"),
        ("59 59 23 31 12 *", "2026-12-31T23:59:59Z", "2027-12-31T23:59:59Z"),
        ("0 0 L * *", "2028-01-31T00:00:00Z", "2028-02-29T00:00:00Z"),
        ("0 9 * * 5#2", "2026-11-22T00:00:00Z", "2026-12-11T09:00:00Z"),
        ("0 9 * * 5L", "2026-11-22T00:00:00Z", "2026-11-27T09:00:00Z"),
        ("0 9 * * 1#5", "2026-11-30T09:00:00Z", "2027-03-29T09:00:00Z"),
        ("0 9 13 * FRI", "2026-11-22T00:00:00Z", "2026-11-27T09:00:00Z"),
        ("0 9 */13 * FRI", "2026-11-22T00:00:00Z", "2026-11-27T09:00:00Z"),
        ("0 9 */12 * FRI", "2026-11-22T00:00:00Z", "2026-12-25T09:00:00Z"),
    ])
    func farAway(_ text: String, _ after: String, _ expected: String) throws {
        let schedule = try Schedules.cron(text)
        let next = try #require(schedule.next(after: Schedules.time(after)))
        #expect(next.nominalTime.rfc3339(fractionDigits: 0) == expected)
        #expect(schedule.latest(through: next.nominalTime) == next)
        let before = try #require(schedule.latest(through: Timestamp(microseconds: next.nominalTime.microseconds - 1)))
        #expect(before.nominalTime <= (try Schedules.time(after)))
    }
}
