/// Why a run was started.
package enum Trigger: String, Sendable, Hashable, CaseIterable {
    case manual, replay, schedule, tick, smoke, backfill

    /// A schedule started the run, and its nominal time tells it from others.
    package var isScheduled: Bool { self == .schedule || self == .tick }
}

/// What a result file's `run` record says of a run.
package struct RunDescription: Sendable {
    /// A UUID, version 7.
    package var runID: String
    package var job: String
    /// The lambda's name in the job file, or its UUID or event.
    package var lambda: String
    package var trigger: Trigger
    package var nominalTime: Timestamp
    package var startedAt: Timestamp
    /// The input file as the user wrote it, `-` for stdin; nil for inline items.
    package var inputFile: String?
    /// SHA-256 over what decides the meaning of a row; see the record reference.
    package var jobHash: String
    /// The version of the tz database that was in force, such as `2026f`; empty if unknown.
    package var tzdata: String
    /// The part of the input that the run takes; nil is all.
    package var shard: Shard?
    /// The run goes on with rows that were recorded under another input or job, matched by their keys.
    package var acceptsChanges = false
    /// The run takes only rows that an earlier record names, by their outcome: `failed` of a redrive; nil is all rows.
    package var only: String?
    /// The rows are those of a result file, as it recorded them: that file is the input.
    package var readsRecords = false
    /// The format of the input where its name does not tell it.
    package var inputFormat: InputFormat?
    /// The run stands behind others in its result file and does not go on with them.
    package var isAppended = false

    package init(
        runID: String, job: String, lambda: String, trigger: Trigger, nominalTime: Timestamp, startedAt: Timestamp,
        inputFile: String?, jobHash: String, tzdata: String
    ) {
        self.runID = runID
        self.job = job
        self.lambda = lambda
        self.trigger = trigger
        self.nominalTime = nominalTime
        self.startedAt = startedAt
        self.inputFile = inputFile
        self.jobHash = jobHash
        self.tzdata = tzdata
    }
}
