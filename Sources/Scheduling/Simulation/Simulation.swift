internal import HeapModule
package import JobModel

/// What happens in a simulation, at a virtual time.
package enum SimulationEvent: Sendable {
    case started(RunStart)
    /// A run ended, or was stopped for another.
    case ended(RunStart, OccurrenceResult)
    case note(SchedulerNote)
}

/// Jobs under a clock that jumps from one event to the next: the scheduler's own decisions, with runs that only last.
package struct Simulation {
    private struct End: Comparable {
        var time: Timestamp
        /// Of its start: runs that end together end in the order of their starts.
        var order: Int
        var place: Int

        static func < (left: End, right: End) -> Bool {
            left.time == right.time ? left.order < right.order : left.time < right.time
        }
    }

    private var machine: SchedulerMachine
    private var ledger = VirtualLedger()
    private let begin: Timestamp
    private let end: Timestamp
    private let duration: (Int, OccurrenceID) -> Duration
    private let onEvent: (Timestamp, SimulationEvent) -> Void

    private var report: SimulationReport
    private var ends = Heap<End>()
    private var going: [RunStart?] = []
    private var unused: [Int] = []
    private var started = 0
    private var concurrency = 0
    private var perJob: [Int]
    private let places: [String: Int]

    /// - Parameters:
    ///   - begin: inclusive.
    ///   - end: exclusive.
    ///   - random: makes run ids; seeded, all is reproducible.
    ///   - duration: how long the run of an occurrence takes; the job by its place in `jobs`.
    ///   - onEvent: told of everything, in order of time.
    package init(
        jobs: [ScheduledJob], from begin: Timestamp, to end: Timestamp, random: any RandomNumberGenerator,
        duration: @escaping (_ job: Int, _ occurrence: OccurrenceID) -> Duration,
        onEvent: @escaping (_ time: Timestamp, _ event: SimulationEvent) -> Void = { _, _ in }
    ) {
        machine = SchedulerMachine(mode: .daemon, random: random)
        self.begin = begin
        self.end = end
        self.duration = duration
        self.onEvent = onEvent
        report = SimulationReport(jobs: jobs.map { SimulationReport.Job(name: $0.name) })
        perJob = Array(repeating: 0, count: jobs.count)
        places = Dictionary(jobs.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        // An occurrence at the very beginning counts, and is on time.
        let moment = moment(begin.justBefore)
        let standings = ledger.register(jobs.map { $0.registration(from: moment.wall) }, at: moment.wall)
        machine.load(jobs, standings: standings, at: moment)
    }

    /// Lets all the time pass. Once.
    package mutating func run() -> SimulationReport {
        var now = begin.justBefore
        while let next = nextEvent(), next < end {
            // The daemon looks every second; only the last look before an event matters.
            if next.microseconds &- now.microseconds > SchedulerMachine.longestGapMicroseconds {
                machine.idle(until: moment(next - SchedulerMachine.lookInterval))
            }
            now = next
            while let first = ends.min, first.time <= now {
                ends.removeMin()
                finish(first.place, .succeeded, at: now)
                unused.append(first.place)
            }
            advance(to: now)
        }
        for (job, state) in machine.status.jobs.enumerated() {
            report.jobs[job].goingAtEnd = state.going.count
            report.jobs[job].waitingAtEnd = state.waiting.count
            report.jobs[job].closeBlocker()
        }
        return report
    }

    private func nextEvent() -> Timestamp? {
        guard let fire = machine.nextFireTime else { return ends.min?.time }
        return ends.min.map { min($0.time, fire) } ?? fire
    }

    private func moment(_ wall: Timestamp) -> SchedulerMoment {
        let passed = wall.microseconds &- begin.microseconds
        return SchedulerMoment(monotonic: MonotonicInstant(nanoseconds: passed &* 1000), wall: wall)
    }

    private mutating func advance(to now: Timestamp) {
        let moment = moment(now)
        var isAsking = true
        while isAsking {
            isAsking = false
            for action in machine.advance(to: moment) {
                switch action {
                case .apply(let requests):
                    machine.answered(ledger.apply(requests), at: moment)
                    isAsking = true
                case .start(let start): begin(start, at: now)
                case .cancel(let cancellation):
                    if let place = going.firstIndex(where: { $0?.handle == cancellation.handle }) {
                        finish(place, .failed, at: now)
                        isAsking = true
                    }
                case .note(let note):
                    report.add(note, places: places)
                    onEvent(now, .note(note))
                case .resume, .readyToReload: break
                }
            }
        }
    }

    private mutating func begin(_ start: RunStart, at now: Timestamp) {
        let place: Int
        if let unused = unused.popLast() {
            place = unused
            going[place] = start
        } else {
            place = going.count
            going.append(start)
        }
        started += 1
        let length = max(.zero, duration(start.job, start.occurrence))
        ends.insert(End(time: now + length, order: started, place: place))
        concurrency += 1
        perJob[start.job] += 1
        report.add(start, concurrency: concurrency, ofJob: perJob[start.job], at: now)
        onEvent(now, .started(start))
    }

    private mutating func finish(_ place: Int, _ result: OccurrenceResult, at now: Timestamp) {
        guard let start = going[place] else { return }
        going[place] = nil
        concurrency -= 1
        perJob[start.job] -= 1
        machine.runFinished(start.handle, result, at: now)
        onEvent(now, .ended(start, result))
    }
}
