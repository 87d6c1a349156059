package import JobModel

/// How many invocations ended with each outcome and class of error. Takes memory for what has happened only.
package struct InvocationTally: Sendable {
    /// What an invocation is counted under.
    package struct End: Sendable, Hashable {
        package var outcome: Outcome
        /// Nil of one that succeeded.
        package var errorClass: ErrorClass?

        package init(_ outcome: Outcome, _ errorClass: ErrorClass? = nil) {
            self.outcome = outcome
            self.errorClass = errorClass
        }
    }

    /// In the order in which they first happened; a handful.
    package private(set) var counts: [(end: End, count: Int)] = []

    package init() {}

    package mutating func add(_ count: Int = 1, _ end: End) {
        if let position = counts.firstIndex(where: { $0.end == end }) {
            counts[position].count += count
        } else {
            counts.append((end, count))
        }
    }

    package subscript(end: End) -> Int {
        counts.first { $0.end == end }?.count ?? 0
    }

    /// Of all classes of error.
    package func count(of outcome: Outcome) -> Int {
        counts.reduce(0) { $0 + ($1.end.outcome == outcome ? $1.count : 0) }
    }
}
