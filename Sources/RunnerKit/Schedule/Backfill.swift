internal import JobFile
internal import JobModel
internal import Ledger
internal import Reactor
internal import Results
internal import Timing

/// A run by hand in the place of an occurrence of its job's schedule, as the ledger knows it.
///
/// Its lease is renewed while it lives.
final class Backfill: Sendable {
    let identity: RunIdentity
    private let occurrence: OccurrenceID
    private let ledger: SQLiteLedger
    private let clock: LedgerClock
    private let lease: LeaseRenewal

    /// Claims the occurrence of a job's schedule at a time, whatever became of it before.
    ///
    /// The caller has the job's mutexes.
    /// - Parameters:
    ///   - identity: what the run is called; nil is a new one.
    ///   - results: where the run's records go.
    /// - Returns: nil if the time is none of the schedule's, or still to come.
    /// - Throws: ``CommandFailure`` with status 7 if the ledger cannot be written, 2 if a run of it is going.
    static func begin(
        _ job: JobDefinition, of document: JobFileDocument, at nominalTime: Timestamp, identity: RunIdentity?,
        state: StateDirectory, console: Console, results: (RunIdentity) -> String?
    ) throws(CommandFailure) -> Backfill? {
        guard let schedule = job.schedule, schedule.includes(nominalTime) else { return nil }
        do throws(LedgerError) {
            return try claim(job, schedule, document, at: nominalTime, identity, state, console, results)
        } catch {
            throw CommandFailure(error.code == .going ? .invalid : .output, error.message)
        }
    }

    private static func claim(
        _ job: JobDefinition, _ schedule: Schedule, _ document: JobFileDocument, at nominalTime: Timestamp,
        _ known: RunIdentity?, _ state: StateDirectory, _ console: Console, _ results: (RunIdentity) -> String?
    ) throws(LedgerError) -> Backfill? {
        let clock = LedgerClock(time: SystemTimeSource())
        let now = clock.now
        let opened = try SQLiteLedger.open(directory: state.path, now: now.wall)
        if let damaged = opened.damaged { console.error(damaged.message) }
        _ = try opened.ledger.register(
            [
                ScheduleRegistration(
                    job: job.name, fingerprint: schedule.fingerprint, isSuspended: job.scheduling.isSuspended,
                    file: document.path, beginning: now.wall)
            ], at: now)
        var random = SystemRandomNumberGenerator()
        let identity = known ?? RunIdentity(at: now.wall, using: &random)
        let occurrence = OccurrenceID(job: job.name, nominalTime: nominalTime)
        var claim = LedgerClaim(
            occurrence: occurrence, runID: identity.runID, trigger: .backfill, startedAt: now.wall,
            lateness: now.wall - nominalTime)
        let before = schedule.latest(through: nominalTime - .microseconds(1))?.nominalTime
        let after = schedule.next(after: nominalTime)?.nominalTime
        claim.results = results(identity)
        claim.earlier = try earlier(than: occurrence, before, schedule, opened.ledger, at: now)
        var answer = try opened.ledger.apply(
            [.backfill(claim, previous: before, next: after)], by: clock.owner, at: now
        ).first
        if case .outdated(let standing) = answer, nominalTime <= now.wall {
            let requests = requests(for: claim, before, schedule, since: standing.accountedUpTo)
            answer = try opened.ledger.apply(requests, by: clock.owner, at: now).last
        }
        switch answer {
        case .started:
            return Backfill(identity: identity, occurrence: occurrence, ledger: opened.ledger, clock: clock)
        case .held(let blocker):
            throw LedgerError(
                .going, message: "\(occurrence): a run of it is going\(blocker.map { " (\($0.runID))" } ?? "")")
        default:
            console.error(
                "\(occurrence): is still to come, and will run then, too; this run is not entered in the ledger")
            return nil
        }
    }

    /// The ledger has not come so far yet: those before are missed, and this one is claimed like any other.
    private static func requests(
        for claim: LedgerClaim, _ before: Timestamp?, _ schedule: Schedule, since accounted: Timestamp
    ) -> [LedgerRequest] {
        var claim = claim
        claim.isExclusive = false
        guard let before, before > accounted, let first = schedule.next(after: accounted)?.nominalTime else {
            return [.claim(claim, after: accounted)]
        }
        let span = OccurrenceSpan(
            first: first, last: before, count: schedule.count(after: accounted, through: before))
        return [
            .passOver(job: claim.occurrence.job, span, as: .missed(.catchup), after: accounted),
            .claim(claim, after: before),
        ]
    }

    /// The occurrences before this one that share its row, if it is in a row of several.
    private static func earlier(
        than occurrence: OccurrenceID, _ before: Timestamp?, _ schedule: Schedule, _ ledger: SQLiteLedger,
        at now: LedgerMoment
    ) throws(LedgerError) -> OccurrenceSpan? {
        var query = LedgerQuery()
        query.job = occurrence.job
        query.nominalTime = occurrence.nominalTime
        guard let entry = try ledger.entries(query, at: now).first, let before, before >= entry.nominalTime else {
            return nil
        }
        let count = schedule.count(after: entry.nominalTime - .microseconds(1), through: before)
        return OccurrenceSpan(first: entry.nominalTime, last: before, count: count)
    }

    private init(identity: RunIdentity, occurrence: OccurrenceID, ledger: SQLiteLedger, clock: LedgerClock) {
        self.identity = identity
        self.occurrence = occurrence
        self.ledger = ledger
        self.clock = clock
        lease = LeaseRenewal(of: ledger, clock: clock)
    }

    /// Enters how the run ended; one that cannot be entered ends with its lease.
    ///
    /// - Parameter message: why it did not begin; nil if it did.
    func finish(_ statuses: [ExitStatus], message: String? = nil, console: Console) {
        lease.end()
        let status = ExitStatus.decisive(among: statuses)
        let why = message ?? (status == .success ? nil : status.explanation.cause.replacing("`", with: ""))
        do throws(LedgerError) {
            _ = try ledger.apply(
                [
                    .finish(
                        occurrence, runID: identity.runID, status == .success ? .succeeded : .failed,
                        at: clock.time.wallNow(), message: why.map(TextFit.printable))
                ], by: clock.owner, at: clock.now)
            try ledger.resign(clock.owner, at: clock.now)
        } catch {
            console.error("\(occurrence): its end cannot be entered in the ledger: \(error.message)")
        }
    }
}
