package import JobModel

/// Which ends of an attempt are followed by another attempt.
///
/// | end | verdict |
/// |---|---|
/// | answer without error | done |
/// | status in `never` | done |
/// | 401, the first of the invocation | again under a fresh token |
/// | 408, 429, 500, 502, 503, 504, status in `statuses`, code in `codes` | again after a backoff |
/// | not sent | again after a backoff |
/// | unknown | again after a backoff, if the job may be repeated |
/// | any other | done |
package struct RetryRule: Sendable {
    /// What follows an attempt.
    package enum Verdict: Sendable, Hashable {
        /// Nothing: the invocation ends as the attempt did.
        case done
        /// The same attempt once more, as soon as there is a newer token.
        case freshToken
        /// Another attempt after a backoff.
        ///
        /// - Parameters:
        ///   - counts: whether the attempt counts against `maxAttempts`.
        ///   - least: added to the backoff, where the platform wants a pause and does not say how long, or too little.
        ///   - asked: what `Retry-After` asks for; wins over a shorter backoff.
        case retry(counts: Bool, least: Duration, asked: Duration?)

        var isRetry: Bool {
            if case .retry = self { true } else { false }
        }
    }

    /// After a 429, whatever it asks for: the platform wants no less.
    private static let leastPause = Duration.seconds(1)

    private let policy: RetryPolicy
    private let repeatsUnknown: Bool

    package init(_ policy: RunPolicy) {
        self.policy = policy.retry
        repeatsUnknown = policy.idempotent || policy.retry.unknown
    }

    /// - Parameter hadFreshToken: whether the invocation was already repeated after a 401.
    package func verdict(on result: AttemptEnd.Result, hadFreshToken: Bool) -> Verdict {
        switch result {
        case .answered(let answer):
            guard let error = answer.error else { return .done }
            return verdict(onStatus: answer.status, error, retryAfter: answer.retryAfter, hadFreshToken: hadFreshToken)
        case .notSent: return .retry(counts: true, least: .zero, asked: nil)
        case .unknown: return repeatsUnknown ? .retry(counts: true, least: .zero, asked: nil) : .done
        case .held, .cancelled: return .done
        }
    }

    private func verdict(
        onStatus status: Int, _ error: InvocationError, retryAfter: Duration?, hadFreshToken: Bool
    ) -> Verdict {
        if policy.never.contains(status) { return .done }
        switch status {
        case 401 where !hadFreshToken: return .freshToken
        case 429:
            let isShort = (retryAfter ?? .zero) < Self.leastPause
            return .retry(counts: false, least: isShort ? Self.leastPause : .zero, asked: retryAfter)
        case 408, 500, 502, 503, 504: return .retry(counts: true, least: .zero, asked: retryAfter)
        default:
            let isListed = policy.statuses.contains(status) || error.code.map(policy.codes.contains) ?? false
            return isListed ? .retry(counts: true, least: .zero, asked: retryAfter) : .done
        }
    }
}
