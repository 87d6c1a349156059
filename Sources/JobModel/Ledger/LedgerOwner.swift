/// A process that claims occurrences. Its claims are good while its lease is renewed.
package struct LedgerOwner: Sendable, Hashable {
    /// A UUID: one of each process, never used again.
    package var id: String
    package var host: String
    package var process: Int32

    package init(id: String, host: String, process: Int32) {
        self.id = id
        self.host = host
        self.process = process
    }

    /// How often a lease is renewed.
    package static let heartbeat = Duration.seconds(5)
    /// How long after its last renewal a lease ends.
    package static let lease = Duration.seconds(20)
    /// How long after its last renewal nobody is expected to take over what an owner has left.
    package static let abandonment = Duration.seconds(7 * 86_400)
}

/// Now, on the clocks by which leases are judged.
///
/// Processes of one boot of one machine compare their leases on the monotonic clock, which nobody can set; others have
/// the wall clock alone.
package struct LedgerMoment: Sendable, Hashable {
    package var wall: Timestamp
    package var monotonic: MonotonicInstant
    /// Of this boot of the machine (`/proc/sys/kernel/random/boot_id`, proc_sys_kernel(5)).
    package var boot: String

    package init(wall: Timestamp, monotonic: MonotonicInstant, boot: String) {
        self.wall = wall
        self.monotonic = monotonic
        self.boot = boot
    }
}
