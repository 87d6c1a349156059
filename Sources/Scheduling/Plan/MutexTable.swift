/// The names that jobs exclude each other by.
struct MutexTable {
    struct Entry {
        var name: String
        /// Own runs that are going or about to begin.
        var holders = 0
        /// A run of somebody else has it; it is asked for again every second.
        var isHeldElsewhere = false
        /// It may have become free: its waiters are to be looked at.
        var isFreed = false
        /// Jobs with waiting claims, the longest waiting first.
        var waiters: [Int] = []

        var isTaken: Bool { holders > 0 || isHeldElsewhere }
    }

    private(set) var entries: [Entry] = []
    private var places: [String: Int] = [:]

    subscript(place: Int) -> Entry {
        get { entries[place] }
        _modify { yield &entries[place] }
    }

    /// The place of a name, which is entered if it is new.
    mutating func place(of name: String) -> Int {
        if let known = places[name] { return known }
        places[name] = entries.count
        entries.append(Entry(name: name))
        return entries.count - 1
    }

    /// A job has claims that wait: it stands last.
    mutating func enqueue(_ job: Int, at mutexes: [Int]) {
        for place in mutexes where !entries[place].waiters.contains(job) { entries[place].waiters.append(job) }
    }

    mutating func dequeue(_ job: Int, at mutexes: [Int]) {
        for place in mutexes { entries[place].waiters.removeAll { $0 == job } }
    }
}
