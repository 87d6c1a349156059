internal import JobModel
internal import Reactor
internal import Synchronization

/// Renews the lease of a process that runs a single occurrence.
final class LeaseRenewal: Sendable {
    private let ledger: any OccurrenceLedger
    private let clock: LedgerClock
    private let alarm = Mutex<Alarm?>(nil)

    init(of ledger: any OccurrenceLedger, clock: LedgerClock) {
        self.ledger = ledger
        self.clock = clock
        let alarm = Alarm(queue: SerialQueue(label: "fnrun.ledger"), time: clock.time) { @Sendable [weak self] in
            self?.renew()
        }
        self.alarm.withLock { $0 = alarm }
        arm()
    }

    /// Renews it no more.
    func end() {
        alarm.withLock { $0 = nil }
    }

    private func renew() {
        // A renewal that fails is tried again with the next; when all fail the lease ends, as after a crash.
        _ = try? ledger.renew(clock.owner, at: clock.now)
        arm()
    }

    private func arm() {
        let next = clock.time.monotonicNow().advanced(by: LedgerOwner.heartbeat)
        alarm.withLock { $0?.arm(at: next) }
    }
}
