import Execution
import JobModel
import TestSupport
import Testing

/// Large runs under random faults and policies; the inspector of ``VirtualWorld`` checks every step.
@Suite struct RandomFaultsTests {
    #if DEBUG
        private static let rowsPerWorld = 6_000
    #else
        private static let rowsPerWorld = 84_000
    #endif

    /// Twelve worlds: a million rows in a release build.
    @Test(arguments: UInt64(1)...12)
    func everyPromiseHolds(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let world = VirtualWorld(maximumConcurrency: Int.random(in: 5...200, using: &random), seed: seed)
        world.timerLateness = [0, 300_000, 2_000_000][Int(seed % 3)]
        let lambdaConcurrency = Bool.random(using: &random) ? Int.random(in: 3...80, using: &random) : nil
        let lambdaRate = seed % 4 == 0 ? Rate(count: 5000, per: .seconds(1)) : nil
        let runCount = Int.random(in: 1...4, using: &random)
        for number in 0..<runCount {
            var policy = Self.randomPolicy(&random)
            policy.lambdaConcurrency = lambdaConcurrency
            policy.lambdaRate = lambdaRate
            let rate = Double.random(in: 0.005...0.08, using: &random)
            let faults = Faults(seed: seed &* 31 &+ UInt64(number), rate: rate)
            let run = VirtualRun(
                rows: Self.rowsPerWorld / runCount, policy: policy, priority: Int.random(in: 0...1, using: &random),
                answer: { faults.reply($0) })
            run.keepsResults = false
            run.isRejected = { $0 % 997 == 5 }
            faults.attach(run, world)
            world.add(run)
        }
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(world.held == 0)
        #expect(world.dispatcher.process.inFlight == 0)
        #expect(world.dispatcher.limits(for: "a/l").inFlight == 0)
        for run in world.runs {
            #expect(run.end?.reason == .completed)
            #expect(run.end?.counts.rows == Self.rowsPerWorld / runCount)
        }
    }

    /// Whatever stops a run, whenever: each row that was read has one record, and the run ends soon.
    @Test(arguments: UInt64(100)...139)
    func stoppedAtAnyInstant(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let world = VirtualWorld(seed: seed)
        var policy = Self.randomPolicy(&random)
        let cause = seed % 5
        if cause == 0 { policy.deadline = .milliseconds(Int.random(in: 0...900, using: &random)) }
        if cause == 1 { policy.tolerate = .count(Int.random(in: 0...20, using: &random)) }
        let faults = Faults(seed: seed, rate: 0.1)
        let run = VirtualRun(rows: 3000, policy: policy, answer: { faults.reply($0) })
        faults.attach(run, world)
        world.add(run)
        let instant = Duration.milliseconds(Int.random(in: 0...900, using: &random))
        world.after(instant) {
            switch cause {
            case 2: run.machine.stop(drainFor: .milliseconds(30), at: world.moment)
            case 3: run.machine.abort(at: world.moment)
            case 4: run.machine.gatewayChanged(to: .refused("no"), at: world.moment)
            default: break
            }
        }
        world.finish()
        #expect(world.violations.isEmpty)
        #expect(world.dispatcher.process.inFlight == 0)
        #expect(run.end != nil)
    }

    @Test func equalSeedsGiveEqualRuns() {
        func starts() -> [Int64] {
            let world = VirtualWorld(seed: 5)
            let faults = Faults(seed: 5, rate: 0.1)
            let run = VirtualRun(rows: 2000, answer: { faults.reply($0) })
            faults.attach(run, world)
            world.add(run)
            world.finish()
            return run.starts.map(\.time)
        }
        let first = starts()
        #expect(first.count > 2000)
        #expect(first == starts())
    }

    private static func randomPolicy(_ random: inout SeededGenerator) -> RunPolicy {
        var policy = RunPolicy()
        policy.concurrency = Int.random(in: 1...150, using: &random)
        policy.adaptive = Bool.random(using: &random)
        policy.idempotent = Bool.random(using: &random)
        if Bool.random(using: &random) {
            policy.rate = Rate(count: Double(Int.random(in: 200...5000, using: &random)), per: .seconds(1))
        }
        policy.retry.maxAttempts = Int.random(in: 1...5, using: &random)
        policy.retry.initialInterval = .milliseconds(Int.random(in: 1...800, using: &random))
        policy.retry.jitter = RetryPolicy.Jitter.allCases[Int.random(in: 0...2, using: &random)]
        policy.retry.maxElapsed = .seconds(Int.random(in: 2...60, using: &random))
        if Bool.random(using: &random) { policy.retry.codes = ["again"] }
        if Bool.random(using: &random) { policy.retry.never = [502] }
        if Bool.random(using: &random) { policy.retry.unknown = true }
        return policy
    }
}

/// A gateway with random faults: slow answers, rejections, lost answers, tokens that are revoked now and then.
final class Faults {
    private var random: SeededGenerator
    private let rate: Double
    private var revokedBelow: UInt64 = 1
    private weak var run: VirtualRun?
    private weak var world: VirtualWorld?
    private var calls = 0

    init(seed: UInt64, rate: Double) {
        random = SeededGenerator(seed: seed)
        self.rate = rate
    }

    func attach(_ run: VirtualRun, _ world: VirtualWorld) {
        self.run = run
        self.world = world
    }

    func reply(_ call: VirtualCall) -> VirtualReply {
        calls += 1
        let after = Duration.microseconds(Int.random(in: 500...20_000, using: &random))
        if calls % 1500 == 0, let run, let world {
            revokedBelow = call.generation + 1
            world.tell(run, .preparing, after: .milliseconds(5))
            world.tell(run, .ready(tokenGeneration: revokedBelow), after: .milliseconds(40))
        }
        if call.generation < revokedBelow { return .status(401, after: after) }
        guard Double.random(in: 0..<1, using: &random) < rate else { return .status(200, after: after) }
        switch Int.random(in: 0..<13, using: &random) {
        case 0: return .status(429, after: after)
        case 1: return .status(429, retryAfter: .milliseconds(Int.random(in: 0...300, using: &random)), after: after)
        case 2: return .status(503, retryAfter: .milliseconds(Int.random(in: 0...100, using: &random)), after: after)
        case 3: return .status(503, after: after)
        case 4: return .status(500, retryAfter: calls % 2 == 0 ? .milliseconds(calls % 90) : nil, after: after)
        case 5: return .status(502, after: after)
        case 6: return .status(901, after: after)
        case 7: return .status(901, code: "again", after: after)
        case 8: return .unknown(after: after)
        case 9: return .notSent
        case 10: return .held
        case 11: return .status(400, after: after)
        default: return .status(200, after: .zero)
        }
    }
}
