import JobModel
import Scheduling
import TestSupport

/// One process under a virtual clock, whose transcript tells what it did. Times are seconds since ``zero``.
final class Scenario {
    static let zero: Int64 = 1_794_960_000

    let ledger = SharedLedger()
    var machine: SchedulerMachine
    private(set) var log: [String] = []
    private(set) var notes: [SchedulerNote] = []
    private(set) var requests: [LedgerRequest] = []
    private(set) var readyToReload = 0
    private(set) var starts: [RunStart] = []
    /// Requests stay without an answer until ``answer()``.
    var isLedgerSlow = false
    /// Requests fail.
    var isLedgerBroken = false
    /// Requests are carried out, and reported to have failed.
    var isLedgerDeceiving = false
    private var unanswered: [LedgerRequest]?
    private var going: [String: RunStart] = [:]
    private var wall: Int64
    private var monotonic: Int64 = 0
    private var plan: [ScheduledJob] = []

    init(
        _ jobs: [ScheduledJob], mode: SchedulerMachine.Mode = .daemon, known: Int64? = nil, at start: Int64 = 0,
        endDelay: Duration = .zero
    ) {
        wall = (Self.zero + start) * 1_000_000
        machine = SchedulerMachine(mode: mode, random: SeededGenerator(seed: 1), endDelay: endDelay)
        // An earlier process made the schedules known.
        if let known { _ = ledger.register(jobs.map { $0.registration(from: time(known)) }, at: time(known)) }
        load(jobs)
    }

    static func job(
        _ name: String = "a", every period: Int64 = 60, jitter: Int64 = 0, calls: CallCount? = nil,
        account: String = "account", fingerprint: String = "1", _ adjust: (inout SchedulePolicy) -> Void = { _ in }
    ) -> ScheduledJob {
        var policy = SchedulePolicy()
        adjust(&policy)
        return ScheduledJob(
            name: name, calendar: PeriodicCalendar.seconds(period, jitter: jitter, calls: calls),
            fingerprint: fingerprint, policy: policy, account: account, file: "jobs.yaml")
    }

