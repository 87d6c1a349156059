package import JobModel

/// When a job runs: the union of elements. Equal nominal times are one occurrence.
package struct Schedule: ScheduleCalendar, Sendable {
    let elements: [ScheduleElement]
    private let seed: StableHash
    private let hasJitter: Bool
    /// A short text that is the same for schedules of the same meaning, in every run and release: it does not depend
    /// on the release of the tz database, nor on how a cron expression is spelled. Zones count by their names.
    package let fingerprint: String

    /// Several elements are counted one by one up to this many occurrences of all but the busiest element.
    static let countedOneByOne = 1_000_000

    /// - Parameter seed: the job's name, which with the nominal time determines the jitter of an occurrence.
    package init(_ elements: [ScheduleElement], seed: String) {
        self.elements = elements
        hasJitter = elements.contains { $0.jitter > 0 }
        var hash = StableHash()
        hash.combine(seed.utf8)
        hash.separate()
        self.seed = hash
        fingerprint = Self.fingerprint(of: elements)
    }

    /// Whether there is no occurrence at all.
    package var neverFires: Bool {
        nextNominalTime(after: .min) == nil
    }

    package func next(after time: Timestamp) -> ScheduledOccurrence? {
        nextNominalTime(after: time.microseconds).map(occurrence)
    }

    package func latest(through time: Timestamp) -> ScheduledOccurrence? {
        var found: Int64?
        for element in elements {
            if let last = element.last(through: time.microseconds), last > found ?? .min { found = last }
        }
        return found.map(occurrence)
    }

    /// Nominal times that several elements have count once, as long as all but the busiest element have no more than a
    /// million together; beyond that the elements' counts are added.
    package func count(after lower: Timestamp, through upper: Timestamp) -> Int {
        let (lower, upper) = (lower.microseconds, upper.microseconds)
        guard lower < upper, let first = elements.first else { return 0 }
        if elements.count == 1 { return first.count(after: lower, through: upper) }
        let counts = elements.map { $0.count(after: lower, through: upper) }
        let total = counts.reduce(0, +)
        guard let most = counts.max(), let busiest = counts.firstIndex(of: most),
            total - most <= Self.countedOneByOne
        else { return total }
        let others = elements.indices.filter { $0 != busiest && counts[$0] > 0 }
        var upcoming = others.map { elements[$0].next(after: lower) }
        var count = most
        while let nominal = upcoming.compactMap(\.self).min(), nominal <= upper {
            if !elements[busiest].contains(nominal) { count += 1 }
            for (place, element) in others.enumerated() where upcoming[place] == nominal {
                upcoming[place] = elements[element].next(after: nominal)
            }
        }
        return count
    }

    private func nextNominalTime(after time: Int64) -> Int64? {
        var found: Int64?
        for element in elements {
            if let next = element.next(after: time), next < found ?? .max { found = next }
        }
        return found
    }

    private func occurrence(at nominal: Int64) -> ScheduledOccurrence {
        let fire = hasJitter ? nominal + delay(of: nominal) : nominal
        return ScheduledOccurrence(
            nominalTime: Timestamp(microseconds: nominal), fireTime: Timestamp(microseconds: fire))
    }

    /// Microseconds by which an occurrence fires late: a hash of seed and nominal time, modulo the jitter or the time to the
    /// next one, whichever is less. Of several elements with the nominal time the smallest delay counts.
    private func delay(of nominal: Int64) -> Int64 {
        var hash = seed
        hash.combine(nominal)
        let gap = nextNominalTime(after: nominal).map { $0 - nominal } ?? .max
        var delay = Int64.max
        for element in elements where elements.count == 1 || element.contains(nominal) {
            let range = min(element.jitter, gap)
            delay = min(delay, range == 0 ? 0 : Int64(hash.value % UInt64(range)))
        }
        return delay == .max ? 0 : delay
    }
}
