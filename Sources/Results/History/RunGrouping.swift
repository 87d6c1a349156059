import JobModel

/// Which runs of a result file belong together, that is, share their rows.
///
/// A resumed run goes on with the rows of the runs before it; what a schedule started has rows of its own for each
/// nominal time. Groups are numbered from 0 in the order in which they appear.
struct RunGrouping {
    private struct Occurrence: Hashable {
        var job: String
        var nominalTime: String
    }

    private(set) var count = 0
    /// The last group that has, or was begun with, a nominal time.
    private var groupOfTime: [Occurrence: Int] = [:]
    /// The group of a job's runs that no schedule started.
    private var plainGroup: [String: Int] = [:]

    /// - Parameters:
    ///   - nominalTime: as recorded.
    ///   - isAppended: the run does not go on with those before it.
    mutating func group(job: String, trigger: Trigger?, nominalTime: String?, isAppended: Bool) -> Int {
        let isOccurrence = trigger == .schedule || trigger == .tick || trigger == .backfill
        let occurrence = nominalTime.map { Occurrence(job: job, nominalTime: $0) }
        // A run by hand goes on with the occurrence of its nominal time, if there is one.
        let sameTime = occurrence.flatMap { groupOfTime[$0] }
        let samePlain = isOccurrence ? nil : plainGroup[job]
        if !isAppended, let found = [sameTime, samePlain].compactMap(\.self).max() { return found }
        if let occurrence { groupOfTime[occurrence] = count }
        if !isOccurrence { plainGroup[job] = count }
        count += 1
        return count - 1
    }
}
