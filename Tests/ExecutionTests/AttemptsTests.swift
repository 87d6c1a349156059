import Execution
import JobModel
import TestSupport
import Testing

/// How single invocations go through attempts to their outcome.
@Suite struct AttemptsTests {
    private func policy(_ edit: (inout RunPolicy) -> Void = { _ in }) -> RunPolicy {
        var policy = RunPolicy()
        policy.retry.jitter = .none
        edit(&policy)
        return policy
    }

    /// One row whose attempts are answered as listed, the last answer repeated.
    private func single(
        _ policy: RunPolicy, _ replies: [VirtualReply], inspect: (VirtualWorld, VirtualRun) -> Void = { _, _ in }
    ) throws -> (run: VirtualRun, result: InvocationResult) {
        let world = VirtualWorld()
        var calls = 0
        let run = VirtualRun(rows: 1, policy: policy) { _ in
            calls += 1
            return replies[min(calls, replies.count) - 1]
        }
        inspect(world, run)
        world.add(run)
        world.finish()
        #expect(world.violations.isEmpty)
        return (run, try #require(run.results.first))
    }

    private func waits(_ run: VirtualRun) -> [Int64] {
        zip(run.starts, run.starts.dropFirst()).map { ($1.time - $0.time) / 1_000_000 - 10 }
    }

    @Test func aSuccessIsOneAttempt() throws {
        let (run, result) = try single(policy(), [.status(200)])
        #expect(result.outcome == .succeeded && result.status == 200 && result.attempts == 1 && result.error == nil)
        #expect(result.latency == .milliseconds(10) && result.duration == .milliseconds(10))
        #expect(result.answer?.status == 200)
        #expect(run.end?.reason == .completed)
        #expect(run.end?.counts.succeeded == 1)
    }

    @Test func failuresBackOffUpToMaxAttempts() throws {
        let (run, result) = try single(policy { $0.retry.maxAttempts = 4 }, [.status(500)])
        #expect(waits(run) == [500, 1000, 2000])
        #expect(result.outcome == .failed && result.status == 500 && result.attempts == 4)
        #expect(result.duration == .milliseconds(3540) && result.latency == .milliseconds(10))
    }

    @Test func jitterComesFromTheInjectedRandomness() throws {
        let (run, _) = try single(policy { $0.retry.jitter = .full }, [.status(500)])
        let waits = waits(run)
        #expect(waits[0] < 500 && waits[1] < 1000 && waits[2] < 2000)
        #expect(waits != [500, 1000, 2000])
    }

    @Test func rateLimitsDoNotUseUpAttempts() throws {
        let replies = Array(repeating: VirtualReply.status(429), count: 6) + [.status(500), .status(200)]
        let (run, result) = try single(
            policy {
                $0.retry.maxAttempts = 2
                $0.retry.maximumInterval = .milliseconds(500)
            }, replies)
        #expect(waits(run) == [1500, 1500, 1500, 1500, 1500, 1500, 500])
        #expect(result.outcome == .succeeded && result.attempts == 8)
    }

    @Test func retryAfterWinsOverAShorterBackoffOnly() throws {
        let (run, _) = try single(
            policy(), [.status(503, retryAfter: .seconds(3)), .status(500, retryAfter: .milliseconds(1)), .status(200)])
        #expect(waits(run) == [3000, 1000])
    }

    @Test func retryAfterBeyondMaxElapsedFailsAtOnce() throws {
        let (run, result) = try single(
            policy { $0.retry.maxElapsed = .seconds(5) }, [.status(429, retryAfter: .seconds(6))])
        #expect(run.starts.count == 1 && result.outcome == .failed && result.error?.errorClass == .rateLimited)
        #expect(run.endedAt < 1_000_000_000)
    }

    @Test func retryAfterBeyondTheDeadlineFailsAtOnce() throws {
        let (run, result) = try single(policy { $0.deadline = .seconds(5) }, [.status(429, retryAfter: .seconds(6))])
        #expect(result.outcome == .failed)
        #expect(run.endedAt < 1_000_000_000)
        #expect(run.end?.reason == .completed)
    }

    @Test func noAttemptStartsAfterMaxElapsed() throws {
        let (run, result) = try single(
            policy {
                $0.retry.maxElapsed = .seconds(4)
                $0.retry.maxAttempts = 100
            }, [.status(429)])
        #expect(waits(run) == [1500, 2000])
        #expect(result.outcome == .failed)
    }

    @Test func unknownIsAnOutcomeOfItsOwn() throws {
        let (_, lost) = try single(policy(), [.unknown()])
        #expect(lost.outcome == .unknown && lost.attempts == 1 && lost.status == nil)
        #expect(lost.error?.errorClass == .timeout)
        let (_, repeated) = try single(policy { $0.idempotent = true }, [.unknown(), .status(200)])
        #expect(repeated.outcome == .succeeded && repeated.attempts == 2)
        let (_, last) = try single(policy { $0.retry.maxAttempts = 2 }, [.status(503), .unknown()])
        #expect(last.outcome == .unknown && last.error?.errorClass == .timeout)
    }

    /// A record must not show an answer that its outcome and error do not belong to.
    @Test(arguments: [VirtualReply.unknown(), .notSent], [VirtualReply.status(503), .status(429), .status(401)])
    func anAnswerOfAnEarlierAttemptIsNotTheResults(last: VirtualReply, earlier: VirtualReply) throws {
        var earlier = earlier
        earlier.generation = 0
        let (run, result) = try single(policy { $0.retry.maxAttempts = 2 }, [earlier, last])
        #expect(run.starts.count >= 2 && result.attempts == run.starts.count)
        #expect(result.status == nil && result.answer == nil)
        #expect(result.error?.errorClass == .timeout || result.error?.errorClass == .network)
    }

    @Test func whatNeverLeavesIsFailedAndCounted() throws {
        let (run, result) = try single(policy { $0.retry.maxAttempts = 3 }, [.notSent])
        #expect(result.outcome == .failed && result.attempts == 3 && result.status == nil)
        #expect(run.end?.counts.notSent == 3 && run.end?.counts.attempts == 3)
    }

    @Test func a401WaitsForANewerTokenOutsideMaxAttempts() throws {
        let once = policy { $0.retry.maxAttempts = 1 }
        let (run, result) = try single(once, [.status(401), .status(200)]) { world, run in
            world.after(.milliseconds(50)) { world.tell(run, .ready(tokenGeneration: 1)) }
            world.after(.milliseconds(80)) { world.tell(run, .ready(tokenGeneration: 2)) }
        }
        #expect(run.starts.map(\.time).last == 80_000_000)
        #expect(result.outcome == .succeeded && result.attempts == 2)
    }

    @Test func a401UnderAnOldTokenIsRepeatedAtOnce() throws {
        var stale = VirtualReply.status(401)
        stale.generation = 0
        let (run, result) = try single(policy(), [stale, .status(200)])
        #expect(waits(run) == [0])
        #expect(result.outcome == .succeeded)
    }

    @Test func aSecond401IsFinal() throws {
        let (_, result) = try single(policy(), [.status(401)]) { world, run in
            world.after(.milliseconds(80)) { world.tell(run, .ready(tokenGeneration: 2)) }
        }
        #expect(result.outcome == .failed && result.attempts == 2 && result.error?.errorClass == .unauthorized)
    }

    @Test func aTokenThatNeverComesEndsTheInvocationAtMaxElapsed() throws {
        let (run, result) = try single(policy { $0.retry.maxElapsed = .seconds(3) }, [.status(401)])
        #expect(result.outcome == .failed && result.attempts == 1 && result.status == 401)
        #expect(run.endedAt / 1_000_000_000 == 3)
    }

    @Test func aHeldAttemptIsNone() throws {
        let (run, result) = try single(policy { $0.retry.maxAttempts = 1 }, [.held, .held, .status(200)])
        #expect(result.outcome == .succeeded && result.attempts == 1)
        #expect(result.duration == .milliseconds(10))
        #expect(run.end?.counts.attempts == 1)
    }

    @Test func nothingStartsWhileTheGatewayPrepares() throws {
        let (run, result) = try single(policy(), [.status(500), .status(200)]) { world, run in
            run.gateDelay = .milliseconds(700)
            world.after(.milliseconds(705)) { world.tell(run, .preparing) }
            world.after(.milliseconds(2000)) { world.tell(run, .ready(tokenGeneration: 1)) }
        }
        #expect(run.starts.map { $0.time / 1_000_000 } == [700, 2000])
        #expect(result.outcome == .succeeded)
    }

    @Test func endsOfForeignAndDoubledAttemptsAreIgnored() {
        let world = VirtualWorld()
        let run = VirtualRun(rows: 3)
        world.add(run)
        world.after(.milliseconds(5)) {
            for id in [UInt64.max, 99, 1 << 32] + run.flying.values.map({ $0 + 1 << 32 }) {
                let end = AttemptEnd(
                    id: id, result: .cancelled, tokenGeneration: 0, startedAt: Timestamp(seconds: 0), latency: .zero)
                run.machine.attemptsEnded([end, end], at: world.moment)
            }
        }
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(run.end?.counts.succeeded == 3)
    }

    @Test func requeuedWorkGoesBeforeNewRows() {
        let world = VirtualWorld()
        let run = VirtualRun(
            rows: 200,
            policy: policy {
                $0.concurrency = 1
                $0.retry.initialInterval = .milliseconds(15)
            },
            answer: { $0.row == 0 && $0.attempt == 1 ? .status(500) : .status(200) })
        run.recordDelay = .zero
        world.add(run)
        world.finish()
        #expect(run.starts.prefix(5).map(\.row) == [0, 1, 2, 0, 3])
    }

    @Test(arguments: [408, 429, 500, 502, 503, 504, 418, 901])
    func aRetryAfterPausesTheWholeLambda(status: Int) {
        let world = VirtualWorld()
        let listed = policy {
            $0.retry.statuses = [418]
            $0.retry.codes = ["again"]
        }
        let first = world.add(
            VirtualRun(rows: 1, policy: listed) {
                $0.attempt == 1 ? .status(status, code: "again", retryAfter: .seconds(2)) : .status(200)
            })
        let slow = policy { $0.rate = Rate(count: 50, per: .seconds(1)) }
        let other = world.add(VirtualRun(rows: 20, policy: slow))
        let elsewhere = world.add(VirtualRun(rows: 20, policy: slow, lambda: "b"))
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(first.starts.count == 2)
        let gap = zip(other.starts, other.starts.dropFirst()).map { $1.time - $0.time }.max() ?? 0
        #expect(gap > 1_900_000_000)
        #expect(elsewhere.endedAt < 1_000_000_000)
    }

    @Test(arguments: [400, 418, 901])
    func aRetryAfterOfAnAnswerThatIsNotRetriedPausesNothing(status: Int) {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(rows: 100) { $0.row == 0 ? .status(status, retryAfter: .seconds(60)) : .status(200) })
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(run.end?.counts.failed == 1 && run.endedAt < 1_000_000_000)
    }

    @Test(arguments: [(429, true), (503, true), (500, false), (502, false), (408, false)])
    func onlyAPlatformThatIsBusyHalvesWhatMayBeInFlight(status: Int, halves: Bool) {
        let world = VirtualWorld()
        world.add(
            VirtualRun(rows: 50) {
                $0.row == 0 && $0.attempt == 1 ? .status(status, retryAfter: .seconds(2)) : .status(200)
            })
        var limit: Int?
        world.after(.seconds(1)) { limit = world.dispatcher.limits(for: "a/l").window.limit }
        world.finish()
        #expect(world.violations.isEmpty)
        #expect((limit != nil) == halves)
    }

    @Test func anAbsurdRetryAfterPausesForAnHourAtMost() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(rows: 2, policy: policy { $0.concurrency = 1 }) {
                $0.row == 0 ? .status(503, retryAfter: .seconds(9_000_000_000)) : .status(200)
            })
        world.lambdas["a/l"] = VirtualLambda()
        world.finish()
        #expect(run.end?.counts.failed == 1)
        #expect(run.endedAt / 1_000_000_000 == 3600)
    }
}
