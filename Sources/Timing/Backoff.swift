import Glibc
package import JobModel

/// How long a failed attempt waits before the next: exponential, capped, randomised.
///
/// | retry | at most, with an initial interval of 500 ms, coefficient 2, maximum 30 s |
/// |---|---|
/// | 0 | 500 ms |
/// | 1 | 1 s |
/// | 2 | 2 s |
/// | 6 and later | 30 s |
package struct Backoff: Sendable, Hashable {
    private let initial: Double
    private let coefficient: Double
    private let maximum: Int64
    private let jitter: RetryPolicy.Jitter

    /// A coefficient below 1, or none (NaN), counts as 1; intervals below zero count as zero.
    package init(_ policy: RetryPolicy) {
        maximum = Swift.max(0, policy.maximumInterval.wholeNanoseconds)
        initial = Double(Swift.max(0, policy.initialInterval.wholeNanoseconds))
        coefficient = policy.backoffCoefficient >= 1 ? policy.backoffCoefficient : 1
        jitter = policy.jitter
    }

    /// The longest wait before a retry.
    ///
    /// - Parameter retry: 0 for the first retry.
    package func ceiling(retry: Int) -> Duration {
        .nanoseconds(ceilingNanoseconds(retry: retry))
    }

    /// The wait before a retry: the ceiling `d` without jitter, 0…d with full jitter, d/2…d with equal jitter.
    ///
    /// - Parameter retry: 0 for the first retry.
    package func wait(retry: Int, using random: inout some RandomNumberGenerator) -> Duration {
        let ceiling = ceilingNanoseconds(retry: retry)
        switch jitter {
        case .none: return .nanoseconds(ceiling)
        case .full: return .nanoseconds(Int64.random(in: 0...ceiling, using: &random))
        case .equal: return .nanoseconds(Int64.random(in: ceiling / 2...ceiling, using: &random))
        }
    }

    /// Capped as a floating-point number, before the conversion that would trap on a large one.
    private func ceilingNanoseconds(retry: Int) -> Int64 {
        guard initial > 0 else { return 0 }
        let grown = initial * pow(coefficient, Double(Swift.max(0, retry)))
        return grown < Double(maximum) ? Int64(grown) : maximum
    }
}
