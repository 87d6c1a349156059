package import Expectations
package import JobModel

/// What became of one case of a smoke test: one row of a job.
package struct SmokeCase: Sendable {
    package enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// As expected at once.
        case passed
        /// As expected when it was tried again.
        case flaky
        /// Not as expected.
        case failed
        /// Could not be run: nothing can be said of it.
        case error
        /// Not run, because the run was ended before.
        case skipped
    }

    /// The row's number from 0.
    package var index: Int
    /// The row's label; nil if it has none but its number.
    package var key: String?
    package var verdict: Verdict
    /// Of the last try: from the first attempt's start to the end.
    package var duration: Duration
    /// The tries that were not as expected, in their order. Those of a passed case are none.
    package var troubles: [SmokeTrouble]

    package init(index: Int, key: String?, verdict: Verdict, duration: Duration, troubles: [SmokeTrouble] = []) {
        self.index = index
        self.key = key
        self.verdict = verdict
        self.duration = duration
        self.troubles = troubles
    }

    /// How often it was tried.
    package var tries: Int {
        switch verdict {
        case .passed: 1
        case .flaky: troubles.count + 1
        case .failed, .error: troubles.count
        case .skipped: 0
        }
    }

    /// What people call the case beside its job's name.
    package var label: String { key.flatMap { $0.isEmpty ? nil : $0 } ?? "row \(index)" }

    /// The case after it was tried again.
    package func followed(by later: SmokeCase) -> SmokeCase {
        var merged = later
        merged.troubles = troubles + later.troubles
        if later.verdict == .passed { merged.verdict = .flaky }
        // A repeat that was not carried out says nothing: what was found before stands.
        if later.verdict == .skipped { merged.verdict = verdict }
        return merged
    }
}

/// One try of a case that was not as expected, or could not be made.
package struct SmokeTrouble: Sendable {
    /// Why it could not be made; nil if it was.
    package var reason: String?
    /// In what it was not as expected.
    package var failures: [ExpectationFailure]
    /// Nil if the row could not be rendered.
    package var requestID: String?
    package var status: Int?
    package var outcome: Outcome
    package var errorClass: ErrorClass?
    /// HTTP requests made.
    package var attempts: Int
    package var duration: Duration

    package init(
        reason: String? = nil, failures: [ExpectationFailure] = [], requestID: String? = nil, status: Int? = nil,
        outcome: Outcome, errorClass: ErrorClass? = nil, attempts: Int = 0, duration: Duration = .zero
    ) {
        self.reason = reason
        self.failures = failures
        self.requestID = requestID
        self.status = status
        self.outcome = outcome
        self.errorClass = errorClass
        self.attempts = attempts
        self.duration = duration
    }

    /// One line that says what is wrong.
    package var headline: String {
        if let reason { return "could not be run: \(reason)" }
        guard let first = failures.first else { return "" }
        let more = failures.count > 1 ? " (and \(failures.count - 1) more)" : ""
        return "\(first.expectation): expected \(first.expected), found \(first.actual)\(more)"
    }
}
