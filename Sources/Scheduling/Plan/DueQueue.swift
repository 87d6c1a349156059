internal import HeapModule
internal import JobModel

/// The next occurrence of each job, the earliest fire time first.
///
/// An entry that was replaced stays in the heap until it is the first, or there are too many of its kind; a count of each
/// job's replacements tells it.
struct DueQueue {
    private struct Entry: Comparable {
        var fireTime: Timestamp
        var job: Int32
        var generation: UInt32

        static func < (left: Entry, right: Entry) -> Bool {
            left.fireTime == right.fireTime ? left.job < right.job : left.fireTime < right.fireTime
        }
    }

    private var heap = Heap<Entry>()
    private var generations: [UInt32] = []

    /// The job that is due first.
    var first: (job: Int, fireTime: Timestamp)? { heap.min.map { (Int($0.job), $0.fireTime) } }

    /// Enters a job, in place of what was entered for it before.
    mutating func set(_ job: Int, to fireTime: Timestamp) {
        while generations.count <= job { generations.append(0) }
        generations[job] &+= 1
        heap.insert(Entry(fireTime: fireTime, job: Int32(truncatingIfNeeded: job), generation: generations[job]))
        dropReplaced()
    }

    mutating func remove(_ job: Int) {
        guard job < generations.count else { return }
        generations[job] &+= 1
        dropReplaced()
    }

    /// Takes out the job that is due first, if it is due at a time.
    mutating func popFirst(through time: Timestamp) -> Int? {
        guard let first, first.fireTime <= time else { return nil }
        heap.removeMin()
        dropReplaced()
        return first.job
    }

    private mutating func dropReplaced() {
        while let entry = heap.min, isReplaced(entry) { heap.removeMin() }
        // Each time half of the heap at least goes, which its growth has paid for.
        if heap.count > 2 * generations.count + 64 { heap = Heap(heap.unordered.filter { !isReplaced($0) }) }
    }

    private func isReplaced(_ entry: Entry) -> Bool { generations[Int(entry.job)] != entry.generation }
}
