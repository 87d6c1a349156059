import JobModel
import TestSupport
import Testing
import Timing

@Suite struct BackoffTests {
    private func policy(
        initial: Duration = .milliseconds(500), coefficient: Double = 2, maximum: Duration = .seconds(30),
        jitter: RetryPolicy.Jitter = .none
    ) -> RetryPolicy {
        var policy = RetryPolicy()
        policy.initialInterval = initial
        policy.backoffCoefficient = coefficient
        policy.maximumInterval = maximum
        policy.jitter = jitter
        return policy
    }

    @Test(arguments: [
        (0, Duration.milliseconds(500)), (1, .seconds(1)), (2, .seconds(2)), (5, .seconds(16)), (6, .seconds(30)),
        (68, .seconds(30)), (5000, .seconds(30)), (Int.max, .seconds(30)), (-3, .milliseconds(500)),
    ])
    func growsUpToTheMaximum(retry: Int, expected: Duration) {
        #expect(Backoff(policy()).ceiling(retry: retry) == expected)
    }

    @Test(arguments: [0, -1, 0.5, Double.nan, -Double.infinity])
    func aCoefficientBelowOneDoesNotShrink(coefficient: Double) {
        #expect(Backoff(policy(coefficient: coefficient)).ceiling(retry: 9) == .milliseconds(500))
    }

    @Test func extremesDoNotTrap() {
        var random = SeededGenerator(seed: 1)
        let huge = Backoff(
            policy(initial: .seconds(Int64.max), coefficient: .infinity, maximum: .seconds(Int64.max), jitter: .full))
        #expect(huge.ceiling(retry: 3) == .nanoseconds(Int64.max))
        #expect(huge.wait(retry: Int.max, using: &random) >= .zero)
        #expect(Backoff(policy(initial: .zero, coefficient: .infinity)).ceiling(retry: 3) == .zero)
        #expect(Backoff(policy(initial: .seconds(-5), maximum: .seconds(-1))).ceiling(retry: 3) == .zero)
    }

    @Test func aMaximumBelowTheInitialIntervalWins() {
        #expect(Backoff(policy(maximum: .milliseconds(100))).ceiling(retry: 0) == .milliseconds(100))
    }

    @Test(arguments: [
        (RetryPolicy.Jitter.full, 0.0, 1.0), (.equal, 0.5, 1.0), (.none, 1.0, 1.0),
    ])
    func jitterSpreadsOverItsRange(jitter: RetryPolicy.Jitter, low: Double, high: Double) {
        var random = SeededGenerator(seed: 7)
        let backoff = Backoff(policy(jitter: jitter))
        let waits = (0..<2000).map { _ in backoff.wait(retry: 1, using: &random).milliseconds / 1000 }
        let spread = high - low
        #expect(waits.allSatisfy { $0 >= low && $0 <= high })
        #expect((waits.min() ?? 9) <= low + spread * 0.05)
        #expect((waits.max() ?? -9) >= high - spread * 0.05)
    }

    @Test func equalSeedsGiveEqualWaits() {
        var first = SeededGenerator(seed: 3)
        var second = SeededGenerator(seed: 3)
        let backoff = Backoff(policy(jitter: .full))
        for retry in 0..<20 {
            #expect(backoff.wait(retry: retry, using: &first) == backoff.wait(retry: retry, using: &second))
        }
    }
}
