internal import CMalloc

/// How the process's memory is handed out.
package enum ProcessMemory {
    /// What takes most of it.
    package enum Use: Sendable {
        /// Rows: made on one thread and freed on another.
        case rows
        /// Trees of job files, each made and freed by one thread, several at a time.
        case jobFiles
    }

    /// Keeps memory that one thread has freed available to the others: with an arena for each thread (mallopt(3)) the
    /// free parts grow for minutes. But threads that read job files would wait for each other's arena. Call it while
    /// there is one thread: the first one after that settles how many arenas there will be.
    package static func keepCompact(for use: Use) {
        let arenas = use == .jobFiles ? JobFileSet.filesAtATime : 1
        _ = mallopt(M_ARENA_MAX, Int32(arenas))
    }
}
