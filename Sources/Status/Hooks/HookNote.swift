/// What became of a hook, for the log. Of its URL only the host is told: path and query may hold secrets.
package struct HookNote: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case onFailure, onSuccess, ping
    }

    package enum Result: String, Sendable, Hashable, CaseIterable {
        case delivered
        /// It is tried again.
        case delayed
        /// It is not tried again.
        case failed
        /// It was never tried: too many others waited, or the process stops.
        case dropped
    }

    package var kind: Kind
    package var job: String
    package var runID: String
    /// With its port, if the URL has one.
    package var host: String
    package var result: Result
    /// Made so far.
    package var attempts: Int
    /// Why it was not delivered.
    package var reason: String?
}

/// How many hooks ended in each way.
package struct HookTally: Sendable, Hashable {
    package var delivered = 0
    package var failed = 0
    package var dropped = 0

    package init() {}

    mutating func count(_ note: HookNote) {
        switch note.result {
        case .delivered: delivered += 1
        case .delayed: break
        case .failed: failed += 1
        case .dropped: dropped += 1
        }
    }
}
