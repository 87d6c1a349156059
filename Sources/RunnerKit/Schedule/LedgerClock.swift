internal import Glibc
internal import JobModel

/// The clocks by which a ledger judges leases, and this process as one of its owners.
struct LedgerClock: Sendable {
    let time: any TimeSource
    let owner: LedgerOwner
    private let boot: String

    init(time: any TimeSource) {
        self.time = time
        boot = Self.bootIdentity()
        var random = SystemRandomNumberGenerator()
        owner = LedgerOwner(
            id: UUIDText.version7(at: time.wallNow(), using: &random), host: Self.hostName(), process: getpid())
    }

    var now: LedgerMoment {
        LedgerMoment(wall: time.wallNow(), monotonic: time.monotonicNow(), boot: boot)
    }

    /// Empty where the kernel does not say: then leases are judged by the wall clock.
    private static func bootIdentity() -> String {
        let descriptor = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            guard count > 0 else { return "" }
            return String(decoding: buffer[..<count].prefix { $0 > 0x20 }, as: UTF8.self)
        }
    }

    private static func hostName() -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress, gethostname(base, buffer.count - 1) == 0 else { return "localhost" }
            buffer[buffer.count - 1] = 0
            return String(cString: base)
        }
    }
}
