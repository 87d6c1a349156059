package import JobModel
package import Reactor
internal import Synchronization

/// Carries out runs: one for the process, so that all runs share its limits.
///
/// All decisions are made on one serial queue. Whatever other threads report is gathered and decided upon together: a
/// burst of ended attempts leads to one pass and one batch of new ones.
package final class ExecutionEngine: Sendable {
    /// What happened since the last pass.
    private struct Inbox {
        var events: [(driver: RunDriver, event: EngineEvent)] = []
        var isScheduled = false
    }

    /// Changed on the decision queue alone; the lock is there for who asks how things are.
    private struct Core {
        var dispatcher: Dispatcher
        /// What the runs have done that have ended.
        var done = ExecutionTotals()
        var runs: [ObjectIdentifier: RunMachine] = [:]
        var drivers: [Int: RunDriver] = [:]
        var alarm: Alarm?
        var armedFor = MonotonicInstant.distantFuture
    }

    private typealias Work = [(driver: RunDriver, actions: [RunAction])]

    private let queue: SerialQueue
    private let time: any TimeSource
    private let inbox = Mutex(Inbox())
    private let core: Mutex<Core>

    /// - Parameters:
    ///   - maximumConcurrency: attempts in flight of the whole process.
    ///   - random: for the jitter of backoffs.
    ///   - queue: where decisions are made.
    package init(
        maximumConcurrency: Int = 512, time: any TimeSource = SystemTimeSource(),
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        queue: SerialQueue = SerialQueue(label: "fnrun.decisions")
    ) {
        self.time = time
        self.queue = queue
        core = Mutex(Core(dispatcher: Dispatcher(maximumConcurrency: maximumConcurrency, random: random)))
        let alarm = Alarm(queue: queue, time: time) { @Sendable [weak self] in self?.alarmFired() }
        core.withLock { $0.alarm = alarm }
    }

    /// Begins a run.
    ///
    /// - Parameters:
    ///   - source: its rows.
    ///   - gateway: where its attempts go.
    ///   - recorder: where its windows, results and summary go.
    ///   - completion: called once, on the decision queue, when the summary is written: must not block.
    package func start(
        _ specification: RunSpecification, source: any InvocationSource, gateway: any InvocationGateway,
        recorder: any RunRecorder, then completion: @escaping @Sendable (RunEnd) -> Void
    ) -> RunHandle {
        let driver = RunDriver(
            specification, engine: self, source: source, gateway: gateway, recorder: recorder, completion: completion)
        post(.begin, to: driver)
        return RunHandle(driver)
    }

    /// As of the last decision. From any thread.
    package var totals: ExecutionTotals {
        core.withLock { core in core.runs.values.reduce(into: core.done) { $0.add($1) } }
    }

    func post(_ event: EngineEvent, to driver: RunDriver) {
        let needsPass = inbox.withLock { inbox in
            inbox.events.append((driver, event))
            defer { inbox.isScheduled = true }
            return !inbox.isScheduled
        }
        if needsPass { queue.async { @Sendable [self] in pass() } }
    }

    private func alarmFired() {
        core.withLock { $0.armedFor = MonotonicInstant(nanoseconds: .min) }
        pass()
    }

    /// Decides upon everything that was reported, then carries out what was decided.
    private func pass() {
        let events = inbox.withLock { inbox in
            defer { inbox = Inbox() }
            return inbox.events
        }
        let moment = Moment(now: time.monotonicNow(), wall: time.wallNow())
        let work = core.withLock { core in
            for (driver, event) in events { Self.apply(event, of: driver, to: &core, at: moment) }
            return Self.decide(&core, at: moment)
        }
        for (driver, event) in events {
            switch event {
            case .begin: driver.observeGateway()
            case .summarized(let end, let failure): driver.complete(end, failure)
            default: break
            }
        }
        for (driver, actions) in work {
            for action in actions { driver.carryOut(action) }
        }
    }

    private static func apply(_ event: EngineEvent, of driver: RunDriver, to core: inout Core, at moment: Moment) {
        let key = ObjectIdentifier(driver)
        if case .begin = event {
            let run = core.dispatcher.add(driver.specification, at: moment)
            core.runs[key] = run
            core.drivers[run.id] = driver
            return
        }
        guard let run = core.runs[key] else { return }
        switch event {
        case .begin: break
        case .batch(let batch): run.batchArrived(batch, at: moment)
        case .announced(let failure): run.windowAnnounced(failure, at: moment)
        case .recorded(let failure): run.resultsRecorded(failure, at: moment)
        case .ended(let ends): run.attemptsEnded(ends, at: moment)
        case .gateway(let state): run.gatewayChanged(to: state, at: moment)
        case .stop(let drain): run.stop(drainFor: drain, at: moment)
        case .abort: run.abort(at: moment)
        case .summarized:
            core.done.addDone(by: run)
            core.runs[key] = nil
            core.drivers[run.id] = nil
        }
    }

    private static func decide(_ core: inout Core, at moment: Moment) -> Work {
        var work: Work = []
        for (run, actions) in core.dispatcher.advance(to: moment) {
            if let driver = core.drivers[run.id] { work.append((driver, actions)) }
        }
        for run in core.runs.values { core.drivers[run.id]?.progress = run.progress }
        arm(&core, at: moment)
        return work
    }

    /// Arms the alarm, unless it fires early enough already: setting a timer costs more than a pass in vain.
    private static func arm(_ core: inout Core, at moment: Moment) {
        let wake = core.dispatcher.nextWake
        if core.armedFor > moment.now, core.armedFor <= wake { return }
        core.armedFor = wake
        core.alarm?.arm(at: wake)
    }
}
