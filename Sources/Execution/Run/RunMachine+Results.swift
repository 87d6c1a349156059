internal import DequeModule
package import JobModel

extension RunMachine {
    /// The oldest batch of records under way was taken by write(2).
    package func resultsRecorded(_ failure: RecorderFailure?, at moment: Moment) {
        if let failure { return recorderHasFailed(failure, at: moment) }
        guard let batch = unreported.popFirst() else { return }
        open -= batch.results
        release(batch.permits)
    }

    /// Ends an invocation as its last attempt did; one without an attempt is cancelled.
    ///
    /// - Parameter withPermit: whether it was in flight: the permit is held until the record is written.
    func conclude(_ index: Int, withPermit: Bool, at moment: Moment) {
        let slot = table.remove(index)
        guard let row = slot.row else { return }
        let outcome: Outcome
        switch slot.ending {
        case .none:
            endUnsent(row, at: moment)
            if withPermit { resultPermits += 1 }
            return
        case .succeeded: outcome = .succeeded
        case .failed: outcome = .failed
        case .unknown: outcome = .unknown
        }
        if slot.error?.errorClass == .unauthorized { hasUnauthorized = true }
        let elapsed = slot.firstStart.duration(to: moment.now)
        deliver(
            InvocationResult(
                row: row, outcome: outcome, status: slot.answer?.status, attempts: slot.attempts,
                startedAt: slot.startedAt, duration: Swift.max(elapsed, slot.latency ?? .zero), latency: slot.latency,
                answer: slot.answer, error: slot.error),
            withPermit: withPermit)
    }

    /// Counts a result and puts it by for the recorder.
    func deliver(_ result: InvocationResult, withPermit: Bool) {
        counts[result.outcome] += 1
        results.append(result)
        if withPermit { resultPermits += 1 }
        if isIntolerable(atEnd: false) {
            reasons.insert(.intolerable)
            stopRequested = phase == .running
        }
    }

    /// Hands the results over. After the recorder has failed they are only counted.
    func flushResults() {
        guard !results.isEmpty else { return }
        let batch = results
        let held = resultPermits
        results = []
        resultPermits = 0
        if recorderFailed {
            open -= batch.count
            release(held)
        } else {
            unreported.append((batch.count, held))
            actions.append(.record(batch))
        }
    }

    /// Whether more has failed than the run bears. Rows that are to be ended anew count only at the end, if they were not.
    func isIntolerable(atEnd: Bool) -> Bool {
        guard let tolerance = policy.tolerate else { return false }
        let judged = atEnd ? settled + reopening + counts : settled + counts
        let failures = judged.failed + judged.unknown
        return tolerance.isExceeded(failures: failures, finished: failures + judged.succeeded, atEnd: atEnd)
    }

    /// Records can no longer be written: what is in flight is called off.
    func recorderHasFailed(_ failure: RecorderFailure, at moment: Moment) {
        guard !recorderFailed, phase != .finished else { return }
        recorderFailed = true
        while let batch = unreported.popFirst() {
            open -= batch.results
            release(batch.permits)
        }
        stop(for: .output(failure.message), at: moment)
        abort(at: moment)
    }
}
