import JobModel
import Templating
import Testing

@Suite struct DateFilterTests {
    /// 2026-11-22T01:15:00Z is a Sunday.
    @Test(arguments: [
        ("%Y-%m-%d %H:%M:%S", "2026-11-22 01:15:00"), ("%F %T", "2026-11-22 01:15:00"), ("%D %R", "11/22/26 01:15"),
        ("%y %j %C", "26 326 20"), ("%a %A %b %B %h", "Sun Sunday Nov November Nov"),
        ("%e|%k|%l|%I|%p|%P", "22| 1| 1|01|AM|am"),
        ("%Z %z %:z", "UTC +0000 +00:00"), ("%s", "1795310100"), ("%u %w", "7 0"), ("%G-W%V %g", "2026-W47 26"),
        ("%U %W", "47 46"), ("%L %f", "000 000000"), ("%n%t%%", "\n\t%"), ("%-d.%-m. %-H %_H %_m", "22.11. 1  1 11"),
        ("%Ey %Od %EY %Om", "26 22 2026 11"), ("%^a %^B", "SUN NOVEMBER"), ("%r", "01:15:00 AM"),
        ("%c", "Sun Nov 22 01:15:00 2026"),
        ("%x %X", "11/22/26 01:15:00"),
        ("", ""), ("no directives, ü", "no directives, ü"), ("%0e", "22"), ("100%%", "100%"),
    ])
    func formats(format: String, text: String) throws {
        #expect(try Fixture.text("{{ run.nominalTime | date: '\(format)' }}") == text)
    }

    @Test(arguments: [
        ("now | date: '%F %T %Z %z', 'Europe/Berlin'", "2026-11-22 02:15:02 CET +0100"),
        ("now | date: '%H:%M %:z', 'Asia/Kolkata'", "06:45 +05:30"),
        ("now | date: '%F %T %z', 'America/New_York'", "2026-11-21 20:15:02 -0500"),
        ("'2026-07-01T10:00:00.25Z' | date: '%T.%L %Z', 'Europe/Berlin'", "12:00:00.250 CEST"),
        ("now | date: '%T %Z', 'UTC'", "01:15:02 UTC"), ("now | date: '%H', row.zone", "02"),
        ("'2026-11-22T01:15:00+05:30' | date: '%F %H:%M'", "2026-11-21 19:45"),
        ("'2026-11-22' | date: '%d.%m.%Y'", "22.11.2026"),
        ("'2026-11-22' | plus: '36h' | date: '%F %T'", "2026-11-23 12:00:00"),
        ("0 | date: '%FT%TZ'", "1970-01-01T00:00:00Z"), ("1700000000.5 | date: '%s %L'", "1700000000 500"),
        ("-1 | date: '%F %T'", "1969-12-31 23:59:59"), ("row.ts | int | date: '%Y'", "2023"),
        ("run.startedAt | date: '%L %f'", "123 123456"),
    ])
    func timesAndZones(expression: String, text: String) throws {
        let row = #"{"zone":"Europe/Berlin","ts":"1700000000"}"#
        #expect(try Fixture.text("{{ \(expression) }}", row: row) == text)
    }

    @Test func theJobsZoneIsTheDefault() throws {
        var context = try Fixture.context()
        context.defaultZone = "Asia/Kolkata"
        #expect(try TextTemplate(compiling: "{{ now | date: '%H:%M' }}").text(context: &context) == "06:45")
        #expect(try TextTemplate(compiling: "{{ now }}").text(context: &context) == "2026-11-22T01:15:02Z")
        context.defaultZone = "Nowhere/City"
        #expect(throws: TemplateError.self) {
            try TextTemplate(compiling: "{{ now | date: '%H:%M' }}").text(context: &context)
        }
    }

    @Test(arguments: [
        ("run.nominalTime | minus: '1d' | date: '%Y-%m-%d'", #""2026-11-21""#),
        ("run.nominalTime | plus: '1h30m'", #""2026-11-22T02:45:00Z""#),
        ("run.nominalTime | plus: '500ms'", #""2026-11-22T01:15:00.500Z""#),
        ("'2026-12-31T23:59:59Z' | plus: '1s'", #""2027-01-01T00:00:00Z""#),
        ("86400 | minus: '1d'", #""1970-01-01T00:00:00Z""#), ("now | plus: row.d", #""2026-11-24T01:15:02Z""#),
    ])
    func timesAreShifted(expression: String, json: String) throws {
        #expect(try Fixture.json(expression, row: #"{"d":"2d"}"#) == json)
    }

    @Test(arguments: [
        ("2024-12-30", "2025-W01"), ("2021-01-03", "2020-W53"), ("2026-12-31", "2026-W53"), ("2024-01-01", "2024-W01"),
        ("2023-01-01", "2022-W52"), ("2020-12-31", "2020-W53"), ("2016-01-03", "2015-W53"),
    ])
    func isoWeeksAroundTheYearsEnd(day: String, week: String) throws {
        #expect(try Fixture.text("{{ '\(day)T12:00:00Z' | date: '%G-W%V' }}") == week)
    }

    @Test(arguments: [
        ("2026-01-01", "00 00"), ("2026-01-04", "01 00"), ("2026-01-05", "01 01"), ("2023-01-01", "01 00"),
        ("2024-12-31", "52 53"),
    ])
    func weeksOfTheYear(day: String, weeks: String) throws {
        #expect(try Fixture.text("{{ '\(day)T12:00:00Z' | date: '%U %W' }}") == weeks)
    }

    @Test(arguments: [
        "'2026-02-30' | date: '%Y'", "'yesterday' | date: '%Y'", "true | date: '%Y'", "row | date: '%Y'",
        "1795310100000 | date: '%Y'", "1e400 | date: '%Y'", "-1e400 | date: '%Y'",
        "'9999-12-31T23:59:59Z' | plus: '1s'", "'0000-01-01T00:00:00Z' | minus: '1s'", "row.null | date: '%Y'",
    ])
    func otherValuesAreNoTimes(expression: String) {
        #expect(throws: (any Error).self) { try Fixture.json(expression, row: #"{"null":null}"#) }
    }
}
