internal import JobFile
internal import JobModel
internal import Ledger
internal import Reactor

/// Leave for a run by hand to run beside no other that shares one of its job's mutexes, in the ledger until it ends.
///
/// Its lease is renewed while it lives.
final class MutexPermit: Sendable {
    private let identity: RunIdentity
    private let ledger: SQLiteLedger
    private let clock: LedgerClock
    private let lease: LeaseRenewal

    /// How often the ledger is asked while another run has one of them.
    private static let pollInterval = Duration.milliseconds(200)

    /// Runs a job beside no other that shares a mutex with it: waits for those that do. Without mutexes, runs it.
    ///
    /// - Parameter run: is given what its run is called, if that is decided already.
    /// - Returns: nothing if a signal came first.
    /// - Throws: what `run` throws; ``CommandFailure`` with status 7 if the ledger cannot be written.
    static func holding(
        mutexesOf job: JobDefinition, state: StateDirectory, signals: StopSignals, console: Console,
        _ run: (RunIdentity?) async throws(CommandFailure) -> [ExitStatus]
    ) async throws(CommandFailure) -> [ExitStatus] {
        if job.scheduling.mutexes.isEmpty { return try await run(nil) }
        guard let permit = try await take(for: job, state: state, signals: signals, console: console) else { return [] }
        defer { permit.giveBack() }
        return try await run(permit.identity)
    }

    /// - Returns: nil if a signal came first.
    private static func take(
        for job: JobDefinition, state: StateDirectory, signals: StopSignals, console: Console
    ) async throws(CommandFailure) -> MutexPermit? {
        let clock = LedgerClock(time: SystemTimeSource())
        do throws(LedgerError) {
            let opened = try SQLiteLedger.open(directory: state.path, now: clock.now.wall)
            if let damaged = opened.damaged { console.error(damaged.message) }
            return try await take(for: job, from: opened.ledger, clock, signals, console)
        } catch {
            throw CommandFailure(.output, error.message)
        }
    }

    private static func take(
        for job: JobDefinition, from ledger: SQLiteLedger, _ clock: LedgerClock, _ signals: StopSignals,
        _ console: Console
    ) async throws(LedgerError) -> MutexPermit? {
        var random = SystemRandomNumberGenerator()
        let runID = RunIdentity(at: clock.now.wall, using: &random).runID
        var told: String?
        while signals.status == nil {
            let now = clock.now
            let hold = MutexHold(
                runID: runID, job: job.name, mutexes: job.scheduling.mutexes, startedAt: now.wall)
            let answer = try ledger.apply([.takeMutexes(hold)], by: clock.owner, at: now).first
            guard case .held(let blocker) = answer else {
                return MutexPermit(
                    identity: RunIdentity(runID: runID, startedAt: now.wall), ledger: ledger, clock: clock)
            }
            if let blocker, told != blocker.runID {
                told = blocker.runID
                console.notice(
                    "\(job.name): waits for the mutex '\(blocker.mutex ?? "")', which a run of "
                        + "\(blocker.occurrence.job) has (\(blocker.runID))")
            }
            await SystemTimeSource().sleep(for: pollInterval)
        }
        return nil
    }

    private init(identity: RunIdentity, ledger: SQLiteLedger, clock: LedgerClock) {
        self.identity = identity
        self.ledger = ledger
        self.clock = clock
        lease = LeaseRenewal(of: ledger, clock: clock)
    }

    /// Lets others have them. If that cannot be written, they get them when the lease has ended.
    private func giveBack() {
        lease.end()
        _ = try? ledger.apply([.dropMutexes(runID: identity.runID)], by: clock.owner, at: clock.now)
        try? ledger.resign(clock.owner, at: clock.now)
    }
}
