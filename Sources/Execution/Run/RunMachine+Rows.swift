package import JobModel

extension RunMachine {
    /// Of a bound on open invocations so small a part is not worth a window, and its sync, of its own.
    private static let smallestPart = 16

    /// Rows were read. A batch that comes after the run has stopped is dropped: its rows count as not read.
    package func batchArrived(_ batch: PreparedBatch, at moment: Moment) {
        guard phase == .running, isReading else { return }
        isReading = false
        inputBytes = batch.inputBytes
        if let failure = batch.failure {
            reasons.insert(.input(failure))
            inputBrokeOff = true
        }
        inputEnded = batch.isLast || batch.failure != nil
        guard !batch.rows.isEmpty else { return }
        counts.rows += batch.rows.count
        for row in batch.rows {
            guard let outcome = row.previous else { continue }
            reopening.rows -= 1
            reopening[outcome] -= 1
        }
        open += batch.rows.count
        windows.append(batch.rows)
        actions.append(.announce(batch))
    }

    /// The oldest window under way is on disk: its rows may be sent.
    package func windowAnnounced(_ failure: RecorderFailure?, at moment: Moment) {
        if let failure { return recorderHasFailed(failure, at: moment) }
        guard phase == .running else { return }
        windows.announceNext()
        endUnsendable(at: moment)
        carryOutStop(at: moment)
    }

    /// Asks for the next window when half of one is left, so that its sync is over before its rows are needed.
    func readAhead(at moment: Moment) {
        guard phase == .running, !inputEnded, !isReading else { return }
        let size = meter.windowSize(policy, at: moment.now)
        guard windows.count <= size / 2 else { return }
        let room = policy.maximumOpen - open
        guard room >= Swift.min(size, policy.maximumOpen / Self.smallestPart) else { return }
        isReading = true
        actions.append(.read(limit: Swift.min(size, room)))
    }

    /// Ends the rows at the head of the queue that will never be sent.
    func endUnsendable(at moment: Moment) {
        while !stopRequested, windows.headIsUnsendable, let row = windows.popFirst() {
            endUnsent(row, at: moment)
        }
    }

    /// Ends a row of which this run sent nothing: `failed` if it could not be read or rendered, `unknown` if an earlier
    /// run may have sent it, else `cancelled`.
    func endUnsent(_ row: PreparedRow, at moment: Moment) {
        switch row.content {
        case .rejected(let error):
            deliver(
                InvocationResult(row: row, outcome: .failed, startedAt: moment.wall, error: error), withPermit: false)
        case .inDoubt(let error):
            deliver(
                InvocationResult(row: row, outcome: .unknown, startedAt: moment.wall, error: error), withPermit: false)
        case .request:
            let error = InvocationError(.cancelled, message: reasons.gravest().cancellation)
            deliver(
                InvocationResult(row: row, outcome: .cancelled, startedAt: moment.wall, error: error),
                withPermit: false)
        }
    }
}
