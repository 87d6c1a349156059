/// Why an occurrence was skipped: the scheduler was there and decided against it.
package enum SkipReason: String, Sendable, Hashable, CaseIterable {
    /// The job's previous run was still going.
    case overlap
    case suspended
    /// The account was paused, its credentials having been rejected.
    case credentialsRejected
}

/// Why an occurrence was missed: it was late, and not to be caught up.
package enum MissReason: String, Sendable, Hashable, CaseIterable {
    /// Not the latest, or more than the maximum.
    case catchup
    /// Too late.
    case window
}

/// How the run of an occurrence ended.
package enum OccurrenceResult: String, Sendable, Hashable, CaseIterable {
    case succeeded, failed
    /// Its process died.
    case crashed
}

/// What became of an occurrence.
package enum OccurrenceState: Sendable, Hashable {
    /// It waits for its turn, or its run is going.
    case claimed
    case ran(OccurrenceResult)
    case skipped(SkipReason)
    case missed(MissReason)

    package init(_ cause: PassedOver) {
        switch cause {
        case .skipped(let reason): self = .skipped(reason)
        case .missed(let reason): self = .missed(reason)
        }
    }
}

/// What the ledger says of an occurrence, or of consecutive ones that were skipped or missed for one cause.
package struct LedgerEntry: Sendable, Hashable {
    package var job: String
    /// The first, of several.
    package var nominalTime: Timestamp
    /// The same as ``nominalTime`` of a single occurrence.
    package var lastNominalTime: Timestamp
    package var count = 1
    package var state: OccurrenceState
    /// Why it was run: `schedule`, `tick`, `backfill`; nil if it was not.
    package var trigger: Trigger?
    package var runID: String?
    /// Nil while it waits.
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    /// From the time at which it was to start, jitter included, to ``startedAt``.
    package var lateness: Duration?
    /// The result file of its run, as seen from the folder that ``file`` is in or absolute.
    package var results: String?
    /// The job file that it was run from, as it was given.
    package var file: String?
    /// Who claimed it: `host:pid`.
    package var claimant: String?
    /// Why its run did not do its work, in one line; nil if it did, or nobody has said.
    package var message: String?
    /// How often its run was gone on with after a crash.
    package var resumptions = 0

    package init(job: String, nominalTime: Timestamp, state: OccurrenceState) {
        self.job = job
        self.nominalTime = nominalTime
        lastNominalTime = nominalTime
        self.state = state
    }
}
