/// One nominal time of a job's schedule.
package struct OccurrenceID: Sendable, Hashable, CustomStringConvertible {
    package var job: String
    package var nominalTime: Timestamp

    package init(job: String, nominalTime: Timestamp) {
        self.job = job
        self.nominalTime = nominalTime
    }

    /// `<job>@<nominal time>`, such as `nightly-sync@2026-11-22T01:15:00Z`.
    package var description: String { "\(job)@\(nominalTime.shortestRFC3339)" }
}

extension Timestamp {
    /// RFC 3339 in UTC with as many digits of the second's fraction as it needs: none, 3 or 6.
    package var shortestRFC3339: String {
        let fraction = microseconds - seconds * 1_000_000
        return rfc3339(fractionDigits: fraction == 0 ? 0 : fraction % 1000 == 0 ? 3 : 6)
    }
}
