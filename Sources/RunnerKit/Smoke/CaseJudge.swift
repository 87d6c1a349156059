internal import Expectations
internal import JobModel
internal import LivePerson
internal import Results

/// Tells of an ended invocation whether it is as expected.
struct CaseJudge: Sendable {
    let expectations: ExpectationSet
    /// Of the account whose functions were invoked; as it is applied to answers.
    let mask: SecretMask

    /// - Parameter expected: what was rendered for its row.
    func judge(_ result: InvocationResult, expected: [RenderedValue?]) -> SmokeCase {
        var verdict = SmokeCase.Verdict.passed
        var troubles: [SmokeTrouble] = []
        if result.outcome == .cancelled {
            verdict = .skipped
        } else if let reason = obstacle(result) {
            verdict = .error
            troubles = [trouble(result, reason: mask.masked(reason))]
        } else {
            let failures = expectations.failures(
                of: Observation(result), rendered: expected, redact: { mask.masked($0) })
            if !failures.isEmpty {
                verdict = .failed
                troubles = [trouble(result, failures: failures)]
            }
        }
        return SmokeCase(
            index: result.row.index, key: result.row.key.map { mask.masked($0) }, verdict: verdict,
            duration: result.duration, troubles: troubles)
    }

    /// Why nothing can be said of the function: it was not invoked, or the run was aborted under it.
    private func obstacle(_ result: InvocationResult) -> String? {
        let message = result.error?.message ?? result.outcome.rawValue
        switch (result.row.content, result.outcome) {
        case (.rejected, _), (.inDoubt, _): return message
        case (_, .unknown) where result.error?.errorClass == .cancelled: return message
        // No answer, and yet not `unknown`: no attempt has left.
        case (_, .failed) where result.answer == nil: return message
        default: return nil
        }
    }

    private func trouble(
        _ result: InvocationResult, reason: String? = nil, failures: [ExpectationFailure] = []
    ) -> SmokeTrouble {
        var requestID: String?
        if case .request(let request) = result.row.content, result.attempts > 0 { requestID = request.requestID }
        return SmokeTrouble(
            reason: reason, failures: failures, requestID: requestID, status: result.status, outcome: result.outcome,
            errorClass: result.error?.errorClass, attempts: result.attempts, duration: result.duration)
    }
}
