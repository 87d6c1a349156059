import JobModel
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-11-22T01:15:00Z", 1_795_310_100),
            ("2026-11-22T03:15:00+02:00", 1_795_310_100),
            ("2000-02-29 23:59:59z", 951_868_799), ("1969-12-31T23:59:59Z", -1),
        ] as [(String, Int64)])
    func readsRFC3339(text: String, seconds: Int64) {
        #expect(Timestamp(rfc3339: text) == Timestamp(seconds: seconds))
    }

    @Test(arguments: [
        "", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-22", "2026-11-22T01:15:00", "2026-11-22T24:00:00Z",
        "2026-11-22T01:15:00.Z", "2026-11-22T01:15:00Zjunk", "2026-11-22T01:15:00+2:00",
    ])
    func refusesWhatIsNoDateTime(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test func writesMillisecondsAndKeepsMicroseconds() throws {
        let time = try #require(Timestamp(rfc3339: "2026-11-22T01:15:00.123456789Z"))
        #expect(time.rfc3339() == "2026-11-22T01:15:00.123Z")
        #expect(time.rfc3339(fractionDigits: 6) == "2026-11-22T01:15:00.123456Z")
        #expect(time.rfc3339(fractionDigits: 0) == "2026-11-22T01:15:00Z")
    }

    @Test func civilDatesAndDaysAreInverse() {
        for day in stride(from: Int64(-800_000), through: 800_000, by: 37) {
            let civil = CivilDateTime(secondsSinceEpoch: day * 86_400 + 3723)
            #expect(civil.daysSinceEpoch == day)
            #expect((civil.hour, civil.minute, civil.second) == (1, 2, 3))
            #expect((1...CivilDateTime.days(inMonth: civil.month, of: civil.year)).contains(civil.day))
        }
    }

    @Test func additionSaturates() {
        #expect(Timestamp(microseconds: .max - 1) + .seconds(5) == Timestamp(microseconds: .max))
        #expect(MonotonicInstant(nanoseconds: .max - 1).advanced(by: .seconds(1)) == .distantFuture)
    }
}
