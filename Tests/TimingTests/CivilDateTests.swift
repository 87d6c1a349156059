import Testing

@testable import Timing

@Suite
struct CivilDateTests {
    @Test(arguments: [("2026-12-24", 20_811), ("1970-01-01", 0), ("2024-02-29", 19_782), ("0000-01-01", -719_528)])
    func valid(_ text: String, _ days: Int64) {
        #expect(CivilDate(text)?.daysSinceEpoch == days)
    }

    @Test(arguments: [
        "", "2026-12-24 ", "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-1-1", "20261224", "2026/12/24",
        "+026-12-24", "2026-12-2x", "٢٠٢٦-١٢-٢٤", "2026-12-24T00:00:00Z",
    ])
    func invalid(_ text: String) {
        #expect(CivilDate(text) == nil)
    }
}
