import JobModel
import Testing

@testable import Timing

@Suite
struct ScheduleFingerprintTests {
    private func fingerprint(_ elements: ScheduleElement...) -> String {
        Schedule(elements, seed: "job").fingerprint
    }

    private func cron(_ text: String) throws -> ScheduleElement.Rule {
        .cron(try CronExpression(text, seed: "job"))
    }

    /// The ledgers of users hold it.
    @Test func isTheSameInEachRelease() throws {
        #expect(fingerprint(try Schedules.element(cron("0 6 * * MON-FRI"), in: "Europe/Berlin")) == "5ffa532a9cc4a20a")
    }

    @Test func doesNotDependOnTheSpelling() throws {
        let (a, b) = (
            try Schedules.element(cron("0 6 * * MON-FRI")), try Schedules.element(cron("0 0 6 ? * 1,2,3,4,5"))
        )
        let every = try Schedules.element(.every(.seconds(60), phase: .zero))
        #expect(fingerprint(a) == fingerprint(b))
        #expect(fingerprint(a, every) == fingerprint(every, b))
        #expect(fingerprint(a, b) == fingerprint(a))
        #expect(fingerprint(every) == fingerprint(try Schedules.element(.every(.seconds(60), phase: .seconds(120)))))
    }

    @Test func dependsOnAllThatMatters() throws {
        let rule = try cron("0 6 * * *")
        var known: Set<String> = []
        let elements = [
            try Schedules.element(rule), try Schedules.element(cron("1 6 * * *")),
            try Schedules.element(rule, in: "Europe/Berlin"), try Schedules.element(rule, jitter: .seconds(1)),
            try Schedules.element(rule, from: "2026-01-01T00:00:00Z"),
            try Schedules.element(rule, to: "2026-01-01T00:00:00Z"),
            try Schedules.element(rule, without: ["2026-01-01"]), try Schedules.element(rule, without: ["2026-01-02"]),
            try Schedules.element(rule, daylight: DaylightPolicy(gap: .skip)),
            try Schedules.element(rule, daylight: DaylightPolicy(overlap: .second)),
            try Schedules.element(rule, daylight: DaylightPolicy(overlap: .both)),
            try Schedules.element(.every(.seconds(60), phase: .zero)),
            try Schedules.element(.every(.seconds(60), phase: .seconds(1))),
            try Schedules.element(.at(Timestamp(seconds: 60))),
        ]
        for element in elements { known.insert(fingerprint(element)) }
        known.insert(fingerprint())
        known.insert(fingerprint(elements[0], elements[1]))
        #expect(known.count == elements.count + 2)
        #expect(known.allSatisfy { $0.utf8.count == 16 })
    }
}
