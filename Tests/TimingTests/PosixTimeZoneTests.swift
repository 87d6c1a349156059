import JobModel
import Testing

@testable import Timing

@Suite struct PosixTimeZoneTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var time: String
        var secondsEast: Int
        var name: String
        var testDescription: String { "\(text) at \(time)" }

        init(_ text: String, _ time: String, _ secondsEast: Int, _ name: String) {
            (self.text, self.time, self.secondsEast, self.name) = (text, time, secondsEast, name)
        }
    }

    static let berlin = "CET-1CEST,M3.5.0,M10.5.0/3"
    static let dublin = "IST-1GMT0,M10.5.0,M3.5.0/1"
    static let sydney = "AEST-10AEDT,M10.1.0,M4.1.0/3"
    static let godthab = "<-02>2<-01>,M3.5.0/-1,M10.5.0/0"

    @Test(arguments: [
        Case("UTC0", "2026-01-01T00:00:00Z", 0, "UTC"),
        Case("<+0545>-5:45", "2026-01-01T00:00:00Z", 20_700, "+0545"),
        Case("LMT0:53:28", "2026-01-01T00:00:00Z", -3208, "LMT"),
        Case(berlin, "2026-03-29T00:59:59Z", 3600, "CET"),
        Case(berlin, "2026-03-29T01:00:00Z", 7200, "CEST"),
        Case(berlin, "2026-10-25T00:59:59Z", 7200, "CEST"),
        Case(berlin, "2026-10-25T01:00:00Z", 3600, "CET"),
        Case(berlin, "9999-07-01T00:00:00Z", 7200, "CEST"),
        Case(dublin, "2026-07-01T00:00:00Z", 3600, "IST"),
        Case(dublin, "2026-12-31T23:59:59Z", 0, "GMT"),
        Case(dublin, "2026-01-01T00:00:00Z", 0, "GMT"),
        Case(sydney, "2026-01-01T00:00:00Z", 39_600, "AEDT"),
        Case(sydney, "2026-04-04T15:59:59Z", 39_600, "AEDT"),
        Case(sydney, "2026-04-04T16:00:00Z", 36_000, "AEST"),
        Case(sydney, "2026-10-03T16:00:00Z", 39_600, "AEDT"),
        Case(godthab, "2026-03-29T00:59:59Z", -7200, "-02"),
        Case(godthab, "2026-03-29T01:00:00Z", -3600, "-01"),
        // Daylight saving time all year, as RFC 9636, 3.3.1 has it.
        Case("XXX3EDT4,0/0,J365/23", "2026-01-01T03:00:00Z", -14_400, "EDT"),
        Case("XXX3EDT4,0/0,J365/23", "2026-01-01T02:59:59Z", -14_400, "EDT"),
        Case("XXX3EDT4,0/0,J365/23", "2024-12-31T23:59:59Z", -14_400, "EDT"),
        // J60 is 1 March in every year, 59 is 29 February in leap years.
        Case("AAA0BBB,J60/0,J300/0", "2024-02-29T23:59:59Z", 0, "AAA"),
        Case("AAA0BBB,J60/0,J300/0", "2024-03-01T00:00:00Z", 3600, "BBB"),
        Case("AAA0BBB,59/0,300/0", "2024-02-29T00:00:00Z", 3600, "BBB"),
        Case("AAA0BBB,59/0,300/0", "2025-02-28T23:59:59Z", 0, "AAA"),
        // Hours beyond a day carry into neighbouring days, weeks and years.
        Case("AAA0BBB,M3.4.4/50,M10.4.4/50", "2026-03-28T01:59:59Z", 0, "AAA"),
        Case("AAA0BBB,M3.4.4/50,M10.4.4/50", "2026-03-28T02:00:00Z", 3600, "BBB"),
        Case("AAA0BBB,J365/167,J200/0", "2026-01-06T22:59:59Z", 0, "AAA"),
        Case("AAA0BBB,J365/167,J200/0", "2026-01-06T23:00:00Z", 3600, "BBB"),
        Case("AAA0BBB,J1/-167,J200/0", "2025-12-25T01:00:00Z", 3600, "BBB"),
    ])
    func offsetAtATime(_ item: Case) throws {
        let rule = try #require(PosixTimeZone(Array(item.text.utf8)))
        let time = try #require(Timestamp(rfc3339: item.time))
        #expect(rule.type(at: time.seconds).secondsEast == item.secondsEast)
        #expect(rule.type(at: time.seconds).abbreviation == item.name)
    }

    @Test(arguments: [
        "", "A", "AB1", "CET", "CET-", "CET-25", "CET-1:60", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,", "CET-1CEST,M0.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,J0,J1", "CET-1CEST,J366,J1", "CET-1CEST,366,1", "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3 ", "CET-1CEST,M3.5.0,M10.5.0/3,", "<+01-1", "<>-1", "CET--1", "CET1000",
        "Ä-1", ":Europe/Berlin",
    ])
    func anythingElseIsRefused(_ text: String) {
        #expect(PosixTimeZone(Array(text.utf8)) == nil)
    }
}
