internal import Input
internal import JobFile
internal import JobModel

/// How long a simulated run takes, and what it sends: rows in turns of `concurrency`, not faster than `rate`.
struct RunModel: Sendable {
    /// A hundred years, as long as a simulation lasts at most.
    private static let longestSeconds = 100.0 * 365 * 86_400

    let rows: Int
    let duration: Duration

    /// - Parameter latency: of one attempt; all succeed.
    init(of job: JobDefinition, rows: Int, latency: Duration) {
        self.rows = rows
        let policy = job.policy
        let concurrency = Swift.max(1, Swift.min(policy.concurrency, policy.lambdaConcurrency ?? policy.concurrency))
        let turns = (rows + concurrency - 1) / concurrency
        var duration = latency * turns
        for rate in [policy.rate, policy.lambdaRate].compactMap(\.self) where rows > 1 {
            let seconds = Swift.min(Double(rows - 1) / rate.perSecond, Self.longestSeconds)
            duration = Swift.max(duration, .seconds(seconds) + latency)
        }
        self.duration = Swift.min(duration, policy.deadline ?? duration, .seconds(Self.longestSeconds))
    }

    /// The rows of a job's input, now; nil if nobody can tell.
    static func rows(of job: JobDefinition) -> Int? {
        switch job.input.source {
        case .none: return 1
        case .items(let items): return items.count
        case .file(_, "-"): return nil
        case .file:
            guard let reader = try? RowSelection.open(job.input, RunSettings()) else { return nil }
            while true {
                let batch = reader.next(limit: 1) { _ in false }
                guard batch.failure == nil else { return nil }
                if batch.isLast { return batch.upTo }
            }
        }
    }
}
