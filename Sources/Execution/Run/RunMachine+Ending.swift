internal import DequeModule
internal import HeapModule
internal import JobModel

extension RunMachine {
    /// Told to stop: nothing new is read or started, waiting retries end with their last outcome, never-sent rows are
    /// cancelled, and what is in flight has so long to end before it is aborted.
    package func stop(drainFor drain: Duration, at moment: Moment) {
        guard phase != .finished else { return }
        abortAt = Swift.min(abortAt, moment.now.advanced(by: drain))
        stop(for: .stopped, at: moment)
    }

    /// Told to end now: as ``stop(drainFor:at:)``, and what is in flight is aborted.
    package func abort(at moment: Moment) {
        guard phase != .finished, !isAborted else { return }
        isAborted = true
        stop(for: .stopped, at: moment)
        actions.append(.cancelInFlight)
    }

    func stop(for new: RunEnd.Reason, at moment: Moment) {
        guard phase != .finished else { return }
        reasons.insert(new)
        stopRequested = phase == .running
        carryOutStop(at: moment)
    }

    /// Ends everything that is not in flight.
    func carryOutStop(at moment: Moment) {
        guard stopRequested else { return }
        stopRequested = false
        guard phase == .running else { return }
        phase = .stopping
        if !inputEnded || windows.count > 0 || table.count > inFlight { wasCutShort = true }
        for index in table.slots.indices where table.slots[index].isWaiting {
            conclude(index, withPermit: false, at: moment)
        }
        for row in windows.removeAll() { endUnsent(row, at: moment) }
        waits = []
        requeued = []
        due = []
        tokenWaiters = []
    }

    func finishIfDone(at moment: Moment) {
        switch phase {
        case .finished: return
        case .running: guard inputEnded, open == 0 else { return }
        case .stopping: guard inFlight == 0, recorderFailed || open == 0 else { return }
        }
        if isIntolerable(atEnd: true) { reasons.insert(.intolerable) }
        phase = .finished
        release(permits)
        actions.append(
            .finish(
                RunEnd(
                    reason: reasons.gravest(unless: isMoot), counts: settled + reopening + counts, own: counts,
                    inputEnded: inputEnded && !inputBrokeOff, finishedAt: moment.wall,
                    duration: begin.now.duration(to: moment.now))))
    }

    /// Whether a reason counts for nothing at the end, because nothing was left undone for it. An invocation that the
    /// gateway would not authorize is something that a refusal has prevented.
    private func isMoot(_ reason: RunEnd.Reason) -> Bool {
        switch reason {
        case .deadline, .unreachable: !wasCutShort
        case .refused: !wasCutShort && !hasUnauthorized
        case .completed, .input, .intolerable, .stopped, .output: false
        }
    }
}
