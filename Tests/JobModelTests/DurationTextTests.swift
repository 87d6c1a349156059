import JobModel
import Testing

@Suite struct DurationTextTests {
    @Test(
        arguments: [
            ("500ms", .milliseconds(500)), ("30s", .seconds(30)), ("5m", .seconds(300)), ("1h30m", .seconds(5400)),
            ("2d", .seconds(172_800)), ("1.5s", .milliseconds(1500)), ("0s", .zero), ("1m500ms", .milliseconds(60_500)),
        ] as [(String, Duration)])
    func readsUnits(text: String, duration: Duration) {
        #expect(Duration(durationText: text) == duration)
    }

    @Test(arguments: ["", "5", "s", "-5s", "30m1h", "1s1s", "1h 30m", "5x", "1.s", "99999999999s", "10001d", "1e3s"])
    func refusesOtherText(text: String) {
        #expect(Duration(durationText: text) == nil)
    }

    @Test(arguments: ["500ms", "30s", "1h30m", "2d", "1m500ms", "0s"])
    func writesWhatItReads(text: String) {
        #expect(Duration(durationText: text)?.durationText == text)
    }

    @Test func readsRates() {
        #expect(Rate(rateText: "50/s")?.perSecond == 50)
        #expect(Rate(rateText: "600/m")?.perSecond == 10)
        #expect(Rate(rateText: "3600/h")?.perSecond == 1)
        for text in ["", "50", "0/s", "-1/s", "50/d", "50/s/s", "x/s", "inf/s", "nan/s", "1e3/s"] {
            #expect(Rate(rateText: text) == nil)
        }
    }
}
