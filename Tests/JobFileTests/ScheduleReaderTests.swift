import JobFile
import JobModel
import Testing
import Timing

@Suite struct ScheduleReaderTests {
    private static let start = "2026-03-28T00:00:00Z"

    /// The first nominal times from the start of 28 March 2026 on, the day before clocks go forward in Europe.
    private static func times(_ schedule: String, _ count: Int = 3, job settings: String = "") throws -> [String] {
        let job = try onlyJob("schedule: \(schedule)\n\(settings)")
        let calendar = try #require(job.schedule)
        var times: [String] = []
        var position = try #require(Timestamp(rfc3339: start)) - .microseconds(1)
        while times.count < count, let next = calendar.next(after: position) {
            times.append(next.nominalTime.shortestRFC3339)
            position = next.nominalTime
        }
        return times
    }

    @Test(
        arguments: [
            (#"{ cron: "15 2 * * *" }"#, ["2026-03-28T02:15:00Z", "2026-03-29T02:15:00Z"]),
            (#"{ cron: "15 2 * * *", timeZone: Europe/Berlin }"#, ["2026-03-28T01:15:00Z", "2026-03-29T01:00:00Z"]),
            (
                #"{ cron: "15 2 * * *", timeZone: Europe/Berlin, dst: { gap: skip, overlap: both } }"#,
                ["2026-03-28T01:15:00Z", "2026-03-30T00:15:00Z"]
            ),
            (#"{ cron: "15 2 * * *", exclude: [2026-03-28] }"#, ["2026-03-29T02:15:00Z", "2026-03-30T02:15:00Z"]),
            ("{ cron: '*/30 0 6 * * *' }", ["2026-03-28T06:00:00Z", "2026-03-28T06:00:30Z"]),
            ("{ cron: \"@monthly\" }", ["2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"]),
            ("{ every: 90m }", ["2026-03-28T00:00:00Z", "2026-03-28T01:30:00Z"]),
            ("{ every: 1h, phase: 1s }", ["2026-03-28T00:00:01Z", "2026-03-28T01:00:01Z"]),
            ("{ every: 500ms, phase: 1ms }", ["2026-03-28T00:00:00.001Z", "2026-03-28T00:00:00.501Z"]),
            ("{ at: 2026-12-01T10:00:00+01:00 }", ["2026-12-01T09:00:00Z"]),
            ("{ at: 1999-12-31T23:59:59Z }", []),
            (
                "{ every: 1h, startAt: 2026-03-28T10:00:00Z, endAt: 2026-03-28T11:00:00Z }", ["2026-03-28T10:00:00Z"]
            ),
            (
                "[{ every: 12h }, { cron: \"0 0 * * *\" }, { at: 2026-03-28T01:00:00Z }]",
                ["2026-03-28T00:00:00Z", "2026-03-28T01:00:00Z"]
            ),
        ] as [(String, [String])])
    func readsElements(schedule: String, expected: [String]) throws {
        #expect(try Self.times(schedule, 2) == expected)
    }

    @Test func knowsTheNameOfItsJob() throws {
        let text = """
            version: 1
            jobs:
              a: &base { lambda: \(someUUID), schedule: { cron: "H H * * *", jitter: 10m } }
              b: *base
            """
        let jobs = try #require(load(text).document?.jobs)
        let day = try #require(Timestamp(rfc3339: Self.start))
        let first = jobs.compactMap { $0.schedule?.next(after: day)?.nominalTime }
        #expect(first.count == 2 && first[0] != first[1])
        let plain = try #require(try onlyJob("schedule: { every: 1h, jitter: 10m }").schedule?.next(after: day))
        #expect(plain.fireTime > plain.nominalTime && plain.fireTime < plain.nominalTime + .seconds(600))
    }

    @Test func jobsWithoutASchedule() throws {
        let job = try onlyJob("")
        #expect(job.schedule == nil)
        #expect(job.scheduling == SchedulePolicy())
        #expect(job.hooks.isEmpty)
    }

    @Test(arguments: [
        (
            "schedule: { cron: \"61 * * * *\" }", "5:24 bad-cron jobs.a.schedule.cron: minute: 61 is not in 0-59"
        ),
        (
            "schedule: { timeZone: UTC }",
            "5:5 missing-key jobs.a.schedule lacks 'cron', 'every' or 'at' "
                + "(write { cron: \"15 2 * * *\" }, { every: 15m } or { at: 2026-11-22T01:15:00Z })"
        ),
        (
            "schedule: 15 2 * * *",
            "5:15 wrong-type expected a mapping with cron, every or at for jobs.a.schedule, found the text \"15 2 * * *\" "
                + "(write { cron: \"15 2 * * *\" }, { every: 15m } or { at: 2026-11-22T01:15:00Z })"
        ),
        (
            "schedule:",
            "5:14 wrong-type expected a mapping with cron, every or at for jobs.a.schedule, found nothing "
                + "(write { cron: \"15 2 * * *\" }, { every: 15m } or { at: 2026-11-22T01:15:00Z })"
        ),
        (
            "schedule: []",
            "5:15 bad-value jobs.a.schedule: there is nothing in the list (leave 'schedule' out, or "
                + "write { cron: \"15 2 * * *\" }, { every: 15m } or { at: 2026-11-22T01:15:00Z })"
        ),
        (
            "schedule: [{ every: 1h }, { every: 0s }]",
            "5:40 bad-value expected a duration of at least 1ms for jobs.a.schedule[1].every, found the text \"0s\""
        ),
        (
            "schedule: { every: 1h, cron: \"0 0 * * *\" }",
            "5:28 bad-value jobs.a.schedule has both 'cron' and 'every' (make a list of two elements for both, or remove "
                + "one)"
        ),
        (
            "schedule: { every: 15 }",
            "5:24 wrong-type expected a duration such as 30s for jobs.a.schedule.every, found the number 15 "
                + "(give the unit: 15s, or 15ms)"
        ),
        (
            "schedule: { every: 1h, phase: 1h }",
            "5:35 bad-value jobs.a.schedule.phase: not shorter than every (write less than 1h)"
        ),
        (
            "schedule: { cron: \"0 0 * * *\", phase: 1h }",
            "5:36 bad-value jobs.a.schedule.phase belongs to every (remove it)"
        ),
        (
            "schedule: { at: tomorrow }",
            "5:21 bad-value expected a time such as 2026-11-22T01:15:00Z for jobs.a.schedule.at, found the text "
                + "\"tomorrow\""
        ),
        (
            "schedule: { at: 2026-11-22T10:00, timeZone: Europe/Berlin }",
            "5:21 bad-value expected a time such as 2026-11-22T01:15:00Z for jobs.a.schedule.at, found the text "
                + "\"2026-11-22T10:00\" (give the date, the time and the offset from UTC: 2026-11-22T10:00:00+01:00)"
        ),
        (
            "schedule: { every: 1h, startAt: 2026-07-01, timeZone: America/St_Johns }",
            "5:37 bad-value expected a time such as 2026-11-22T01:15:00Z for jobs.a.schedule.startAt, found the text "
                + "\"2026-07-01\" (give the date, the time and the offset from UTC: 2026-07-01T00:00:00-02:30)"
        ),
        (
            "schedule: { every: 1h, startAt: 2026-02-30T00:00:00Z }",
            "5:37 bad-value expected a time such as 2026-11-22T01:15:00Z for jobs.a.schedule.startAt, found the text "
                + "\"2026-02-30T00:00:00Z\""
        ),
        (
            "schedule: { every: 1h, startAt: 2026-03-01T00:00:00Z, endAt: 2026-03-01T01:00:00+01:00 }",
            "5:66 bad-value jobs.a.schedule.endAt: not after startAt (startAt is inclusive, endAt is not)"
        ),
        (
            "schedule: { cron: \"0 0 1 1 *\", startAt: 2026-03-01T00:00:00Z, endAt: 2026-04-01T00:00:00Z }",
            "5:15 bad-value jobs.a.schedule: never fires between startAt and endAt "
                + "(see what 'fnrun plan' shows without them)"
        ),
        (
            "schedule: { at: 2026-03-01T00:00:00Z, endAt: 2026-03-01T00:00:00Z }",
            "5:15 bad-value jobs.a.schedule: never fires between startAt and endAt "
                + "(see what 'fnrun plan' shows without them)"
        ),
        (
            "schedule: { cron: \"0 0 30 2 *\" }",
            "5:23 bad-value jobs.a.schedule.cron: never fires: no date has such a day in such a month "
                + "(check day of month, month and day of week)"
        ),
        (
            "schedule: { every: 1h, exclude: 2026-12-25 }",
            "5:37 wrong-type expected a list of dates such as [2026-12-25] for jobs.a.schedule.exclude, found the text "
                + "\"2026-12-25\""
        ),
        (
            "schedule: { every: 1h, exclude: [2026-02-29] }",
            "5:38 bad-value expected a date such as 2026-12-25 for jobs.a.schedule.exclude[0], found the text "
                + "\"2026-02-29\""
        ),
        (
            "schedule: { cron: \"0 2 * * *\", dst: { gap: shfit } }",
            "5:48 bad-value expected shift or skip for jobs.a.schedule.dst.gap, found the text \"shfit\" "
                + "(did you mean 'shift'?)"
        ),
        (
            "schedule: { cron: \"0 2 * * *\", dst: { overlap: last } }",
            "5:52 bad-value expected first, second or both for jobs.a.schedule.dst.overlap, found the text \"last\""
        ),
        (
            "schedule: { every: 1h, dst: { gap: skip } }",
            "5:28 bad-value jobs.a.schedule.dst belongs to cron: every and at name instants, which clocks do not change "
                + "(remove it)"
        ),
        (
            "schedule: { every: 1h, jiter: 1s }",
            "5:28 unknown-key unknown key 'jiter' in jobs.a.schedule (did you mean 'jitter'?)"
        ),
    ])
    func explainsMistakes(settings: String, problem: String) {
        let result = load(file(job: settings))
        #expect(brief(result) == [problem])
        #expect(result.document == nil)
    }

    @Test(arguments: [
        ("Europe/Berln", "did you mean 'Europe/Berlin'?"), ("europe/berlin", "did you mean 'Europe/Berlin'?"),
        ("Berlin", "did you mean 'Europe/Berlin'?"), ("New York", "did you mean 'America/New_York'?"),
        ("Mars/Olympus_Mons_Base", "names are such as Europe/Berlin or UTC"), ("../UTC", "did you mean 'Etc/UTC'?"),
        ("+01:00", "names are such as Europe/Berlin or UTC"),
    ])
    func suggestsTimeZones(name: String, hint: String) {
        let result = load(file(job: "schedule: { every: 1h, timeZone: \"\(name)\" }"))
        #expect(
            brief(result) == [
                "5:38 unknown-zone jobs.a.schedule.timeZone: there is no time zone '\(name)' (\(hint))"
            ])
    }

    @Test func pointsIntoTheExpression() {
        let text = file(
            job: """
                schedule:
                  - cron: "0 24 * * *"
                  - cron: 0 0 * FEB-JAN *
                    timeZone: Europe/Berlin
                """)
        #expect(
            rendered(load(text)) == """
                jobs/f.yaml:6:18: error: jobs.a.schedule[0].cron: hour: 24 is not in 0-23
                          - cron: "0 24 * * *"
                                     ^~
                  = help: midnight is 0
                jobs/f.yaml:7:21: error: jobs.a.schedule[1].cron: month: the range 'FEB-JAN' runs backwards
                          - cron: 0 0 * FEB-JAN *
                                        ^~~~~~~
                  = help: write 2-12,1

                """)
    }

    @Test func neverShowsWhatVariablesHold() {
        let settings = "schedule: { cron: \"${C}\", timeZone: \"${Z}\", startAt: \"${T}\", exclude: [\"${T}\"] }"
        let result = load(
            file(job: settings), environment: ["C": "hunter2 * *", "Z": "hunter3", "T": "2026-hunter4"])
        #expect(
            brief(result) == [
                "5:23 bad-cron jobs.a.schedule.cron: with its variables filled in, this is no cron expression: ${C}",
                "5:41 unknown-zone jobs.a.schedule.timeZone: there is no time zone '${Z}' "
                    + "(names are such as Europe/Berlin or UTC)",
                "5:58 bad-value expected a time such as 2026-11-22T01:15:00Z for jobs.a.schedule.startAt, found text "
                    + "from ${T}",
                "5:76 bad-value expected a date such as 2026-12-25 for jobs.a.schedule.exclude[0], found text from ${T}",
            ])
    }

    @Test func warnsOfADaylightPolicyForRealTime() {
        let result = load(file(job: "schedule: { cron: \"*/5 * * * *\", dst: { gap: skip } }"))
        #expect(result.document != nil)
        #expect(
            brief(result) == [
                "5:38 no-effect jobs.a.schedule.dst has no effect: a cron whose minute or hour begins with '*' follows "
                    + "real time (remove it)"
            ])
    }

    @Test func readsZonesFromTheFolderOfTheEnvironment() {
        let result = load(
            file(job: "schedule: { every: 1h, timeZone: Europe/Berlin }"), environment: ["TZDIR": "/nonexistent"])
        #expect(result.diagnostics.map(\.code) == ["unknown-zone"])
        #expect(load(file(job: "schedule: { every: 1h }"), environment: ["TZDIR": "/nonexistent"]).document != nil)
    }
}
