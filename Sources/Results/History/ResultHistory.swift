package import JobModel

/// What a result file says of one job so far: the state of each row, and the numbers that a run which goes on with it
/// begins with.
///
/// The runs that count are those of one group: all that were started by hand, or those of one occurrence. Of each row
/// the last record counts. Memory: one byte a row, so that ten million rows take 10 MB.
package struct ResultHistory: Sendable {
    /// How far a run announced its input.
    package struct Window: Sendable, Hashable {
        /// Rows below may have been sent.
        package var upTo: Int
        package var inputBytes: Int64
        /// Of the input's bytes so far, in lower-case hexadecimal.
        package var inputSHA256: String
    }

    /// The job whose history this is; nil if none was asked for and the file names none.
    package let job: String?
    /// Whether the file holds no run of any job.
    package let isEmpty: Bool
    /// Jobs that the file names besides, at most 100.
    package let otherJobs: [String]
    /// What a reader saw besides records.
    package let findings: ResultReader.Findings
    /// Runs of the group.
    package let runs: Int
    /// The last run that took all rows or, where the file holds redrives alone, the last of these; nil if the file
    /// holds no run of the job.
    package let lastRun: RecordedRun?
    /// That kind's window which reaches furthest.
    package let lastWindow: Window?
    /// The ids of the runs whose records count.
    let runIDs: Set<String>
    private(set) var generation: HistoryGeneration
    private let attempts: Int
    private let latencies: LatencyHistogram

    package var jobHash: String? { lastRun?.jobHash }
    package var nominalTime: Timestamp? { lastRun?.nominalTime }
    package var trigger: Trigger? { lastRun?.trigger }
    package var shard: Shard? { lastRun?.shard }

    /// Reads a result file to its end, in one pass; in two if the runs of the occurrence stand apart.
    ///
    /// - Parameters:
    ///   - job: its name; nil takes the one that the file names first (``otherJobs`` tells whether there are more).
    ///   - nominalTime: of the occurrence whose runs count; nil takes the group of the job's last run.
    /// - Throws: if the file cannot be read. Torn and foreign lines are no errors: ``findings`` tells them.
    package static func read(
        _ reader: ResultReader, job: String?, nominalTime: Timestamp? = nil
    ) throws(ResultsError) -> ResultHistory {
        var pass = HistoryPass(job: job, nominalTime: nominalTime)
        var findings = try reader.read { record, _ in pass.add(record) }
        if pass.finish(), let held = pass.held {
            pass = HistoryPass(job: job, nominalTime: nominalTime, wanted: held)
            findings = try reader.read { record, _ in pass.add(record) }
            _ = pass.finish()
        }
        return ResultHistory(pass, job: job ?? pass.jobs.first, findings: findings)
    }

    private init(_ pass: HistoryPass, job: String?, findings: ResultReader.Findings) {
        let group = pass.isFound ? pass.group : GroupHistory()
        self.job = job
        self.findings = findings
        isEmpty = !pass.sawRun
        otherJobs = pass.jobs.filter { $0 != job }
        runs = group.runs
        runIDs = group.runIDs
        generation = group.generation
        lastRun = generation.ordinary ?? generation.redrive
        lastWindow = generation.ordinary == nil ? generation.redriveWindow : generation.window
        attempts = pass.isFound ? pass.attempts : 0
        latencies = pass.isFound ? pass.latencies : LatencyHistogram()
    }

    // MARK: - Numbers, counted at each call

    /// Rows that may have been sent and have no record, or none that stands.
    package var inDoubt: Int { generation.doubts }

    /// Rows by the outcome of their last record, if it stands; attempts of every record.
    package var counts: RunCounts {
        let carried = carried(resendingUnknown: false).counts
        return carried.settled + carried.reopening
    }

    /// Latencies of every record, and the error classes of the rows whose last record is `failed` and stands.
    package var tally: RunTally { carried(resendingUnknown: false).tally }

    // MARK: - Changed input

    /// The history of a run that accepts changes, before it has carried over any row: no row has a record; attempts
    /// and latencies stay.
    package func withoutRows() -> ResultHistory {
        var emptied = self
        emptied.generation = HistoryGeneration()
        return emptied
    }

    /// Notes what a row brings along from before the change, under its new number.
    package mutating func carry(_ index: Int, _ outcome: Outcome, _ errorClass: ErrorClass? = nil) {
        generation.carry(index, RowCode(outcome, outcome == .succeeded ? nil : errorClass))
    }

    // MARK: - Rows

    package func state(of index: Int) -> RowState {
        generation.state(of: index)
    }

    /// Whether a run, be it a redrive, announced the row. In a file that holds the redrive of another file, a row
    /// without a record here may have been sent if this is so.
    package func isAnnounced(_ index: Int) -> Bool {
        generation.isAnnounced(index)
    }

    /// The class of a failed row's record, which a run that ends the row anew replaces; see
    /// ``RunTally/replace(_:)``.
    package func failureClass(of index: Int) -> ErrorClass? {
        guard case .recorded(.failed, let errorClass) = state(of: index) else { return nil }
        return errorClass
    }

    /// What a run that goes on with this file begins with.
    ///
    /// Rows in doubt have no record that stands: they are counted when the run has ended them.
    /// - Parameters:
    ///   - resendingUnknown: rows that ended `unknown` are sent again.
    ///   - limit: only rows below; nil is all.
    ///   - shard: only its rows; nil is all.
    /// - Returns: counts, attempts and latencies of every record included, and the failures of the counted rows.
    package func carried(
        resendingUnknown: Bool, limit: Int? = nil, shard: Shard? = nil
    ) -> (counts: CarriedCounts, tally: RunTally) {
        var carried = CarriedCounts()
        var tally = RunTally(latencies: latencies)
        let limit = limit ?? .max
        generation.visit { index, code, isInDoubt in
            guard !isInDoubt, index < limit, shard?.contains(index) != false else { return }
            let isSettled =
                switch code.outcome {
                case .succeeded: true
                case .unknown: !resendingUnknown
                case .failed, .cancelled: false
                }
            if isSettled {
                carried.settled.rows += 1
                carried.settled[code.outcome] += 1
            } else {
                carried.reopening.rows += 1
                carried.reopening[code.outcome] += 1
            }
            tally.addFailure(code)
        }
        carried.settled.attempts = attempts
        return (carried, tally)
    }
}
