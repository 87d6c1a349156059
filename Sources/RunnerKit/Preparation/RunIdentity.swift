internal import JobModel

/// What a run is called where it was decided upon before it is prepared.
struct RunIdentity: Sendable {
    /// A UUID, version 7.
    var runID: String
    var startedAt: Timestamp
    /// Its files are named by this time: the ledger has known their names since it was claimed, a moment before it began.
    var claimedAt: Timestamp

    /// One of a run that begins now.
    init(at now: Timestamp, using random: inout some RandomNumberGenerator) {
        runID = UUIDText.version7(at: now, using: &random)
        startedAt = now
        claimedAt = now
    }

    init(runID: String, startedAt: Timestamp, claimedAt: Timestamp? = nil) {
        self.runID = runID
        self.startedAt = startedAt
        self.claimedAt = claimedAt ?? startedAt
    }
}
