import Execution
import JobModel
import TestSupport
import Testing

private func at(_ milliseconds: Double) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: Int64(milliseconds * 1_000_000))
}

@Suite struct PacerTests {
    /// Starts as soon as the pacer and a timer of some lateness allow.
    private func starts(_ rate: Rate, seconds: Int, lateness: Int64, stallAt: Int64 = .max) -> [Int64] {
        var pacer = Pacer(rate)
        var random = SeededGenerator(seed: 9)
        var now: Int64 = 0
        var starts: [Int64] = []
        var hasStalled = false
        while now < Int64(seconds) * 1_000_000_000 {
            let instant = MonotonicInstant(nanoseconds: now)
            if pacer.isReady(at: instant) {
                pacer.started(at: instant)
                starts.append(now)
                continue
            }
            now = pacer.wake(at: instant).nanoseconds + Int64.random(in: 0...lateness, using: &random)
            if now > stallAt, !hasStalled {
                now += 3_000_000_000
                hasStalled = true
            }
        }
        return starts
    }

    @Test(arguments: [0.5, 1, 2.5, 7, 10, 50, 99, 100, 101, 150, 200, 999, 1000, 3000, 12_345])
    func keepsEverySecondWithinTheRateAndReachesIt(perSecond: Double) {
        let rate = Rate(count: perSecond, per: .seconds(1))
        let starts = starts(rate, seconds: 20, lateness: 300_000)
        let most = Int((perSecond + max(1, perSecond / 100)).rounded(.down))
        for index in starts.indices.dropFirst(most) {
            #expect(starts[index] - starts[index - most] >= 1_000_000_000)
        }
        #expect(Double(starts.count) >= perSecond * 20 * 0.99)
        #expect(Double(starts.count) <= perSecond * 20 + 1 + perSecond / 100)
    }

    @Test(arguments: [10.0, 100, 1000])
    func doesNotCatchUpAfterAStall(perSecond: Double) {
        let rate = Rate(count: perSecond, per: .seconds(1))
        let starts = starts(rate, seconds: 10, lateness: 0, stallAt: 4_000_000_000)
        #expect(Double(starts.count) <= perSecond * 7 * 1.01 + 1)
        #expect(Double(starts.count) >= perSecond * 7 * 0.98)
    }

    @Test func spacesEvenly() {
        let starts = starts(Rate(count: 600, per: .seconds(60)), seconds: 5, lateness: 0)
        for (earlier, later) in zip(starts, starts.dropFirst()) { #expect(later - earlier == 100_000_000) }
    }

    @Test(arguments: [1e-300, 1e-9, 1e7, 1e12])
    func extremeRatesDoNotTrap(count: Double) {
        var pacer = Pacer(Rate(count: count, per: .seconds(3600)))
        #expect(pacer.isReady(at: at(5)))
        pacer.started(at: at(5))
        #expect(!pacer.isReady(at: at(5)))
        #expect(pacer.wake(at: at(5)) > at(5))
        #expect(pacer.isReady(at: at(1e12)) == (count >= 1e7))
    }
}

@Suite struct AdaptiveWindowTests {
    @Test func halvesOncePerRoundTrip() {
        var window = AdaptiveWindow()
        let early = (0..<16).map { _ in window.started() }
        for start in early { window.rejected(start: start, inFlight: 16) }
        #expect(window.limit == 8)
        let late = window.started()
        window.rejected(start: late, inFlight: 8)
        #expect(window.limit == 4)
    }

    @Test func neverFallsBelowOne() {
        var window = AdaptiveWindow()
        for _ in 0..<10 { window.rejected(start: window.started(), inFlight: 3) }
        #expect(window.limit == 1)
    }

    @Test func growsByOnePerWindowOfSuccessesAndIsLifted() {
        var window = AdaptiveWindow()
        window.rejected(start: window.started(), inFlight: 8)
        var limits: [Int?] = []
        for _ in 0..<4 + 5 + 6 + 7 {
            window.succeeded(start: window.started(), ceiling: 8)
            limits.append(window.limit)
        }
        #expect(limits[2] == 4 && limits[3] == 5 && limits[7] == 5 && limits[8] == 6 && limits[20] == 7)
        #expect(limits[21] == nil)
    }

    @Test func successesFromBeforeTheDecreaseDoNotCount() {
        var window = AdaptiveWindow()
        let early = (0..<9).map { _ in window.started() }
        window.rejected(start: early[0], inFlight: 4)
        for start in early.dropFirst() { window.succeeded(start: start, ceiling: 8) }
        #expect(window.limit == 2)
    }
}

@Suite struct RetryBudgetTests {
    @Test func allowsAFifthOfTheAttemptsOfTheLastMinute() {
        var budget = RetryBudget()
        for number in 0..<1000 { budget.started(isRetry: false, at: at(Double(number))) }
        var retries = 0
        while budget.allowsRetry(at: at(1000)), retries < 5000 {
            budget.started(isRetry: true, at: at(1000))
            retries += 1
        }
        #expect(retries == 250)
        let later = budget.allowsRetry(at: at(2001))
        #expect(later)
    }

    @Test func neverLessThanTenASecond() {
        var budget = RetryBudget()
        var allowed: [Int] = []
        for millisecond in 0..<5000 where budget.allowsRetry(at: at(Double(millisecond))) {
            budget.started(isRetry: true, at: at(Double(millisecond)))
            allowed.append(millisecond)
        }
        #expect(allowed.count == 50)
        for (earlier, later) in zip(allowed, allowed.dropFirst(10)) { #expect(later - earlier >= 1000) }
        #expect(budget.nextAllowed == at(5000))
    }

    @Test func forgetsAfterAMinute() {
        var budget = RetryBudget()
        for _ in 0..<1000 { budget.started(isRetry: false, at: at(0)) }
        for _ in 0..<10 { budget.started(isRetry: true, at: at(60_000)) }
        let afterAMinute = budget.allowsRetry(at: at(60_000))
        #expect(!afterAMinute)
        var kept = RetryBudget()
        for _ in 0..<1000 { kept.started(isRetry: false, at: at(1000)) }
        for _ in 0..<10 { kept.started(isRetry: true, at: at(60_000)) }
        let withinAMinute = kept.allowsRetry(at: at(60_000))
        #expect(withinAMinute)
    }
}

@Suite struct ToleranceTests {
    @Test(arguments: [
        (Tolerance.count(2), 2, 2, false, false), (.count(2), 3, 3, false, true), (.count(0), 1, 1, false, true),
        (.percent(5), 6, 99, false, false), (.percent(5), 6, 100, false, true), (.percent(5), 5, 100, false, false),
        (.percent(5), 1, 10, true, true), (.percent(0), 0, 0, true, false), (.percent(100), 9, 9, true, false),
        (.percent(0.5), 1, 199, true, true), (.percent(0.5), 1, 200, true, false),
    ])
    func judges(tolerance: Tolerance, failures: Int, finished: Int, atEnd: Bool, exceeded: Bool) {
        #expect(tolerance.isExceeded(failures: failures, finished: finished, atEnd: atEnd) == exceeded)
    }
}
