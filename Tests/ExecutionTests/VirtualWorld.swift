import Execution
import HeapModule
import JobModel
import TestSupport

/// Runs under a virtual clock: a gateway, recorders and inputs that answer after scripted times, and an inspector that
/// checks every promise of the run machine at every step.
final class VirtualWorld {
    private enum Event {
        case batch(VirtualRun, PreparedBatch)
        case announced(VirtualRun, upTo: Int, RecorderFailure?)
        case recorded(VirtualRun, rows: [Int], RecorderFailure?)
        case ended(VirtualRun, AttemptEnd, row: Int)
        case gateway(VirtualRun, GatewayState)
        case call(() -> Void)
    }

    private struct Scheduled: Comparable {
        var time: Int64
        var order: Int
        var payload: Int

        static func < (left: Scheduled, right: Scheduled) -> Bool {
            left.time == right.time ? left.order < right.order : left.time < right.time
        }
    }

    let dispatcher: Dispatcher
    var random: SeededGenerator
    private(set) var now: Int64 = 0
    private(set) var violations: [String] = []
    private(set) var runs: [VirtualRun] = []
    private(set) var held = 0
    private(set) var mostHeld = 0
    var lambdas: [String: VirtualLambda] = [:]
    /// How late timers fire, at most.
    var timerLateness: Int64 = 0
    private var agenda = Heap<Scheduled>()
    private var payloads: [Event?] = []
    private var unusedPayloads: [Int] = []
    private var order = 0
    private let wallStart = Timestamp(seconds: 1_795_000_000)

    init(maximumConcurrency: Int = 512, seed: UInt64 = 1) {
        random = SeededGenerator(seed: seed)
        dispatcher = Dispatcher(maximumConcurrency: maximumConcurrency, random: SeededGenerator(seed: seed ^ 0xABCD))
    }

    var moment: Moment {
        Moment(now: MonotonicInstant(nanoseconds: now), wall: wallStart + .nanoseconds(now))
    }

    func violation(_ text: @autoclosure () -> String) {
        if violations.count < 20 { violations.append("\(now) ns: \(text())") }
    }

    /// Begins a run now.
    @discardableResult
    func add(_ run: VirtualRun) -> VirtualRun {
        if lambdas[run.lambdaKey] == nil { lambdas[run.lambdaKey] = VirtualLambda() }
        let machine = dispatcher.add(
            RunSpecification(
                target: LambdaTarget(address: .event("e")), lambdaKey: run.lambdaKey, policy: run.policy,
                priority: run.priority),
            at: moment)
        run.begin(machine, in: self)
        runs.append(run)
        if let state = run.initialGate { schedule(.gateway(run, state), after: run.gateDelay) }
        schedule(.call({}), after: .zero)
        return run
    }

    /// Calls something at a time counted from now.
    func after(_ wait: Duration, _ work: @escaping () -> Void) {
        schedule(.call(work), after: wait)
    }

    func tell(_ run: VirtualRun, _ state: GatewayState, after wait: Duration = .zero) {
        schedule(.gateway(run, state), after: wait)
    }

    private func schedule(_ event: Event, after wait: Duration) {
        order += 1
        let payload: Int
        if let unused = unusedPayloads.popLast() {
            payload = unused
            payloads[unused] = event
        } else {
            payload = payloads.count
            payloads.append(event)
        }
        agenda.insert(Scheduled(time: now + Swift.max(0, wait.wholeNanoseconds), order: order, payload: payload))
    }

    /// Lets time pass until every run has ended.
    ///
    /// - Parameter limit: of the virtual time; a run that is not done by then is a violation.
    func finish(within limit: Duration = .seconds(1_000_000)) {
        let end = limit.wholeNanoseconds
        var idleSteps = 0
        while runs.contains(where: { $0.end == nil }) {
            var wake = dispatcher.nextWake.nanoseconds
            if wake < .max, timerLateness > 0 { wake += Int64.random(in: 0...timerLateness, using: &random) }
            let next = Swift.min(agenda.min?.time ?? .max, wake)
            guard next < end else {
                return violation("stuck: \(runs.filter { $0.end == nil }.map(\.machine.progress))")
            }
            idleSteps = next > now ? 0 : idleSteps + 1
            guard idleSteps < 100_000 else { return violation("asks to be woken without end") }
            step(to: Swift.max(now, next))
            guard violations.count < 20 else { return }
        }
    }

