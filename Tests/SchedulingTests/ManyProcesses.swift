import JobModel
import Scheduling
import TestSupport

/// Several schedulers on one ledger, with crashes, clock steps, sleeps, reloads and faults of the ledger; whatever is
/// never to happen is noted as a violation.
final class ManyProcesses {
    private final class Process {
        let id: String
        var machine: SchedulerMachine
        var plan: [ScheduledJob] = []
        var asked: (requests: [LedgerRequest], answerAt: Int64)?
        var lookedAt: Int64 = 0
        var nextLease: Int64 = 0
        var inherited = 0
        var isReloading = false

        init(id: String, random: SeededGenerator) {
            self.id = id
            machine = SchedulerMachine(mode: .daemon, random: random)
        }
    }

    private struct LiveRun {
        var process: String
        var start: RunStart
        var endsAt: Int64
        var claim: LedgerClaim
        /// In the order in which the ledger let runs begin.
        var order: Int
    }

    let ledger = SharedLedger()
    private(set) var violations: [String] = []
    private(set) var starts: [OccurrenceID: Int] = [:]
    private(set) var resumptions = 0
    private var random: SeededGenerator
    private let calendars: [String: PeriodicCalendar]
    private var processes: [Process] = []
    private var live: [LiveRun] = []
    private var now: Int64 = 0
    private var offset: Int64 = Scenario.zero * 1_000_000
    private var chaosAt: Int64 = 0
    private var isCalm = false
    private var processesBegun = 0

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        var calendars: [String: PeriodicCalendar] = [:]
        for index in 0..<5 {
            let period = [1, 2, 5, 20, 60, 3600].randomElement(using: &random) ?? 1
            let jitter = Bool.random(using: &random) ? Int64(period) * 900_000 : 0
            calendars["j\(index)"] = PeriodicCalendar(
                period: Int64(period) * 1_000_000, phase: Int64(index) * 130_000, jitter: jitter)
        }
        self.calendars = calendars
        startProcess()
    }

    private var wall: Timestamp { Timestamp(microseconds: now + offset) }
    private var nanoseconds: Int64 { now * 1000 }
    private var moment: SchedulerMoment {
        SchedulerMoment(monotonic: MonotonicInstant(nanoseconds: nanoseconds), wall: wall)
    }

    private func violation(_ text: String) {
        if violations.count < 10 { violations.append("\(now): \(text)") }
    }

    private func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    /// Lets time pass with faults, then without, and checks the ledger.
    func run(seconds: Int64) {
        pass(until: seconds * 1_000_000)
        isCalm = true
        if processes.count < 2 { startProcess() }
        for process in processes { beginReload(process) }
        pass(until: now + 400_000_000)
        checkLedger()
        for text in ledger.violations { violation(text) }
    }

    private func pass(until end: Int64) {
        var steps = 0
        while now < end, violations.isEmpty {
            steps += 1
            if steps > 1_000_000 { return violation("no end") }
            var next = isCalm ? end : min(end, chaosAt)
            for process in processes {
                next = min(next, process.lookedAt + 1_000_000, process.nextLease)
                next = min(next, process.asked?.answerAt ?? .max)
                if process.asked == nil { next = min(next, process.machine.nextWake.microseconds - offset) }
            }
            for run in live { next = min(next, run.endsAt) }
            now = max(now, next)
            if !isCalm, chaosAt <= now { chaos() }
            endRuns()
            for process in processes { wake(process) }
            for process in processes where process.machine.isStopping && process.machine.isIdle {
                ledger.resign(process.id)
                processes.removeAll { $0 === process }
            }
        }
    }

    private func wake(_ process: Process) {
        if process.nextLease <= now {
            process.machine.stopRequested(ledger.renew(process.id, at: nanoseconds))
            var policies: [String: CrashPolicy] = [:]
            for job in process.plan { policies[job.name] = job.policy.onCrash }
            if !process.machine.isStopping {
                let reaped = ledger.reap(for: policies, by: process.id, at: nanoseconds)
                process.inherited += reaped.count
                process.machine.reaped(reaped, at: moment)
            }
            process.nextLease = now + 5_000_000
        }
        if let asked = process.asked, asked.answerAt <= now {
            process.asked = nil
            let fault = isCalm ? 100 : Int.random(in: 0..<100, using: &random)
            if fault >= 3 {
                let answers = ledger.apply(asked.requests, by: process.id, at: nanoseconds)
                if fault < 6 { process.machine.ledgerFailed() } else { process.machine.answered(answers, at: moment) }
            } else {
                process.machine.ledgerFailed()
            }
        }
        look(process)
    }

    private func look(_ process: Process) {
        process.lookedAt = now
        for action in process.machine.advance(to: moment) {
            switch action {
            case .apply(let requests):
                if process.asked != nil { violation("two batches at a time") }
                let wait = chance(1) && !isCalm ? Int64.random(in: 0..<15_000_000, using: &random) : 0
                process.asked = (requests, now + wait + Int64.random(in: 0..<200_000, using: &random))
            case .start(let start):
                starts[start.occurrence, default: 0] += 1
                if starts[start.occurrence] != 1 { violation("\(start.occurrence) begins twice") }
                begin(start, of: process)
            case .resume(let start, _):
                resumptions += 1
                begin(start, of: process)
            case .cancel(let cancellation):
                if let index = live.firstIndex(where: {
                    $0.process == process.id && $0.start.handle == cancellation.handle
                }) {
                    live[index].endsAt = min(live[index].endsAt, now + Int64.random(in: 0..<3_000_000, using: &random))
                } else {
                    violation("\(cancellation.occurrence) is stopped and not going")
                }
            case .note: break
            case .readyToReload:
                reload(process)
                return look(process)
            }
        }
        let machine = process.machine
        if process.asked == nil, !machine.isStopping, machine.nextWake <= wall {
            violation("wants to wake in the past")
        }
        for job in machine.status.jobs where job.waiting.count > 115 + process.inherited {
            violation("\(job.name): \(job.waiting.count) wait")
        }
    }

    private func begin(_ start: RunStart, of process: Process) {
        guard let row = ledger.row(start.occurrence), row.isGoing, row.owner == process.id, let claim = row.claim,
            claim.runID == start.runID
        else { return violation("\(start.occurrence) begins without a claim") }
        for other in live {
            if other.start.occurrence == start.occurrence { violation("\(start.occurrence) is going already") }
            // Another that may overlap may begin beside it, but not the other way round.
            let isFirst = row.beginning < other.order && !other.claim.isExclusive
            if claim.isExclusive, !isFirst, other.start.occurrence.job == start.occurrence.job {
                violation("\(start.occurrence) overlaps with \(other.start.occurrence)")
            }
            if !Set(claim.mutexes).isDisjoint(with: other.claim.mutexes) {
                violation("\(start.occurrence) shares a mutex with \(other.start.occurrence)")
            }
        }
        let period = calendars[start.occurrence.job]?.period ?? 1_000_000
        let length = Int64.random(in: 0...(min(period, 60_000_000) * 2), using: &random)
        live.append(
            LiveRun(process: process.id, start: start, endsAt: now + length, claim: claim, order: row.beginning))
    }

    private func endRuns() {
        for run in live where run.endsAt <= now {
            guard let process = processes.first(where: { $0.id == run.process }) else { continue }
            process.machine.runFinished(run.start.handle, chance(80) ? .succeeded : .failed, at: wall)
        }
        live.removeAll { $0.endsAt <= now }
    }

    private func chaos() {
        chaosAt = now + Int64.random(in: 1_000_000...30_000_000, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: crash()
        case 2, 3: if processes.count < 3 { startProcess() }
        case 4: offset += Int64.random(in: -7_200_000_000...7_200_000_000, using: &random)
        case 5: offset += Int64.random(in: -3_000_000...3_000_000, using: &random)
        case 6:
            // The machine sleeps; who wakes renews its lease before anybody is taken for dead.
            now += Int64.random(in: 1_000_000...1_800_000_000, using: &random)
            for process in processes { _ = ledger.renew(process.id, at: nanoseconds) }
        case 7: if let process = processes.randomElement(using: &random) { beginReload(process) }
        case 8:
            guard let process = processes.randomElement(using: &random) else { return }
            if Bool.random(using: &random) {
                process.machine.accountPaused("x")
            } else {
                process.machine.accountResumed("x")
            }
        default: if chance(30) { processes.randomElement(using: &random)?.machine.stop() }
        }
        if processes.isEmpty, chance(50) { startProcess() }
    }

    private func crash() {
        guard let index = processes.indices.randomElement(using: &random) else { return }
        let process = processes.remove(at: index)
        if let asked = process.asked, Bool.random(using: &random) {
            _ = ledger.apply(asked.requests, by: process.id, at: nanoseconds)
        }
        live.removeAll { $0.process == process.id }
    }

    private func startProcess() {
        processesBegun += 1
        let process = Process(
            id: "p\(processesBegun)", random: SeededGenerator(seed: UInt64(processesBegun) &* 7919))
        processes.append(process)
        process.nextLease = now
        reload(process)
        look(process)
    }

    private func beginReload(_ process: Process) {
        guard !process.machine.isStopping else { return }
        process.machine.prepareReload(at: wall)
        look(process)
    }

    private func reload(_ process: Process) {
        process.plan = calendars.keys.sorted().compactMap { name in
            guard let calendar = calendars[name], isCalm || !chance(10) else { return nil }
            var policy = SchedulePolicy()
            policy.overlap = OverlapPolicy.allCases.randomElement(using: &random) ?? .skip
            policy.catchUp = CatchUpPolicy.allCases.randomElement(using: &random) ?? .latest
            policy.catchUpWindow = chance(50) ? .seconds(Int.random(in: 0...600, using: &random)) : nil
            policy.isSuspended = chance(10) && !isCalm
            policy.onCrash = chance(50) ? .resume : .report
            policy.mutexes = ["m", "n"].filter { _ in chance(30) }
            return ScheduledJob(
                name: name, calendar: calendar, fingerprint: "1", policy: policy,
                account: name < "j2" ? "x" : "y")
        }
        let standings = ledger.register(process.plan.map { $0.registration(from: wall) }, at: wall)
        process.machine.load(process.plan, standings: standings, at: moment)
    }

    /// Every nominal time up to where a job is accounted for is in exactly one row, and nothing due is left out.
    private func checkLedger() {
        for (name, job) in ledger.jobs.sorted(by: { $0.key < $1.key }) {
            guard let calendar = calendars[name] else { continue }
            var last = job.beginning
            for row in job.rows.sorted(by: { $0.span.first < $1.span.first }) {
                let span = row.span
                if calendar.next(after: last)?.nominalTime != span.first {
                    violation("\(name): a row begins at \(span.first) after \(last)")
                }
                if calendar.count(after: last, through: span.last) != span.count {
                    violation("\(name): wrong count of \(span)")
                }
                if calendar.latest(through: span.last)?.nominalTime != span.last {
                    violation("\(name): a row ends at \(span.last)")
                }
                last = span.last
            }
            if let accounted = calendar.latest(through: job.accountedUpTo)?.nominalTime,
                accounted != last, accounted > job.beginning
            {
                violation("\(name): rows up to \(last), accounted for up to \(accounted)")
            }
            let settled = wall - .seconds(5)
            if let due = calendar.latest(through: settled), due.fireTime <= settled, due.nominalTime > last {
                violation("\(name): \(due.nominalTime) is due and nobody cares")
            }
            for row in job.open { checkOpen(row) }
        }
    }

    private func checkOpen(_ row: SharedLedger.Row) {
        guard let claim = row.claim else { return violation("a claim of nothing") }
        let occurrence = claim.occurrence
        if row.hasBegun, live.contains(where: { $0.start.occurrence == occurrence && $0.process == row.owner }) {
            return
        }
        let owner = processes.first { $0.id == row.owner }
        // A dead process's run is not gone on with while others are in its way.
        let isInTheWay = live.contains {
            $0.start.occurrence.job == occurrence.job || !Set($0.claim.mutexes).isDisjoint(with: claim.mutexes)
        }
        if owner == nil, row.hasBegun, isInTheWay { return }
        // Its end may be on its way to the ledger.
        if let owner, owner.asked != nil { return }
        let waits = owner?.machine.status.jobs.contains { job in
            job.waiting.contains { $0.occurrence == occurrence }
        }
        if !row.hasBegun, waits == true { return }
        violation("\(occurrence) is claimed by \(row.owner) and forgotten; begun: \(row.hasBegun)")
    }
}
