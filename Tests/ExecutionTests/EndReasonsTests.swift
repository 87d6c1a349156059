import Execution
import JobModel
import TestSupport
import Testing

/// Which of several reasons is the run's, and which count for nothing.
@Suite struct EndReasonsTests {
    private func policy(_ edit: (inout RunPolicy) -> Void = { _ in }) -> RunPolicy {
        var policy = RunPolicy()
        policy.retry.jitter = .none
        edit(&policy)
        return policy
    }

    private func finish(_ world: VirtualWorld) {
        world.finish()
        #expect(world.violations.isEmpty)
    }

    /// More rows than can be started before whatever ends it.
    private func waiting() -> VirtualRun {
        VirtualRun(rows: 500) { _ in .status(200, after: .seconds(6)) }
    }

    @Test func aRefusalThatFindsEverythingStartedChangesNothing() {
        let world = VirtualWorld()
        let run = world.add(VirtualRun(rows: 4) { _ in .status(200, after: .seconds(6)) })
        world.tell(run, .refused("late"), after: .seconds(2))
        finish(world)
        #expect(run.end?.reason == .completed)
    }

    @Test func aRefusalThatPreventsARetryEndsTheRunForIt() {
        let world = VirtualWorld()
        let run = world.add(VirtualRun(rows: 1) { _ in .status(401, after: .seconds(1)) })
        world.tell(run, .refused("revoked"), after: .milliseconds(500))
        finish(world)
        #expect(run.end?.reason == .refused("revoked"))
        #expect(run.results.first?.error?.errorClass == .unauthorized)
    }

    /// The gateway is told of the second rejected token and refuses, before or shortly after the run hears of it.
    @Test(arguments: [Duration.microseconds(-300), .zero, .microseconds(100)])
    func aRefusalCountsIfAnInvocationEndedUnauthorized(later: Duration) {
        let world = VirtualWorld()
        let run = world.add(VirtualRun(rows: 1) { _ in .status(401, after: .milliseconds(10)) })
        world.tell(run, .preparing, after: .milliseconds(13))
        world.after(.seconds(1)) {
            world.tell(run, .ready(tokenGeneration: 2))
            world.tell(run, .refused("two tokens rejected"), after: .milliseconds(10) + later)
        }
        finish(world)
        #expect(run.end?.reason == .refused("two tokens rejected"))
        #expect(run.results.first?.error?.errorClass == .unauthorized && run.results.first?.attempts == 2)
        #expect(run.end?.counts.failed == 1 && run.end?.counts.cancelled == 0)
    }

    @Test func aRefusalWhileOthersFailForTheirOwnReasonsChangesNothing() {
        let world = VirtualWorld()
        let run = world.add(VirtualRun(rows: 4) { _ in .status(901, after: .seconds(6)) })
        world.tell(run, .refused("late"), after: .seconds(2))
        finish(world)
        #expect(run.end?.reason == .completed)
        #expect(run.end?.counts.failed == 4)
    }

    /// A reason that counts for nothing must not take a lesser one with it.
    @Test(arguments: [GatewayState.refused("late"), .unreachable("late")])
    func aMootReasonLeavesTheOthers(state: GatewayState) {
        let world = VirtualWorld()
        let slow: (VirtualCall) -> VirtualReply = { .status($0.row == 0 ? 901 : 200, after: .seconds(6)) }
        let broken = VirtualRun(rows: 4, answer: slow)
        broken.inputFailure = "bad gzip data"
        let stopped = VirtualRun(rows: 4, lambda: "b", answer: slow)
        let intolerable = VirtualRun(rows: 4, policy: policy { $0.tolerate = .count(0) }, lambda: "c", answer: slow)
        let late = VirtualRun(rows: 4, policy: policy { $0.deadline = .seconds(3) }, lambda: "d", answer: slow)
        late.inputFailure = "bad gzip data"
        for run in [broken, stopped, intolerable, late] {
            world.add(run)
            world.tell(run, state, after: .seconds(2))
        }
        world.after(.seconds(1)) { stopped.machine.stop(drainFor: .seconds(25), at: world.moment) }
        finish(world)
        #expect(broken.end?.reason == .input("bad gzip data"))
        #expect(stopped.end?.reason == .stopped)
        #expect(intolerable.end?.reason == .intolerable)
        #expect(late.end?.reason == .input("bad gzip data"))
        #expect(world.runs.allSatisfy { $0.end?.counts.succeeded == 3 && $0.end?.counts.failed == 1 })
    }

    @Test func aRefusalThatLeavesRowsOfABrokenInputUnsentIsTheReason() {
        let world = VirtualWorld()
        let run = VirtualRun(rows: 4, policy: policy { $0.concurrency = 1 }) { _ in .status(200, after: .seconds(6)) }
        run.inputFailure = "bad gzip data"
        world.add(run)
        world.tell(run, .refused("revoked"), after: .seconds(2))
        finish(world)
        #expect(run.end?.reason == .refused("revoked"))
        #expect(run.end?.counts.cancelled == 3)
    }

    @Test func theFirstOfSeveralRefusalsIsToldOf() {
        let world = VirtualWorld()
        let run = world.add(waiting())
        world.tell(run, .refused("first"), after: .seconds(2))
        world.tell(run, .refused("second"), after: .seconds(3))
        finish(world)
        #expect(run.end?.reason == .refused("first"))
    }

    @Test func aGraverReasonWins() {
        let world = VirtualWorld()
        let run = world.add(waiting())
        world.after(.seconds(2)) { run.machine.stop(drainFor: .seconds(25), at: world.moment) }
        world.tell(run, .refused("no"), after: .seconds(3))
        finish(world)
        #expect(run.end?.reason == .refused("no"))
    }
}