    private func step(to time: Int64) {
        now = time
        while let first = agenda.min, first.time <= now {
            agenda.removeMin()
            guard let event = payloads[first.payload] else { continue }
            payloads[first.payload] = nil
            unusedPayloads.append(first.payload)
            apply(event)
        }
        let work = dispatcher.advance(to: moment).compactMap { machine, actions in
            runs.first { $0.machine === machine }.map { (run: $0, actions: actions) }
        }
        // What ended gives its permits back first, in all runs: then what starts is counted.
        for (run, actions) in work {
            for case .record(let results) in actions { record(results, of: run) }
        }
        for run in runs { run.settleEnded(in: self) }
        for (run, actions) in work {
            for action in actions { carryOut(action, of: run) }
        }
        mostHeld = Swift.max(mostHeld, held)
    }

    private func apply(_ event: Event) {
        switch event {
        case .batch(let run, let batch):
            run.isReading = false
            run.machine.batchArrived(batch, at: moment)
        case .announced(let run, let upTo, let failure):
            if failure == nil { run.announced = upTo }
            run.machine.windowAnnounced(failure, at: moment)
        case .recorded(let run, let rows, let failure):
            run.recorded(rows, in: self)
            run.machine.resultsRecorded(failure, at: moment)
        case .ended(let run, let end, let row):
            run.ended(row, end, in: self)
            run.machine.attemptsEnded([end], at: moment)
        case .gateway(let run, let state):
            if case .ready(let generation) = state { run.generation = generation }
            run.isOpen = if case .ready = state { true } else { false }
            run.machine.gatewayChanged(to: state, at: moment)
        case .call(let work):
            work()
        }
    }

    private func carryOut(_ action: RunAction, of run: VirtualRun) {
        switch action {
        case .read(let limit):
            if run.isReading { violation("two reads at once") }
            if limit < 1 || run.open + limit > run.policy.maximumOpen { violation("reads \(limit) beyond the bound") }
            run.isReading = true
            guard let batch = run.nextBatch(limit) else { return }
            run.readSizes.append(batch.rows.count)
            schedule(.batch(run, batch), after: run.readDelay)
        case .announce(let batch):
            schedule(
                .announced(run, upTo: batch.upTo, run.announceFailure), after: run.announceDelay)
        case .send(let attempts):
            if attempts.isEmpty { violation("sends nothing") }
            for attempt in attempts { send(attempt, of: run) }
        case .record:
            break
        case .cancelInFlight:
            run.cancellations += 1
            cancelInFlight(of: run)
        case .finish(let end):
            if run.end != nil { violation("ended twice") }
            run.end = end
            run.endedAt = now
            run.checkEnd(end, in: self)
        }
    }

    private func send(_ attempt: Attempt, of run: VirtualRun) {
        let row = attempt.request.payload.lowerBound
        held += 1
        if held > dispatcher.process.maximum { violation("\(held) in flight in the process") }
        run.sent(row, in: self)
        let reply = run.answer(VirtualCall(row: row, attempt: run.attempts[row], now: now, generation: run.generation))
        run.flying[row] = attempt.id
        let end = AttemptEnd(
            id: attempt.id, result: reply.result, tokenGeneration: reply.generation ?? run.generation,
            startedAt: moment.wall, latency: reply.after)
        schedule(.ended(run, end, row: row), after: reply.after)
    }

    private func cancelInFlight(of run: VirtualRun) {
        let error = InvocationError(.network, message: "aborted")
        for (row, id) in run.flying {
            let end = AttemptEnd(
                id: id, result: row % 2 == 0 ? .unknown(error) : .cancelled, tokenGeneration: run.generation,
                startedAt: moment.wall, latency: .milliseconds(1))
            schedule(.ended(run, end, row: row), after: .milliseconds(1))
        }
    }

    private func record(_ results: [InvocationResult], of run: VirtualRun) {
        if results.isEmpty { violation("records nothing") }
        for result in results { run.take(result, in: self) }
        schedule(.recorded(run, rows: results.map(\.row.index), run.recordFailure(self)), after: run.recordDelay)
    }

    func hold(_ change: Int) {
        held += change
    }
}
