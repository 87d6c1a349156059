/// The request ids seen last, each with what came under it.
struct RequestMemory {
    struct Entry {
        /// Of the request's path and body: a repetition has the same one.
        var fingerprint: Int
        /// How many requests came with this id.
        var attempts: Int32 = 0
        /// How many of them ran a function.
        var executions: Int32 = 0
        /// How many fates of a sequence were used up.
        var step: Int32 = 0
    }

    struct Arrival {
        /// From 1.
        var attempt: Int
        /// The id came with another request before.
        var isReused: Bool
    }

    private let capacity: Int
    private var entries: [UUIDKey: Entry] = [:]
    private var order: [UUIDKey] = []
    private var oldest = 0
    /// Ids seen, as far as the memory reaches.
    private(set) var distinct = 0
    /// Ids under which a function ran more than once.
    private(set) var duplicates = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Notes that a request came in.
    mutating func arrive(_ id: UUIDKey, fingerprint: Int) -> Arrival {
        guard capacity > 0 else { return Arrival(attempt: 1, isReused: false) }
        let known = entries.count
        let isReused = entries[id, default: Entry(fingerprint: fingerprint)].arrive(fingerprint)
        if entries.count > known {
            distinct += 1
            remember(id)
        }
        return Arrival(attempt: Int(entries[id]?.attempts ?? 1), isReused: isReused)
    }

    /// The number of fates of a sequence that this id has used up; counts one more.
    mutating func nextStep(_ id: UUIDKey) -> Int {
        guard let index = entries.index(forKey: id) else { return 0 }
        defer { entries.values[index].step &+= 1 }
        return Int(entries.values[index].step)
    }

    /// Notes that a function ran for this id.
    mutating func execute(_ id: UUIDKey) {
        guard let index = entries.index(forKey: id) else { return }
        entries.values[index].executions &+= 1
        if entries.values[index].executions == 2 { duplicates += 1 }
    }

    private mutating func remember(_ id: UUIDKey) {
        guard order.count == capacity else { return order.append(id) }
        entries[order[oldest]] = nil
        order[oldest] = id
        oldest = (oldest + 1) % capacity
    }
}

extension RequestMemory.Entry {
    /// Counts an attempt; true if it is of another request than the first.
    fileprivate mutating func arrive(_ fingerprint: Int) -> Bool {
        attempts &+= 1
        return fingerprint != self.fingerprint
    }
}

/// How often each payload was executed, to find repetitions that request ids cannot show, as after a crash.
struct PayloadMemory {
    private let capacity: Int
    private var executions: [Int: Int32] = [:]
    /// Payloads that were executed more than once.
    private(set) var repeated = 0
    /// Executions of payloads that did not fit.
    private(set) var forgotten = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    var isEnabled: Bool { capacity > 0 }
    var distinct: Int { executions.count }

    mutating func execute(_ fingerprint: Int) {
        if let index = executions.index(forKey: fingerprint) {
            executions.values[index] &+= 1
            if executions.values[index] == 2 { repeated += 1 }
        } else if executions.count < capacity {
            executions[fingerprint] = 1
        } else {
            forgotten += 1
        }
    }

    func executions(of fingerprint: Int) -> Int {
        Int(executions[fingerprint] ?? 0)
    }
}
