import Glibc

/// What the process takes of the machine, as the kernel counts it (proc_pid_stat(5), getrusage(2)).
struct ProcessUsage: Sendable, Hashable {
    /// User and system time, in microseconds.
    var processorTime: Int64 = 0
    /// Nil where there is no `/proc`.
    var residentBytes: Int?
    var virtualBytes: Int?
    var openDescriptors: Int?
    /// Nil if there is no limit (`RLIM_INFINITY`, all bits set).
    var maximumDescriptors: Int?

    /// Of this process, now.
    static func current() -> ProcessUsage {
        var usage = ProcessUsage()
        var times = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &times) == 0 {
            usage.processorTime =
                Int64(times.ru_utime.tv_sec + times.ru_stime.tv_sec) * 1_000_000
                + Int64(times.ru_utime.tv_usec + times.ru_stime.tv_usec)
        }
        if let pages = readPages() {
            let size = Int(sysconf(Int32(_SC_PAGESIZE)))
            usage.virtualBytes = pages.virtual * size
            usage.residentBytes = pages.resident * size
        }
        usage.openDescriptors = countDescriptors()
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur != .max {
            usage.maximumDescriptors = Int(clamping: limit.rlim_cur)
        }
        return usage
    }

    /// The first two numbers of `/proc/self/statm` (proc_pid_statm(5)).
    private static func readPages() -> (virtual: Int, resident: Int)? {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let length = read(file, &bytes, bytes.count)
        guard length > 0 else { return nil }
        let numbers = String(decoding: bytes[..<length], as: UTF8.self).split(separator: " ").prefix(2).map { Int($0) }
        guard numbers.count == 2, let virtual = numbers[0], let resident = numbers[1] else { return nil }
        return (virtual, resident)
    }

    private static func countDescriptors() -> Int? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Neither `.` and `..`, nor the descriptor that reads the folder.
        return max(0, count - 3)
    }
}
