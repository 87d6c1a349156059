import Execution
import JobModel
import TestSupport
import Testing

/// What runs share.
@Suite struct DispatcherTests {
    private func policy(_ edit: (inout RunPolicy) -> Void = { _ in }) -> RunPolicy {
        var policy = RunPolicy()
        edit(&policy)
        return policy
    }

    private func finish(_ world: VirtualWorld) {
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(world.runs.allSatisfy { $0.end?.reason == .completed })
    }

    @Test func theProcessCapHoldsOverAllLambdas() {
        let world = VirtualWorld(maximumConcurrency: 10)
        for name in ["a", "b", "c"] { world.add(VirtualRun(rows: 100, lambda: name)) }
        finish(world)
        #expect(world.mostHeld == 10)
    }

    @Test func aLambdasConcurrencyHoldsOverItsRunsAlone() {
        let world = VirtualWorld()
        let limited = policy { $0.lambdaConcurrency = 5 }
        world.add(VirtualRun(rows: 100, policy: limited))
        world.add(VirtualRun(rows: 100, policy: limited))
        world.add(VirtualRun(rows: 100, lambda: "other"))
        finish(world)
        #expect(world.lambdas["a/l"]?.mostHeld == 5)
        #expect(world.lambdas["other"]?.mostHeld == 8)
    }

    @Test func aLambdasRateIsSharedEvenly() {
        let world = VirtualWorld()
        let limited = policy { $0.lambdaRate = Rate(count: 100, per: .seconds(1)) }
        let runs = (0..<4).map { _ in world.add(VirtualRun(rows: 100, policy: limited)) }
        finish(world)
        for run in runs {
            let early = run.starts.filter { $0.time < 2_000_000_000 }.count
            #expect((45...55).contains(early))
        }
        #expect((3_900_000_000...4_200_000_000).contains(runs.map(\.endedAt).max() ?? 0))
    }

    @Test func aHigherPriorityStartsFirst() {
        let world = VirtualWorld()
        let limited = policy { $0.lambdaConcurrency = 4 }
        let replay = world.add(VirtualRun(rows: 200, policy: limited, priority: 0))
        var scheduled: VirtualRun?
        world.after(.milliseconds(105)) { scheduled = world.add(VirtualRun(rows: 80, policy: limited, priority: 1)) }
        finish(world)
        let begin = scheduled?.starts.first?.time ?? 0
        let end = scheduled?.starts.last?.time ?? 0
        #expect(end > begin)
        #expect(!replay.starts.contains { $0.time > begin + 20_000_000 && $0.time < end })
    }

    @Test func theRateOfARunHoldsBesideItsRetries() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(rows: 300, policy: policy { $0.rate = Rate(count: 6000, per: .seconds(60)) }) {
                $0.attempt == 1 && $0.row % 7 == 0 ? .status(500) : .status(200)
            })
        finish(world)
        #expect((3_300_000_000...5_000_000_000).contains(run.endedAt))
    }

    /// The first round of 32 is rejected together: one halving, not many.
    private static func firstRoundRejected(_ call: VirtualCall) -> VirtualReply {
        let isRejected = call.row < 32 && call.attempt == 1
        return isRejected ? .status(503, after: .milliseconds(50)) : .status(200, after: .seconds(1))
    }

    @Test func rejectionsHalveWhatMayBeInFlight() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(rows: 400, policy: policy { $0.concurrency = 32 }, answer: Self.firstRoundRejected))
        var peak = 0
        for tick in 1..<18 {
            world.after(.milliseconds(52 + tick * 50)) { peak = max(peak, run.machine.inFlight) }
        }
        finish(world)
        #expect(peak == 16)
        #expect(run.mostHeld == 32)
        #expect(world.dispatcher.limits(for: "a/l").window.limit == nil)
    }

    @Test func aRunThatDoesNotAdaptIsNotHalved() {
        let world = VirtualWorld()
        let run = world.add(
            VirtualRun(
                rows: 400,
                policy: policy {
                    $0.concurrency = 32
                    $0.adaptive = false
                },
                answer: Self.firstRoundRejected))
        world.after(.milliseconds(300)) { #expect(run.machine.inFlight == 32) }
        finish(world)
    }

    @Test func whatWasLearnedOfALambdaIsForgottenAfterAMinuteWithoutRuns() {
        let world = VirtualWorld()
        let run = VirtualRun(rows: 8) { $0.attempt == 1 ? .status(503) : .status(400) }
        world.add(run)
        finish(world)
        let limits = world.dispatcher.limits(for: "a/l")
        #expect(limits.window.limit != nil)
        world.after(.seconds(59)) { world.add(VirtualRun(rows: 0)) }
        world.after(.seconds(59)) { #expect(limits.window.limit != nil) }
        world.after(.seconds(120)) {
            world.add(VirtualRun(rows: 0))
            #expect(limits.window.limit == nil)
        }
        world.add(VirtualRun(rows: 1, lambda: "clock") { _ in .status(200, after: .seconds(130)) })
        finish(world)
    }

    @Test func manyRunsShareOneLambdaToTheirEnds() {
        let world = VirtualWorld(maximumConcurrency: 20, seed: 3)
        let limited = policy {
            $0.lambdaConcurrency = 7
            $0.lambdaRate = Rate(count: 2000, per: .seconds(1))
        }
        for number in 0..<60 { world.add(VirtualRun(rows: 20, policy: limited, priority: number % 3)) }
        finish(world)
        #expect(world.lambdas["a/l"]?.mostHeld == 7)
    }
}
