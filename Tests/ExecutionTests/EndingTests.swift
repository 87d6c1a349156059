import Execution
import JobModel
import TestSupport
import Testing

/// Why and how runs end before their input does.
@Suite struct EndingTests {
    private func policy(_ edit: (inout RunPolicy) -> Void = { _ in }) -> RunPolicy {
        var policy = RunPolicy()
        policy.retry.jitter = .none
        edit(&policy)
        return policy
    }

    private func finish(_ world: VirtualWorld) {
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(world.dispatcher.process.inFlight == 0)
        #expect(world.dispatcher.runs.isEmpty)
    }

    /// Row 0 fails and waits for a retry, row 1 is slow, the others go on at ten a second.
    private func mixed(_ edit: (inout RunPolicy) -> Void = { _ in }) -> VirtualRun {
        VirtualRun(
            rows: 500,
            policy: policy {
                $0.concurrency = 3
                $0.retry.initialInterval = .seconds(20)
                edit(&$0)
            },
            answer: {
                switch $0.row {
                case 0: .status(502)
                case 1: .status(200, after: .seconds(6))
                default: .status(200, after: .milliseconds(100))
                }
            })
    }

    private func expectDrained(_ run: VirtualRun, stoppedAt time: Int64) {
        #expect(run.starts.allSatisfy { $0.time <= time })
        #expect(run.results.first { $0.row.index == 0 }?.outcome == .failed)
        #expect(run.results.first { $0.row.index == 1 }?.outcome == .succeeded)
        #expect((run.end?.counts.cancelled ?? 0) > 0)
        let cancelled = run.results.last { $0.outcome == .cancelled }
        #expect(cancelled?.error?.errorClass == .cancelled && cancelled?.attempts == 0 && cancelled?.latency == nil)
    }

    @Test func aStopEndsWaitsCancelsRowsAndDrains() {
        let world = VirtualWorld()
        let run = world.add(mixed())
        world.after(.seconds(2)) { run.machine.stop(drainFor: .seconds(25), at: world.moment) }
        finish(world)
        #expect(run.end?.reason == .stopped)
        expectDrained(run, stoppedAt: 2_000_000_000)
        #expect(run.endedAt / 1_000_000_000 == 6)
        #expect(run.cancellations == 0)
    }

