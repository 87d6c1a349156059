package import JobModel

/// What became of a simulation's occurrences.
package struct SimulationReport: Sendable {
    /// Occurrences that one run stood in the way of.
    package struct BlockingRun: Sendable, Hashable {
        /// Of another job if both share a mutex.
        package var occurrence: OccurrenceID
        package var skipped: Int
    }

    package struct Job: Sendable {
        package var name: String
        package var runs = 0
        package var skipped: [SkipReason: Int] = [:]
        package var missed: [MissReason: Int] = [:]
        /// The runs that the most occurrences were skipped for, the worst first; at most ``SimulationReport/kept``.
        package var blockingRuns: [BlockingRun] = []
        /// All runs that occurrences were skipped for.
        package var blockingRunCount = 0
        /// Occurrences that waited for their turn.
        package var waited = 0
        package var longestLateness = Duration.zero
        package var peakConcurrency = 0
        /// Runs that are still going when the simulation ends.
        package var goingAtEnd = 0
        package var waitingAtEnd = 0
        private var current: BlockingRun?

        init(name: String) { self.name = name }

        mutating func addBlocked(_ count: Int, by occurrence: OccurrenceID) {
            if current?.occurrence == occurrence {
                current?.skipped += count
            } else {
                closeBlocker()
                current = BlockingRun(occurrence: occurrence, skipped: count)
            }
        }

        mutating func closeBlocker() {
            guard let closed = current else { return }
            current = nil
            blockingRunCount += 1
            let place = blockingRuns.firstIndex { $0.skipped < closed.skipped } ?? blockingRuns.count
            guard place < SimulationReport.kept else { return }
            blockingRuns.insert(closed, at: place)
            if blockingRuns.count > SimulationReport.kept { blockingRuns.removeLast() }
        }
    }

    /// How many blocking runs of a job are named.
    package static let kept = 10

    /// In the order of the plan.
    package var jobs: [Job]
    package var runs = 0
    /// The most runs at one time, and when that was first reached.
    package var peakConcurrency = 0
    package var peakTime: Timestamp?

    init(jobs: [Job]) { self.jobs = jobs }

    mutating func add(_ start: RunStart, concurrency: Int, ofJob own: Int, at time: Timestamp) {
        runs += 1
        jobs[start.job].runs += 1
        if own > jobs[start.job].peakConcurrency { jobs[start.job].peakConcurrency = own }
        if start.lateness > jobs[start.job].longestLateness { jobs[start.job].longestLateness = start.lateness }
        if concurrency > peakConcurrency {
            peakConcurrency = concurrency
            peakTime = time
        }
    }

    mutating func add(_ note: SchedulerNote, places: [String: Int]) {
        switch note {
        case .skipped(let name, let span, let reason, let blocker):
            guard let job = places[name] else { return }
            jobs[job].skipped[reason, default: 0] += span.count
            if let blocker { jobs[job].addBlocked(span.count, by: blocker.occurrence) }
        case .missed(let name, let span, let reason):
            guard let job = places[name] else { return }
            jobs[job].missed[reason, default: 0] += span.count
        case .waits(let occurrence, _, _):
            guard let job = places[occurrence.job] else { return }
            jobs[job].waited += 1
        case .caughtUp, .late, .overran, .crashed, .inherited, .lost, .outdated, .ledgerAhead, .unattended,
            .clockStepped:
            break
        }
    }
}