    func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: Self.zero + seconds) }

    func id(_ text: String) -> OccurrenceID {
        let parts = text.split(separator: "@")
        return OccurrenceID(job: String(parts[0]), nominalTime: time(Int64(parts[1]) ?? 0))
    }

    var now: Timestamp { Timestamp(microseconds: wall) }
    var moment: SchedulerMoment {
        SchedulerMoment(monotonic: MonotonicInstant(nanoseconds: monotonic), wall: now)
    }

    /// Registers and loads a plan, without asking whether the machine is ready for it.
    func load(_ jobs: [ScheduledJob]) {
        plan = jobs
        let standings = ledger.register(jobs.map { $0.registration(from: now) }, at: now)
        machine.load(jobs, standings: standings, at: moment)
        look()
    }

    /// Lets time pass with a look whenever the machine wants one.
    func run(until seconds: Int64) {
        let end = (Self.zero + seconds) * 1_000_000
        while wall < end {
            let next = min(max(machine.nextWake.microseconds, wall + 1), end)
            monotonic += (next - wall) * 1000
            wall = next
            look()
        }
    }

    /// Lets time pass while nobody looks.
    func sleep(until seconds: Int64) {
        let end = (Self.zero + seconds) * 1_000_000
        monotonic += (end - wall) * 1000
        wall = end
        look()
    }

    /// Sets the wall clock.
    func setClock(to seconds: Int64) {
        wall = (Self.zero + seconds) * 1_000_000
        look()
    }

    /// The clocks go on differently, and nobody looks meanwhile.
    func jump(to seconds: Int64, monotonicSeconds: Int64) {
        wall = (Self.zero + seconds) * 1_000_000
        monotonic += monotonicSeconds * 1_000_000_000
        look()
    }

    /// Microseconds more on both clocks, and a look.
    func nudge(_ microseconds: Int64) {
        wall += microseconds
        monotonic += microseconds * 1000
        look()
    }

    func finish(_ run: String, _ result: OccurrenceResult = .succeeded) {
        guard let start = going.removeValue(forKey: run) else { return log.append("no run \(run)") }
        machine.runFinished(start.handle, result, at: now)
        look()
    }

    /// A run is called off before it has sent anything.
    func release(_ run: String) {
        guard let start = going.removeValue(forKey: run) else { return log.append("no run \(run)") }
        machine.runReleased(start.handle)
        look()
    }

    /// A run of another process ends.
    func finishForeign(_ run: String, owner: String = "other") {
        let occurrence = id(run)
        guard let row = ledger.row(occurrence), let claim = row.claim else { return log.append("no foreign \(run)") }
        _ = ledger.apply(
            [.finish(occurrence, runID: claim.runID, .succeeded, at: now)], by: owner, at: monotonic)
    }

    func reap(_ claims: [ReapedClaim]) {
        machine.reaped(claims, at: moment)
        look()
    }

    func answer() {
        guard let requests = unanswered else { return }
        unanswered = nil
        machine.answered(ledger.apply(requests, by: "me", at: monotonic), at: moment)
        look()
    }

    func look() {
        var again = true
        while again {
            again = false
            for action in machine.advance(to: moment) where perform(action) { again = true }
        }
    }

    private func perform(_ action: SchedulerAction) -> Bool {
        switch action {
        case .apply(let requests):
            self.requests += requests
            if requests.contains(where: { if case .askToStop = $0 { true } else { false } }) { say("ask to stop") }
            if isLedgerSlow {
                unanswered = requests
                return false
            }
            if isLedgerBroken || isLedgerDeceiving {
                if isLedgerDeceiving { _ = ledger.apply(requests, by: "me", at: monotonic) }
                machine.ledgerFailed()
                return false
            }
            machine.answered(ledger.apply(requests, by: "me", at: monotonic), at: moment)
            return true
        case .start(let start):
            say("start \(text(start.occurrence))\(late(start.lateness))\(start.isCatchUp ? " catch-up" : "")")
            going[text(start.occurrence)] = start
            starts.append(start)
        case .resume(let start, _):
            say("resume \(text(start.occurrence))")
            going[text(start.occurrence)] = start
        case .cancel(let cancellation): say("cancel \(text(cancellation.occurrence)) \(cancellation.cause)")
        case .note(let note):
            notes.append(note)
            tell(note)
        case .readyToReload: readyToReload += 1
        }
        return false
    }

    private func tell(_ note: SchedulerNote) {
        switch note {
        case .skipped(let job, let span, let reason, let blocker):
            say("skip \(job)\(text(span)) \(reason.rawValue)\(text(blocker))")
        case .missed(let job, let span, let reason): say("miss \(job)\(text(span)) \(reason.rawValue)")
        case .waits(let occurrence, _, let blocker): say("wait \(text(occurrence))\(text(blocker))")
        case .lost(let occurrence, _): say("lost \(text(occurrence))")
        case .crashed(let entry): say("crashed \(entry.job)\(text(OccurrenceSpan(entry.nominalTime)))")
        case .inherited, .outdated, .caughtUp, .late, .overran, .ledgerAhead, .unattended, .clockStepped: break
        }
    }

    private func say(_ text: String) { log.append("\(seconds(now)) \(text)") }

    private func seconds(_ time: Timestamp) -> String {
        let past = time.microseconds - Self.zero * 1_000_000
        return past % 1_000_000 == 0 ? "\(past / 1_000_000)" : "\(Double(past) / 1e6)"
    }

    private func text(_ occurrence: OccurrenceID) -> String {
        "\(occurrence.job)@\(seconds(occurrence.nominalTime))"
    }

    private func text(_ span: OccurrenceSpan) -> String {
        span.count == 1 ? "@\(seconds(span.first))" : "@\(seconds(span.first))..\(seconds(span.last))#\(span.count)"
    }

    private func text(_ blocker: Blocker?) -> String {
        guard let blocker else { return "" }
        let mutex = blocker.mutex.map { " \($0)" } ?? ""
        return " (\(blocker.isOwn ? "" : "foreign ")\(text(blocker.occurrence))\(mutex))"
    }

    private func late(_ lateness: Duration) -> String {
        lateness == .zero ? "" : " +\(lateness.wholeMicroseconds / 1_000_000)"
    }
}
