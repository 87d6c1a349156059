import JobModel
import Status
import Synchronization
import TestSupport

/// A source whose snapshot a test sets.
final class SettableSource: StatusSource {
    private let state: Mutex<StatusSnapshot>
    private let asked = Mutex(0)

    init(_ snapshot: StatusSnapshot) {
        state = Mutex(snapshot)
    }

    /// How often somebody wanted all of it.
    var snapshotsTaken: Int { asked.withLock { $0 } }

    func snapshot() -> StatusSnapshot {
        asked.withLock { $0 += 1 }
        return state.withLock { $0 }
    }

    func vitals() -> StatusVitals { state.withLock { StatusVitals(phase: $0.phase, pulse: $0.pulse) } }

    func change(_ edit: (inout StatusSnapshot) -> Void) {
        state.withLock { edit(&$0) }
    }
}

enum StatusSamples {
    static let now = Timestamp(seconds: 1_795_000_000)

    /// A running process without jobs, whose scheduler has just looked at the clock.
    static func idle() -> StatusSnapshot {
        var snapshot = StatusSnapshot(version: "1.2.3", startedAt: now - .seconds(3600))
        snapshot.phase = .running
        snapshot.pulse = SchedulerPulse(
            lookedAt: MonotonicInstant(nanoseconds: 0), caughtUpAt: MonotonicInstant(nanoseconds: 0))
        return snapshot
    }

    /// A process with something of everything.
    static func busy() -> StatusSnapshot {
        var snapshot = idle()
        snapshot.pulse?.nextDue = now + .seconds(5)
        snapshot.reload = ReloadStatus(at: now - .seconds(60), lastSuccess: now - .seconds(60))
        var nightly = JobStatus(name: "nightly-sync", file: "jobs/a.yaml", schedule: "15 2 * * 1-5 Europe/Berlin")
        nightly.accountID = "12345678"
        nightly.nextFire = now + .milliseconds(5_250)
        var entry = LedgerEntry(job: "nightly-sync", nominalTime: now - .seconds(7200), state: .ran(.failed))
        entry.runID = "0190-run"
        entry.startedAt = now - .seconds(7199)
        entry.finishedAt = now - .seconds(7100)
        entry.lateness = .milliseconds(1500)
        nightly.last = entry
        nightly.lastSuccess = now - .seconds(90_000)
        var run = RunStatus(runID: "0191-run", nominalTime: now - .seconds(10), startedAt: now - .seconds(9))
        run.counts.rows = 100
        run.counts.succeeded = 40
        run.counts.failed = 2
        run.inFlight = 8
        nightly.going = [run]
        nightly.waiting = 3
        nightly.occurrences[.ran(.succeeded)] = 7
        nightly.occurrences[.ran(.failed)] = 1
        nightly.occurrences.add(4, .skipped(.overlap))
        nightly.occurrences.add(172_800, .missed(.window))
        nightly.invocations.add(40, .init(.succeeded))
        nightly.invocations.add(2, .init(.failed, .rateLimited))
        nightly.invocations.add(1, .init(.unknown, .timeout))
        var idle = JobStatus(name: "idle", file: "jobs/b.yaml", schedule: "every 15m")
        idle.isSuspended = true
        snapshot.jobs = [nightly, idle]
        var account = AccountStatus(id: "12345678", state: .ready(tokenGeneration: 3))
        account.tokenLeft = .seconds(1800)
        account.tokenRenewals = 2
        account.inFlight = 8
        snapshot.accounts = [account, AccountStatus(id: "99", state: .refused("the secret <is> wrong"))]
        snapshot.lateness.record(.milliseconds(3))
        snapshot.lateness.record(.seconds(2 * 86_400))
        snapshot.ledgerWrites.record(.microseconds(400))
        snapshot.ledgerWrites.record(.milliseconds(200))
        snapshot.ledgerFailures = 1
        snapshot.attempts = 51
        snapshot.retries = 8
        snapshot.attemptsInFlight = 8
        snapshot.retriesWaiting = 2
        snapshot.retriesOverBudget = 1
        return snapshot
    }
}
