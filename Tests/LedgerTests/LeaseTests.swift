import JobModel
import Testing

@testable import Ledger

@Suite struct LeaseTests {
    private func moment(_ seconds: Int64, wall: Int64? = nil, boot: String = "boot") -> LedgerMoment {
        LedgerMoment(
            wall: Timestamp(seconds: wall ?? seconds),
            monotonic: MonotonicInstant(nanoseconds: seconds * 1_000_000_000),
            boot: boot)
    }

    @Test(
        arguments: [
            (19, 0, "boot", true), (19, 1_000_000, "boot", true), (20, 0, "boot", false), (0, 0, "boot", true),
            // Another boot: the monotonic clock began anew.
            (-1000, 19, "other", true), (5, 20, "other", false), (5, -19, "other", true), (5, -20, "other", false),
        ] as [(Int64, Int64, String, Bool)])
    func livesFor20Seconds(monotonic: Int64, wall: Int64, boot: String, isLive: Bool) {
        let lease = Lease(
            boot: "boot", monotonic: .init(nanoseconds: 0), wall: Timestamp(seconds: 0), hasResigned: false)
        #expect(lease.isLive(at: moment(monotonic, wall: wall, boot: boot)) == isLive)
    }

    @Test func endsWithResignation() {
        var lease = Lease(
            boot: "boot", monotonic: .init(nanoseconds: 0), wall: Timestamp(seconds: 5), hasResigned: false)
        #expect(lease.end == Timestamp(seconds: 25))
        lease.hasResigned = true
        #expect(lease.end == Timestamp(seconds: 5))
        #expect(!lease.isLive(at: moment(0)))
    }

    @Test func standsExtremeClocks() {
        let lease = Lease(
            boot: "boot", monotonic: .distantFuture, wall: Timestamp(microseconds: .max), hasResigned: false)
        #expect(lease.isLive(at: moment(0)))
        #expect(!lease.isLive(at: moment(0, boot: "other")))
        #expect(lease.end == Timestamp(microseconds: .max))
    }
}
