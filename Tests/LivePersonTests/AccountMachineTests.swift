import JobModel
import TestSupport
import Testing

@testable import LivePerson

/// Random histories of an account under a virtual clock: whatever happens, the rules hold after each step.
@Suite struct AccountMachineTests {
    /// An account's surroundings: answers requests after a while, well or badly.
    private struct World {
        var machine: AccountMachine
        var random: SeededGenerator
        var now = MonotonicInstant.at(0)
        /// What is on its way, with its arrival.
        var arrivals: [(at: MonotonicInstant, event: AccountMachine.Event)] = []
        var tokenRequestsInFlight = 0
        var lookupsInFlight: [Service: Int] = [:]
        var told: [UInt64: GatewayState] = [:]
        var tokenRequests: [MonotonicInstant] = []
        /// The end of each granted token's life, by generation; reissued ones keep theirs.
        var expiries: [UInt64: MonotonicInstant] = [:]
        var pendingExpiry = MonotonicInstant.at(0)
        var lastGeneration: UInt64 = 0
        /// Out of 100 answers so many are failures, refusals.
        var failing = 0
        var refusing = 0

        init(seed: UInt64, retryRefusedEvery: Duration?) {
            var hostPolicy = HostMachine.Policy()
            hostPolicy.retryRefusedEvery = retryRefusedEvery
            var tokenPolicy = TokenMachine.Policy()
            tokenPolicy.retryRefusedEvery = retryRefusedEvery
            machine = AccountMachine(
                gateway: nil, sentinel: nil, authTimeout: .seconds(60), hostPolicy: hostPolicy,
                tokenPolicy: tokenPolicy)
            random = SeededGenerator(seed: seed)
        }

        mutating func chance(_ percent: Int) -> Bool {
            Int.random(in: 0..<100, using: &random) < percent
        }

        mutating func handle(_ event: AccountMachine.Event) {
            if case .tokenAnswered = event { tokenRequestsInFlight -= 1 }
            if case .lookedUp(let service, _) = event { lookupsInFlight[service, default: 0] -= 1 }
            for action in machine.handle(event, at: now, using: &random) { perform(action) }
            check()
        }

        mutating func perform(_ action: AccountMachine.Action) {
            let delay = Duration.milliseconds(Int.random(in: 1...20_000, using: &random))
            let arrival = now.advanced(by: delay)
            switch action {
            case .lookUp(let service):
                lookupsInFlight[service, default: 0] += 1
                let answer: HostAnswer =
                    chance(refusing)
                    ? .refused("none")
                    : chance(failing)
                        ? .failed("down", retryAfter: nil) : .found(Endpoint(baseURL: "https://h\(chance(50))"))
                arrivals.append((arrival, .lookedUp(service, answer)))
            case .requestToken:
                tokenRequestsInFlight += 1
                tokenRequests.append(now)
                let life = Duration.seconds(Int.random(in: 1...600, using: &random))
                let answer: TokenAnswer =
                    chance(refusing)
                    ? .refused("bad")
                    : chance(failing)
                        ? .failed("down", retryAfter: chance(10) ? .seconds(90) : nil, isSilent: chance(50))
                        : .granted(token: Secret("t"), lifetime: life)
                pendingExpiry = now.advanced(by: life)
                arrivals.append((arrival, .tokenAnswered(answer)))
            case .tell(let id, let state):
                told[id] = state
                if case .ready(let generation) = state {
                    require(generation >= lastGeneration, "generations only grow")
                    lastGeneration = generation
                }
            case .note(.tokenGranted(let generation, _)):
                expiries[generation] = pendingExpiry
            case .note(.tokenReissued(let generation)):
                expiries[generation] = expiries[generation - 1]
            case .note:
                break
            }
        }

        func check() {
            require(tokenRequestsInFlight <= 1, "one token request at a time")
            require(lookupsInFlight.values.allSatisfy { $0 <= 1 }, "one lookup of a service at a time")
            require(machine.nextAlarm > now, "nothing that is due is left undone")
            let pass = machine.pass(at: now)
            if let pass {
                let isAlive = expiries[pass.tokenGeneration].map { now < $0 } == true
                require(isAlive && pass.usableUntil > now, "no expired token may leave")
            }
            for (_, state) in told {
                let isTrue =
                    switch state {
                    case .ready(let generation): pass?.tokenGeneration == generation
                    case .preparing, .unreachable, .refused: pass == nil
                    }
                require(isTrue, "observers know whether attempts may leave")
            }
        }

        /// Millions of expectations are slow when they hold.
        private func require(_ holds: Bool, _ rule: Comment) {
            if !holds { Issue.record(rule) }
        }

        /// Goes to the next thing that happens, or by a random step.
        mutating func step() {
            let nextArrival = arrivals.map(\.at).min() ?? .distantFuture
            let randomStep = now.advanced(by: .milliseconds(Int.random(in: 1...5000, using: &random)))
            now = max(now, min(nextArrival, machine.nextAlarm, randomStep))
            if let position = arrivals.firstIndex(where: { $0.at <= now }) {
                handle(arrivals.remove(at: position).event)
            } else if machine.nextAlarm <= now {
                handle(.alarm)
            } else {
                randomEvent()
            }
        }

