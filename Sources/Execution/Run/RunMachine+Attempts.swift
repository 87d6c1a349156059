internal import DequeModule
internal import HeapModule
package import JobModel
internal import Timing

extension RunMachine {
    /// An attempt that found no token comes back after this, or when the gateway is ready, whichever is later. The
    /// gateway's report of its state may be under way still.
    private static let holdInterval: Duration = .milliseconds(20)
    /// How soon after the retry budget has let go to look for what has waited too long for anything else: a look goes
    /// through all invocations, and the budget lets go often.
    private static let recheckInterval: Duration = .seconds(1)

    /// Attempts have ended. Ends of unknown attempts are passed over.
    package func attemptsEnded(_ ends: [AttemptEnd], at moment: Moment) {
        if results.isEmpty { results.reserveCapacity(ends.count) }
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
        if case .notSent = end.result { counts.notSent += 1 }
        table.slots[index].attemptEnded(end)
        let verdict = rule.verdict(on: end.result, hadFreshToken: table.slots[index].hadFreshToken)
        informLambda(of: end.result, verdict, start: table.slots[index].start, at: moment)
        switch verdict {
        case .done: conclude(index, withPermit: true, at: moment)
        case .freshToken: awaitToken(index, after: end.tokenGeneration, at: moment)
        case .retry(let counts, let least, let asked):
            backOff(index, counts: counts, least: least, asked: asked, at: moment)
        }
    }

    /// Tells the limits that all runs on the lambda share how the platform does.
    ///
    /// Whoever asks to be tried again later means all callers: `Retry-After` holds for the lambda, not for one
    /// invocation. 429 and 503 ask that even if this run does not retry them.
    private func informLambda(
        of result: AttemptEnd.Result, _ verdict: RetryRule.Verdict, start: UInt64, at moment: Moment
    ) {
        guard case .answered(let answer) = result else { return }
        let asksToWait = answer.status == 429 || answer.status == 503
        if let wait = answer.retryAfter, asksToWait || verdict.isRetry { lambda.pause(for: wait, at: moment.now) }
        switch answer.status {
        case 429, 503:
            if policy.adaptive { lambda.rejected(start: start) }
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
        guard until <= expiry(of: index, at: moment), until < deadline else {
            return conclude(index, withPermit: true, at: moment)
        }
        guard mayWait(index, at: moment) else { return }
        holdBack(index, until: until, at: moment)
    }

    private func awaitToken(_ index: Int, after generation: UInt64, at moment: Moment) {
        table.slots[index].hadFreshToken = true
        table.slots[index].rejectedToken = generation
        guard mayWait(index, at: moment) else { return }
        expiryCheck = Swift.min(expiryCheck, expiry(of: index, at: moment))
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
        holdBack(index, until: moment.now.advanced(by: Self.holdInterval), at: moment)
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

    private func holdBack(_ index: Int, until: MonotonicInstant, at moment: Moment) {
        expiryCheck = Swift.min(expiryCheck, expiry(of: index, at: moment))
        table.slots[index].state = .backingOff
        waitOrder += 1
        waits.insert(Wait(due: until, order: waitOrder, id: table.id(of: index)))
    }

    private func requeue(_ index: Int) {
        table.slots[index].state = .requeued
        requeued.append(table.id(of: index))
    }

    /// A backoff is over.
    func endBackoff(_ id: UInt64, at moment: Moment) {
        guard let index = table.find(id, .backingOff) else { return }
        if table.slots[index].isHeldBack {
            table.slots[index].isHeldBack = false
            requeue(index)
        } else {
            table.slots[index].state = .due
            table.slots[index].denialReading = denials.reading(at: moment.now)
            due.append(id)
        }
    }

    /// The retry budget lets a retry go.
    func endDenial(of index: Int, at moment: Moment) {
        denials.stop(at: moment.now)
        table.slots[index].denied += denials.reading(at: moment.now) - table.slots[index].denialReading
        // The others may wait now for something that `maxElapsed` does not wait for.
        if !due.isEmpty { expiryCheck = Swift.min(expiryCheck, moment.now.advanced(by: Self.recheckInterval)) }
    }

    // MARK: maxElapsed

    /// The last instant at which an attempt of the invocation may start, as far as is known now. Time for which the
    /// retry budget holds it up is added: no invocation fails for that.
    private func expiry(of index: Int, at moment: Moment) -> MonotonicInstant {
        var allowed = policy.retry.maxElapsed + table.slots[index].denied
        if table.slots[index].state == .due {
            allowed += denials.reading(at: moment.now) - table.slots[index].denialReading
        }
        return table.slots[index].firstStart.advanced(by: allowed)
    }

    /// Ends an invocation that may not start any more. One that was never sent has no such time.
    func endIfExpired(_ index: Int, at moment: Moment) -> Bool {
        guard table.slots[index].attempts > 0, moment.now > expiry(of: index, at: moment) else { return false }
        conclude(index, withPermit: false, at: moment)
        return true
    }

    /// Ends every invocation that has waited too long, and finds the time of the next such look.
    func endExpired(at moment: Moment) {
        expiryCheck = .distantFuture
        for index in table.slots.indices where table.slots[index].isWaiting && table.slots[index].attempts > 0 {
            if endIfExpired(index, at: moment) { continue }
            // While the budget holds it up its expiry moves along.
            if table.slots[index].state == .due, denials.isRunning { continue }
            let next = expiry(of: index, at: moment).advanced(by: .nanoseconds(1))
            expiryCheck = Swift.min(expiryCheck, next)
        }
    }
}