    @Test func whatDoesNotDrainInTimeIsAborted() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(rows: 4, policy: policy { $0.concurrency = 2 }) { _ in .status(200, after: .seconds(60)) })
        world.after(.seconds(1)) { run.machine.stop(drainFor: .seconds(3), at: world.moment) }
        finish(world)
        #expect(run.cancellations == 1)
        #expect(run.endedAt / 1_000_000 / 100 == 40)
        #expect(run.results.first { $0.row.index == 0 }?.outcome == .unknown)
        #expect(run.results.first { $0.row.index == 1 }?.outcome == .cancelled)
        #expect(run.end?.counts.cancelled == 3)
    }

    @Test func aSecondStopAbortsAtOnce() {
        let world = VirtualWorld()
        let run = world.add(VirtualRun(rows: 4) { _ in .status(200, after: .seconds(60)) })
        world.after(.seconds(1)) { run.machine.stop(drainFor: .seconds(25), at: world.moment) }
        world.after(.seconds(2)) { run.machine.abort(at: world.moment) }
        world.after(.seconds(2)) { run.machine.abort(at: world.moment) }
        finish(world)
        #expect(run.cancellations == 1)
        #expect(run.end?.reason == .stopped)
        #expect(run.end?.counts.unknown == 2)
        #expect(run.endedAt / 1_000_000_000 == 2)
    }

    @Test func anAttemptCalledOffAfterAFailureEndsWithThatFailure() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(rows: 2) {
                $0.row == 1 && $0.attempt == 1 ? .status(503) : .status(200, after: .seconds(60))
            })
        world.after(.seconds(3)) { run.machine.abort(at: world.moment) }
        finish(world)
        let result = run.results.first { $0.row.index == 1 }
        #expect(result?.outcome == .failed && result?.status == 503 && result?.attempts == 1)
    }

    @Test func theDeadlineCancelsWhatHasNotStarted() {
        let world = VirtualWorld()
        let run = world.add(mixed { $0.deadline = .seconds(3) })
        finish(world)
        #expect(run.end?.reason == .deadline)
        // The retry of row 0 would have started after the deadline: it failed without waiting for that.
        #expect((run.results.first { $0.row.index == 0 }?.duration ?? .zero) < .seconds(1))
        expectDrained(run, stoppedAt: 3_000_000_000)
    }

    @Test func aDeadlineThatFindsEverythingStartedChangesNothing() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(rows: 4, policy: policy { $0.deadline = .seconds(3) }) { _ in .status(200, after: .seconds(6)) })
        finish(world)
        #expect(run.end?.reason == .completed)
        #expect(run.end?.counts.succeeded == 4)
    }

    @Test func aDeadlineEndsAWaitForTheGateway() {
        let world = VirtualWorld()
        let run = VirtualRun(rows: 10, policy: policy { $0.deadline = .seconds(3) })
        run.initialGate = .preparing
        world.add(run)
        finish(world)
        #expect(run.end?.reason == .deadline)
        #expect(run.end?.counts.cancelled == 10)
        #expect(run.endedAt / 1_000_000_000 == 3)
    }

    @Test(arguments: [
        (GatewayState.refused("no such account"), RunEnd.Reason.refused("no such account")),
        (.unreachable("no route"), .unreachable("no route")),
    ])
    func aGatewayThatCannotBeHadEndsTheRun(state: GatewayState, reason: RunEnd.Reason) {
        let world = VirtualWorld()
        let run = world.add(mixed())
        world.tell(run, state, after: .seconds(2))
        finish(world)
        #expect(run.end?.reason == reason)
        expectDrained(run, stoppedAt: 2_000_000_000)
        let early = VirtualRun(rows: 10)
        early.initialGate = state
        early.gateDelay = .seconds(1)
        let other = VirtualWorld()
        other.add(early)
        finish(other)
        #expect(early.end?.reason == reason && early.end?.counts.cancelled == 10 && early.starts.isEmpty)
    }

    @Test func aCountOfFailuresIsJudgedAtOnce() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(
                rows: 500,
                policy: policy {
                    $0.concurrency = 2
                    $0.tolerate = .count(3)
                },
                answer: { $0.row % 2 == 0 ? .status(901) : .unknown() }))
        finish(world)
        #expect(run.end?.reason == .intolerable)
        #expect((4...6).contains(run.starts.count))
        #expect(run.end?.counts.cancelled == (run.end?.counts.rows ?? 0) - run.starts.count)
    }

    @Test func failuresWithinTheToleranceDoNotStopTheRun() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(rows: 500, policy: policy { $0.tolerate = .count(5) }) {
                $0.row < 5 ? .status(901) : .status(200)
            })
        finish(world)
        #expect(run.end?.reason == .completed)
        #expect(run.end?.counts.failed == 5)
    }

    @Test func aShareOfFailuresIsJudgedFromTheHundredthOn() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(
                rows: 500,
                policy: policy {
                    $0.concurrency = 1
                    $0.tolerate = .percent(5)
                },
                answer: { $0.row < 6 ? .status(901) : .status(200) }))
        finish(world)
        #expect(run.end?.reason == .intolerable)
        #expect(run.starts.count == 100)
    }

    @Test func aShareOfFailuresIsJudgedAtTheEnd() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(rows: 10, policy: policy { $0.tolerate = .percent(5) }) {
                $0.row == 0 ? .status(901) : .status(200)
            })
        finish(world)
        #expect(run.end?.reason == .intolerable)
        #expect(run.end?.counts.succeeded == 9)
    }

    @Test func rejectedRowsCountAsFailures() {
        let world = VirtualWorld()
        let run = VirtualRun(rows: 200, policy: policy { $0.tolerate = .count(2) })
        run.isRejected = { $0 % 10 == 9 }
        world.add(run)
        finish(world)
        #expect(run.end?.reason == .intolerable)
        #expect(run.starts.count < 40)
    }

    @Test func anInputThatBreaksOffEndsTheRunAfterItsWholeRows() {
        let world = VirtualWorld()
        let run = VirtualRun(rows: 300)
        run.inputFailure = "bad gzip data"
        world.add(run)
        finish(world)
        #expect(run.end?.reason == .input("bad gzip data"))
        #expect(run.end?.counts.succeeded == 300)
    }

    @Test func aStopDoesNotWaitForASilentInput() {
        let world = VirtualWorld()
        let run = VirtualRun(rows: 300)
        run.silentFrom = 100
        world.add(run)
        world.after(.seconds(5)) { run.machine.stop(drainFor: .seconds(25), at: world.moment) }
        finish(world)
        #expect(run.end?.reason == .stopped)
        #expect(run.end?.counts.succeeded == 100 && run.end?.counts.rows == 100)
    }

    @Test func rowsThatArriveAfterTheStopCountAsUnread() {
        let world = VirtualWorld()
        let run = VirtualRun(rows: 300, policy: policy { $0.concurrency = 40 }) { _ in .status(200, after: .seconds(3))
        }
        run.readDelay = .seconds(1)
        world.add(run)
        world.after(.milliseconds(1500)) { run.machine.stop(drainFor: .seconds(25), at: world.moment) }
        finish(world)
        #expect(run.readSizes == [80, 80])
        #expect(run.end?.counts.rows == 80 && run.end?.counts.succeeded == 40 && run.end?.counts.cancelled == 40)
    }

    @Test func aWindowThatCannotBeAnnouncedStopsTheRunAtOnce() {
        let world = VirtualWorld()
        let run = VirtualRun(rows: 300)
        run.announceFailure = RecorderFailure(message: "disk full")
        world.add(run)
        finish(world)
        #expect(run.end?.reason == .output("disk full"))
        #expect(run.starts.isEmpty)
    }

    @Test func aRecordThatCannotBeWrittenStopsTheRunAtOnce() {
        let world = VirtualWorld()
        let run = VirtualRun(rows: 300) { .status(200, after: .milliseconds($0.row < 6 ? 10 : 60_000)) }
        run.recordFailure = { $0.now > 0 ? RecorderFailure(message: "disk full") : nil }
        world.add(run)
        world.finish()
        #expect(run.end?.reason == .output("disk full"))
        #expect(run.cancellations == 1)
        #expect(run.endedAt < 100_000_000)
        #expect(world.dispatcher.process.inFlight == 0)
        #expect(run.end?.counts.finished == run.end?.counts.rows)
    }
}