        mutating func randomEvent() {
            let generation = UInt64.random(in: 0...lastGeneration + 1, using: &random)
            switch Int.random(in: 0..<11, using: &random) {
            case 0: handle(.rejected(lastGeneration))
            case 1: handle(.rejected(generation))
            case 2, 3, 4: handle(.accepted(lastGeneration))
            case 5: handle(.accepted(generation))
            case 6: handle(.gatewaySilent)
            case 7: handle(.probe(.left, lastGeneration))
            case 8: handle(.probe(chance(50) ? .accepted : .unanswered, lastGeneration))
            case 9: handle(.probe(.accepted, generation))
            default: handle(.alarm)
            }
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>)
    func invariantsHoldInRandomHistories(seed: UInt64) {
        var world = World(seed: seed, retryRefusedEvery: seed % 2 == 0 ? .seconds(60) : nil)
        world.failing = Int(seed % 5) * 20
        world.refusing = seed % 3 == 0 ? 3 : 0
        world.handle(.observed(1))
        for step in 0..<3000 {
            if step % 500 == 250 { world.handle(.observed(UInt64(step))) }
            world.step()
        }
        // Whatever happens, there is no storm of requests.
        let seconds = MonotonicInstant.at(0).duration(to: world.now).milliseconds / 1000
        #expect(Double(world.tokenRequests.count) <= 10 + seconds)
        #expect(Double(world.machine.counts.lookups) <= 10 + seconds)
        #expect(world.machine.counts.lookups >= 2)
        #expect(world.machine.counts.tokenRequests == world.tokenRequests.count)
    }

    /// A 401 is always followed by a higher generation, a refusal or `unreachable`.
    @Test(arguments: 0..<60 as Range<UInt64>)
    func everyRejectionIsResolved(seed: UInt64) {
        var world = World(seed: seed, retryRefusedEvery: nil)
        world.handle(.observed(1))
        while world.lastGeneration == 0 { world.step() }
        if seed % 2 == 0 { world.handle(.accepted(1)) }
        // From here on tokens may be out of reach.
        world.failing = seed % 3 == 0 ? 100 : 60
        let rejected = world.lastGeneration
        world.handle(.rejected(rejected))
        if seed % 4 < 2 { world.handle(.accepted(rejected)) }
        let start = world.now
        var isResolved = false
        while !isResolved, start.duration(to: world.now) < .seconds(200) {
            let next = min(world.arrivals.map(\.at).min() ?? .distantFuture, world.machine.nextAlarm)
            world.now = max(world.now, next)
            if let position = world.arrivals.firstIndex(where: { $0.at <= world.now }) {
                world.handle(world.arrivals.remove(at: position).event)
            } else {
                world.handle(.alarm)
            }
            switch world.told[1] {
            case .ready(let generation): isResolved = generation > rejected
            case .refused, .unreachable: isResolved = true
            case .preparing, nil: break
            }
        }
        #expect(isResolved)
    }

    // MARK: Single cases

    @Test func nothingIsAskedForWithoutAnObserver() {
        var world = World(seed: 1, retryRefusedEvery: nil)
        world.handle(.alarm)
        #expect(world.arrivals.isEmpty)
        #expect(world.machine.nextAlarm == .distantFuture)
        world.handle(.observed(1))
        #expect(world.arrivals.count == 2)
        world.handle(.vanished([1]))
        while !world.arrivals.isEmpty {
            world.now = world.now.advanced(by: .seconds(30))
            world.handle(world.arrivals.removeFirst().event)
        }
        #expect(world.tokenRequests.isEmpty)
        #expect(world.machine.nextAlarm == .distantFuture)
    }

    @Test func eachObserverWaitsForTheWholeTimeout() {
        var world = World(seed: 1, retryRefusedEvery: nil)
        world.failing = 100
        func run(_ world: inout World, until end: MonotonicInstant) {
            while true {
                let next = min(world.arrivals.map(\.at).min() ?? .distantFuture, world.machine.nextAlarm)
                guard next <= end else { break }
                world.now = max(world.now, next)
                if let position = world.arrivals.firstIndex(where: { $0.at <= world.now }) {
                    world.handle(world.arrivals.remove(at: position).event)
                } else {
                    world.handle(.alarm)
                }
            }
            world.now = end
        }
        world.handle(.observed(1))
        run(&world, until: .at(59.9))
        #expect(world.told[1] == .preparing)
        run(&world, until: .at(60))
        #expect(world.told[1] == .unreachable("down"))
        run(&world, until: .at(100))
        world.handle(.observed(2))
        #expect(world.told[2] == .preparing)
        run(&world, until: .at(159))
        #expect(world.told[2] == .preparing)
        run(&world, until: .at(160))
        #expect(world.told[2] == .unreachable("down"))
        world.failing = 0
        run(&world, until: .at(300))
        #expect(world.told[1] == .ready(tokenGeneration: world.lastGeneration))
        #expect(world.told[2] == .ready(tokenGeneration: world.lastGeneration))
    }

    @Test func gatewayThatDoesNotExistSavesTheTokenRequest() {
        var world = World(seed: 1, retryRefusedEvery: nil)
        world.handle(.observed(1))
        world.arrivals = []
        world.handle(.lookedUp(.gateway, .refused("no such account")))
        world.handle(.lookedUp(.sentinel, .found(Endpoint(baseURL: "https://s"))))
        #expect(world.told[1] == .refused("no such account"))
        #expect(world.tokenRequests.isEmpty)
    }
}
