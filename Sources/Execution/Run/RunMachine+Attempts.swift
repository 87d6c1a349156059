internal import DequeModule
internal import HeapModule
package import JobModel
internal import Timing

extension RunMachine {
    /// An attempt that found no token comes back after this, or when the gateway is ready, whichever is later. The
    /// gateway's report of its state may be under way still.
    private static let holdInterval: Duration = .milliseconds(20)

    /// Attempts have ended. Ends of unknown attempts are passed over.
    package func attemptsEnded(_ ends: [AttemptEnd], at moment: Moment) {
        for end in ends {
            guard let index = table.find(end.id, .inFlight) else { continue }
            inFlight -= 1
            switch end.result {
            case .held, .cancelled: takeBack(index, at: moment)
            case .answered, .notSent, .unknown: attemptEnded(index, end, at: moment)
            }
        }
        carryOutStop(at: moment)
    }

    /// The gateway's state has changed.
    package func gatewayChanged(to state: GatewayState, at moment: Moment) {
        gate = state
        switch state {
        case .preparing: break
        case .ready(let generation): requeueTokenWaiters(under: generation)
        case .refused(let message): stop(for: .refused(message), at: moment)
        case .unreachable(let message): stop(for: .unreachable(message), at: moment)
        }
    }

    // MARK: One attempt

    private func attemptEnded(_ index: Int, _ end: AttemptEnd, at moment: Moment) {
        counts.attempts += 1
        if table.slots[index].attempts == 1 { table.slots[index].startedAt = end.startedAt }
        table.slots[index].latency = end.latency
        informLambda(of: end.result, start: table.slots[index].start, at: moment)
        let verdict = rule.verdict(on: end.result, hadFreshToken: table.slots[index].hadFreshToken)
        keep(end.result, in: &table.slots[index])
        switch verdict {
        case .done: conclude(index, withPermit: true, at: moment)
        case .freshToken: awaitToken(index, after: end.tokenGeneration, at: moment)
        case .retry(let counts, let least, let asked):
            backOff(index, counts: counts, least: least, asked: asked, at: moment)
        }
    }

    private func keep(_ result: AttemptEnd.Result, in slot: inout InvocationSlot) {
        switch result {
        case .answered(let answer):
            slot.ending = answer.error == nil ? .succeeded : .failed
            slot.error = answer.error
            slot.answer = answer
        case .notSent(let error):
            counts.notSent += 1
            slot.ending = .failed
            slot.error = error
        case .unknown(let error):
            slot.ending = .unknown
            slot.error = error
        case .held, .cancelled: break
        }
    }

    /// Tells the limits that all runs on the lambda share how the platform does.
    private func informLambda(of result: AttemptEnd.Result, start: UInt64, at moment: Moment) {
        guard case .answered(let answer) = result else { return }
        switch answer.status {
        case 429, 503:
            if policy.adaptive { lambda.rejected(start: start) }
            if let wait = answer.retryAfter { lambda.pause(for: wait, at: moment.now) }
        case 408, 500, 502, 504: break
        default:
            if policy.adaptive { lambda.succeeded(start: start) }
        }
    }

    private func backOff(_ index: Int, counts: Bool, least: Duration, asked: Duration?, at moment: Moment) {
        if counts { table.slots[index].counted += 1 }
        guard !counts || table.slots[index].counted < policy.retry.maxAttempts else {
            return conclude(index, withPermit: true, at: moment)
        }
        let pause = backoff.wait(retry: table.slots[index].retries, using: &process.random)
        table.slots[index].retries += 1
        let until = moment.now.advanced(by: Swift.max(pause + least, asked ?? .zero))
        guard until <= expiry(of: index), until < deadline else {
            return conclude(index, withPermit: true, at: moment)
        }
        guard mayWait(index, at: moment) else { return }
        holdBack(index, until: until)
    }

    private func awaitToken(_ index: Int, after generation: UInt64, at moment: Moment) {
        table.slots[index].hadFreshToken = true
        table.slots[index].rejectedToken = generation
        guard mayWait(index, at: moment) else { return }
        expiryCheck = Swift.min(expiryCheck, expiry(of: index))
        if case .ready(let current) = gate, current > generation {
            requeue(index)
        } else {
            table.slots[index].state = .awaitingToken
            tokenWaiters.append(table.id(of: index))
        }
    }

    private func requeueTokenWaiters(under generation: UInt64) {
        tokenWaiters.removeAll { id in
            guard let index = table.find(id, .awaitingToken) else { return true }
            guard generation > table.slots[index].rejectedToken else { return false }
            requeue(index)
            return true
        }
    }

    /// Nothing was sent: the attempt did not take place.
    private func takeBack(_ index: Int, at moment: Moment) {
        table.slots[index].attempts -= 1
        guard mayWait(index, at: moment) else { return }
        table.slots[index].isHeldBack = true
        holdBack(index, until: moment.now.advanced(by: Self.holdInterval))
    }

    // MARK: Waiting

    /// Gives up the permit for a wait; ends the invocation instead if the run is stopping.
    private func mayWait(_ index: Int, at moment: Moment) -> Bool {
        guard phase == .running else {
            wasCutShort = true
            conclude(index, withPermit: true, at: moment)
            return false
        }
        release(1)
        return true
    }

    private func holdBack(_ index: Int, until: MonotonicInstant) {
        expiryCheck = Swift.min(expiryCheck, expiry(of: index))
        table.slots[index].state = .backingOff
        table.slots[index].due = until
        waitOrder += 1
        waits.insert(Wait(due: until, order: waitOrder, id: table.id(of: index)))
    }

    private func requeue(_ index: Int) {
        table.slots[index].state = .requeued
        requeued.append(table.id(of: index))
    }

    /// A backoff is over.
    func endBackoff(_ id: UInt64) {
        guard let index = table.find(id, .backingOff) else { return }
        if table.slots[index].isHeldBack {
            table.slots[index].isHeldBack = false
            requeue(index)
        } else {
            table.slots[index].state = .due
            due.append(id)
        }
    }

    // MARK: maxElapsed

    /// The last instant at which an attempt of the invocation may start.
    private func expiry(of index: Int) -> MonotonicInstant {
        table.slots[index].firstStart.advanced(by: policy.retry.maxElapsed)
    }

    /// Whether `maxElapsed` can end a waiting invocation: not one that was never sent, nor a retry that the retry
    /// budget has held up, since no invocation fails for that.
    private func mayExpire(_ index: Int) -> Bool {
        let slot = table.slots[index]
        return slot.attempts > 0 && !(slot.state == .due && slot.due <= lastBudgetDenial)
    }

    /// Ends an invocation that may not start any more.
    func endIfExpired(_ index: Int, at moment: Moment) -> Bool {
        guard mayExpire(index), moment.now > expiry(of: index) else { return false }
        conclude(index, withPermit: false, at: moment)
        return true
    }

    /// Ends every invocation that has waited too long, and finds the time of the next such look.
    func endExpired(at moment: Moment) {
        expiryCheck = .distantFuture
        for index in table.slots.indices where table.slots[index].isWaiting && mayExpire(index) {
            if endIfExpired(index, at: moment) { continue }
            let next = expiry(of: index).advanced(by: .nanoseconds(1))
            expiryCheck = Swift.min(expiryCheck, next)
        }
    }
}
