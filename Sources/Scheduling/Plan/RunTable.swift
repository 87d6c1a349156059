internal import JobModel

/// A run of a ``SchedulerMachine``; never used for another.
package struct RunHandle: Sendable, Hashable {
    let slot: Int32
    let generation: UInt32
}

/// The runs that have begun and whose ends the ledger does not know.
struct RunTable {
    struct Run {
        var job: Int
        var nominalTime: Timestamp
        var runID: String
        var startedAt: Timestamp
        var lateness: Duration
        var isLate: Bool
        /// Places in the ``MutexTable``.
        var mutexes: [Int]
        var isCancelled = false
        /// It was told that the next occurrence was due while it was going.
        var toldOverrun = false
        /// Nil while it is going.
        var end: RunEnding?
    }

    /// What became of a run.
    enum RunEnding {
        case finished(OccurrenceResult)
        /// It was called off before it had sent anything: its claim waits again.
        case released
    }

    private var runs: [Run?] = []
    private var generations: [UInt32] = []
    private var unused: [Int32] = []
    private(set) var count = 0

    subscript(handle: RunHandle) -> Run? {
        get {
            let slot = Int(handle.slot)
            return generations[slot] == handle.generation ? runs[slot] : nil
        }
        set {
            let slot = Int(handle.slot)
            guard generations[slot] == handle.generation else { return }
            runs[slot] = newValue
        }
    }

    mutating func add(_ run: Run) -> RunHandle {
        count += 1
        if let slot = unused.popLast() {
            runs[Int(slot)] = run
            return RunHandle(slot: slot, generation: generations[Int(slot)])
        }
        runs.append(run)
        generations.append(0)
        return RunHandle(slot: Int32(truncatingIfNeeded: runs.count - 1), generation: 0)
    }

    mutating func remove(_ handle: RunHandle) {
        let slot = Int(handle.slot)
        guard generations[slot] == handle.generation, runs[slot] != nil else { return }
        runs[slot] = nil
        generations[slot] &+= 1
        unused.append(handle.slot)
        count -= 1
    }
}
