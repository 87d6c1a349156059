internal import CMalloc

/// How the process's memory is handed out.
package enum ProcessMemory {
    /// Keeps memory that one thread has freed available to the others: rows are made on one thread and freed on
    /// another, and with an arena for each thread (mallopt(3)) the free parts grow for minutes. Call it first.
    package static func keepCompact() {
        _ = mallopt(M_ARENA_MAX, 1)
    }
}
