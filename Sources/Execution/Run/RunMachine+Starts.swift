internal import DequeModule
internal import JobModel

extension RunMachine {
    private enum Candidate {
        case newRow
        /// - Parameter isRetry: whether it counts against the retry budget.
        case invocation(Int, isRetry: Bool)
    }

    /// Whether the gateway lets attempts leave.
    private var gateIsOpen: Bool {
        if case .ready = gate { true } else { false }
    }

    /// Whether there is something to start as far as the run itself is concerned.
    package var wantsStart: Bool {
        phase == .running && !stopRequested && gateIsOpen && permits < policy.concurrency
            && (windows.hasAnnounced || !requeued.isEmpty || !due.isEmpty)
    }

    /// Starts one attempt if every limit allows it.
    ///
    /// What was started before goes before new rows. A retry over the budget lets new rows pass.
    package func startNext(at moment: Moment) -> Bool {
        guard wantsStart, process.hasRoom else { return false }
        switch lambda.admission(at: moment.now, adaptive: policy.adaptive) {
        case .open: break
        case .closed(let until):
            blockedUntil = Swift.min(blockedUntil, until)
            return false
        }
        if let pacer, !pacer.isReady(at: moment.now) {
            blockedUntil = Swift.min(blockedUntil, pacer.wake(at: moment.now))
            return false
        }
        switch nextCandidate(at: moment) {
        case .invocation(let index, let isRetry):
            start(index, isRetry: isRetry, at: moment)
            return true
        case .newRow:
            guard let row = windows.popFirst() else { return false }
            start(table.insert(row), isRetry: false, at: moment)
            meter.sent(at: moment.now)
            endUnsendable(at: moment)
            return true
        case nil:
            return false
        }
    }

    private func nextCandidate(at moment: Moment) -> Candidate? {
        if requeued.isEmpty, due.isEmpty, !denials.isRunning {
            return windows.hasAnnounced && !stopRequested ? .newRow : nil
        }
        while let id = requeued.popFirst() {
            if let index = table.find(id, .requeued), !endIfExpired(index, at: moment) {
                return .invocation(index, isRetry: false)
            }
        }
        while let id = due.first {
            guard let index = table.find(id, .due), !endIfExpired(index, at: moment) else {
                due.removeFirst()
                continue
            }
            if lambda.allowsRetry(at: moment.now) {
                due.removeFirst()
                endDenial(of: index, at: moment)
                return .invocation(index, isRetry: true)
            }
            denials.start(at: moment.now)
            blockedUntil = Swift.min(blockedUntil, lambda.budget.nextAllowed)
            break
        }
        if due.isEmpty { denials.stop(at: moment.now) }
        return windows.hasAnnounced && !stopRequested ? .newRow : nil
    }

    private func start(_ index: Int, isRetry: Bool, at moment: Moment) {
        guard let (id, request) = table.start(index, at: moment.now) else { return }
        table.slots[index].start = lambda.started(isRetry: isRetry, at: moment.now)
        pacer?.started(at: moment.now)
        process.acquire()
        permits += 1
        inFlight += 1
        if isRetry { retries += 1 }
        outgoing.append(
            Attempt(
                id: id, target: specification.target, request: request, timeout: policy.timeout,
                connectTimeout: policy.connectTimeout, wantsHeaders: specification.wantsHeaders))
    }

    /// Gives back what attempts held of the limits.
    func release(_ count: Int) {
        permits -= count
        lambda.release(count)
        process.release(count)
    }
}
