internal import Glibc

/// The number of descriptors that the process may have open: each connection takes one.
enum DescriptorLimit {
    /// Raises the soft limit to the hard one (getrlimit(2)); the shells' usual 1024 is for programs that use select(2).
    static func raise() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
