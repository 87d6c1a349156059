import JobModel
import Logging
import Reactor
import Synchronization
import TestSupport
import Testing

@testable import LivePerson

/// Tokens that are rejected while thousands of attempts are under way, in virtual time: the real gateway between a run
/// that repeats each row once after a 401, as it may, and a platform that answers after some milliseconds.
@Suite struct TokenStormTests {
    struct Row {
        var isOfBadLambda = false
        var rejections = 0
        var rejectedUnder: UInt64 = 0
        var status: Int?
    }

    /// Hands out what has ended since it was last asked.
    private final class Drain: AttemptReceiver {
        private let waiting = Mutex<[AttemptEnd]>([])
        func ended(_ ends: [AttemptEnd]) { waiting.withLock { $0 += ends } }
        func take() -> [AttemptEnd] {
            waiting.withLock { waiting in
                defer { waiting = [] }
                return waiting
            }
        }
    }

    /// All steps take a millisecond.
    private struct World {
        let transport = ScriptedTransport()
        let time = ManualTimeSource()
        let observer = RecordingObserver()
        /// One for each lambda.
        let drains = [Drain(), Drain()]
        let gateway: LivePersonGateway
        var random = SeededGenerator(seed: 3)
        var step = 0

        // The platform.
        var requestsPerToken = Int.max
        var shufflesArrivals = false
        var uses: [String: Int] = [:]
        var answers: [Int: [(pending: ScriptedTransport.Pending, status: Int, body: String)]] = [:]
        var tokenRequests: [Int] = []
        /// Tokens of which a 401 has arrived, and how often they were sent after that.
        var rejectedTokens: Set<String> = []
        var sentAfterRejection = 0

        // The run.
        var rows: [Row]
        /// How many of them have not ended.
        var open: Int
        let concurrency: Int
        var ready: [[Int]]
        var awaiting: Set<Int> = []
        var inFlight = [0, 0]

        init(rows: [Row], concurrency: Int) {
            self.rows = rows
            open = rows.count
            self.concurrency = concurrency
            ready = [false, true].map { bad in rows.indices.filter { rows[$0].isOfBadLambda == bad }.reversed() }
            gateway = LivePersonGateway(
                account: Sample.account(Sample.fixedEndpoints), transport: transport, time: time,
                random: SeededGenerator(seed: 1), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            gateway.observe(observer)
            gateway.settle()
        }

        mutating func run(atMost limit: Int) {
            while open > 0, step < limit {
                step += 1
                time.advance(by: .milliseconds(1))
                gateway.alarmFired()
                for (pending, status, body) in answers.removeValue(forKey: step) ?? [] {
                    if status == 401 { rejectedTokens.insert(token(of: pending)) }
                    pending.answer(status, body)
                }
                gateway.settle()
                takeEnds()
                startRows()
                platform()
            }
        }

        private func token(of pending: ScriptedTransport.Pending) -> String {
            pending.request.headers.first { $0.name == "Authorization" }?.value ?? ""
        }

        private mutating func platform() {
            var arrivals = transport.take { _ in true }
            if shufflesArrivals { arrivals.shuffle(using: &random) }
            for pending in arrivals {
                if RequestKind(pending.request) == .token {
                    tokenRequests.append(step)
                    answers[step + 10, default: []].append((pending, 200, Sample.token("token-\(step)")))
                    continue
                }
                let token = token(of: pending)
                if rejectedTokens.contains(token) { sentAfterRejection += 1 }
                if rows[Int(pending.request.id)].isOfBadLambda || uses[token, default: 0] >= requestsPerToken {
                    answers[step + 5, default: []].append((pending, 401, ""))
                } else {
                    uses[token, default: 0] += 1
                    let latency = Int.random(in: 10...30, using: &random)
                    answers[step + latency, default: []].append((pending, 200, "{}"))
                }
            }
        }

        private mutating func takeEnds() {
            for end in drains.flatMap({ $0.take() }) {
                let index = Int(end.id)
                let lambda = rows[index].isOfBadLambda ? 1 : 0
                inFlight[lambda] -= 1
                if end.isHeld {
                    ready[lambda].append(index)
                } else if let status = end.answer?.status, status != 401 {
                    rows[index].status = status
                    open -= 1
                } else {
                    rows[index].rejections += 1
                    rows[index].rejectedUnder = end.tokenGeneration
                    if rows[index].rejections == 1 {
                        awaiting.insert(index)
                    } else {
                        rows[index].status = 401
                        open -= 1
                    }
                }
            }
        }

        private mutating func startRows() {
            guard case .ready(let generation) = observer.states.last else { return }
            let freed = awaiting.filter { rows[$0].rejectedUnder < generation }
            awaiting.subtract(freed)
            for index in freed.sorted() { ready[rows[index].isOfBadLambda ? 1 : 0].append(index) }
            for lambda in [1, 0] {
                var batch: [Attempt] = []
                while inFlight[lambda] < concurrency, let index = ready[lambda].popLast() {
                    inFlight[lambda] += 1
                    batch.append(Sample.attempt(UInt64(index)))
                }
                gateway.start(batch, receiver: drains[lambda])
                gateway.settle()
            }
        }
    }

    @Test(arguments: [(50, true), (400, true), (1000, false)])
    func noRowMeetsAnExhaustedTokenTwice(concurrency: Int, shuffles: Bool) {
        var world = World(rows: Array(repeating: Row(), count: 5000), concurrency: concurrency)
        world.requestsPerToken = 500
        world.shufflesArrivals = shuffles
        world.run(atMost: 60_000)
        #expect(world.rows.allSatisfy { $0.status == 200 })
        #expect(world.rows.contains { $0.rejections == 1 }, "nothing was rejected: the test tests nothing")
        #expect(world.tokenRequests.count >= 10)
        #expect(world.tokenRequests.count <= 16)
        // Only probes, one at a time.
        #expect(world.sentAfterRejection <= 8 * world.tokenRequests.count)
        let gaps = zip(world.tokenRequests.dropFirst(2), world.tokenRequests.dropFirst()).map { $0 - $1 }
        #expect(gaps.allSatisfy { (900...4000).contains($0) }, "\(gaps)")
        #expect(world.gateway.status().inFlight == 0)
    }

    @Test func aLambdaThatAlwaysAnswers401DoesNotStopOthers() {
        let good = Array(repeating: Row(), count: 2000)
        let bad = Array(repeating: Row(isOfBadLambda: true), count: 200)
        var world = World(rows: good + bad, concurrency: 8)
        world.run(atMost: 60_000)
        #expect(world.rows.prefix(2000).allSatisfy { $0.status == 200 && $0.rejections == 0 })
        #expect(world.rows.suffix(200).allSatisfy { $0.status == 401 && $0.rejections == 2 })
        // Alone the good ones would take 5 s; if they went on with renewals only, minutes.
        #expect(world.step < 20_000)
        #expect(world.tokenRequests.count <= 3 + world.step / 1000)
    }
}
