import JobModel
import Testing

@testable import Status

@Suite struct HealthTests {
    private static let now = StatusSamples.now

    private static func health(due: Duration?, looked: Duration, caughtUp: Duration) -> Health {
        let monotonic = MonotonicInstant(nanoseconds: 1_000_000_000_000)
        return Health(
            SchedulerPulse(
                lookedAt: monotonic.advanced(by: .zero - looked), caughtUpAt: monotonic.advanced(by: .zero - caughtUp),
                nextDue: due.map { now + $0 }), wall: now, monotonic: monotonic)
    }

    @Test(
        arguments: [
            // Nothing to come; something to come; something just due.
            (nil, 0.5, 0.5, true), (5, 0.5, 0.5, true), (-9.999, 0.5, 9.999, true),
            // Due for ten seconds, and behind for as long.
            (-10, 0.5, 10, false), (-3600, 0, 3600, false),
            // The clock was set forward: nobody could have handled it.
            (-7200, 0.5, 0.5, true), (-7200, 0.5, 9.9, true), (-7200, 0.5, 10, false),
            // The clock was set back meanwhile: nothing is due any more.
            (3600, 0.5, 3600, true),
            // Nothing is due, and nobody looks.
            (nil, 9.9, 9.9, true), (nil, 10, 10, false), (3600, 11, 11, false),
        ] as [(Double?, Double, Double, Bool)])
    func isRedWhenADueOccurrenceIsNotHandled(due: Double?, looked: Double, caughtUp: Double, isGood: Bool) {
        let health = Self.health(
            due: due.map { .seconds($0) }, looked: .seconds(looked), caughtUp: .seconds(caughtUp))
        #expect((health == .good) == isGood)
        #expect((health.reason == nil) == isGood)
    }

    @Test func tellsWhatIsWrong() {
        let overdue = Self.health(due: .seconds(-20), looked: .zero, caughtUp: .seconds(20))
        #expect(overdue == .overdue(since: Self.now - .seconds(20)))
        #expect(overdue.reason == "an occurrence that was due at 2026-11-18T11:06:20.000Z has not been handled")
        #expect(
            Self.health(due: nil, looked: .seconds(90), caughtUp: .seconds(90)).reason
                == "the scheduler has not looked at the clock for 1m30s")
    }

    @Test func noSchedulerYetIsNoIllness() {
        #expect(Health(nil, wall: Self.now, monotonic: MonotonicInstant(nanoseconds: 0)) == .good)
    }
}
