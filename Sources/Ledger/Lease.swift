internal import JobModel

/// An owner's lease, as its last renewal left it.
struct Lease: Sendable, Hashable {
    var boot: String
    var monotonic: MonotonicInstant
    var wall: Timestamp
    var hasResigned: Bool

    init(renewedAt moment: LedgerMoment) {
        boot = moment.boot
        monotonic = moment.monotonic
        wall = moment.wall
        hasResigned = false
    }

    init(boot: String, monotonic: MonotonicInstant, wall: Timestamp, hasResigned: Bool) {
        self.boot = boot
        self.monotonic = monotonic
        self.wall = wall
        self.hasResigned = hasResigned
    }

    /// Of another boot, a renewal that lies as far ahead counts as old too: a clock that was wrong before the machine
    /// started anew must not hold a claim until then.
    func isLive(at moment: LedgerMoment) -> Bool {
        if hasResigned { return false }
        if boot == moment.boot, !boot.isEmpty {
            return moment.monotonic < monotonic.advanced(by: LedgerOwner.lease)
        }
        return moment.wall < wall + LedgerOwner.lease && wall < moment.wall + LedgerOwner.lease
    }

    /// When it ended, or will if it is not renewed: a run that was going then has crashed.
    var end: Timestamp { hasResigned ? wall : wall + LedgerOwner.lease }
}
