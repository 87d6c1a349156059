internal import Execution
internal import Expectations
internal import Glibc
internal import JSONText
internal import JobFile
internal import JobModel
internal import Results
internal import Templating
internal import Timing

/// A job about to run: its identity, what its templates see, and its rows.
struct JobPreparation: Sendable {
    let job: JobDefinition
    private(set) var description: RunDescription
    /// The job's policy with the command's flags over it.
    let policy: RunPolicy
    private(set) var source: PreparedRowSource
    /// What a smoke test expects of the rows; nil of other runs.
    let cases: RowExpectations?
    /// Of earlier runs of the same result file.
    let history: ResultHistory?
    /// Writes ``history`` down where it has the rows of a changed input; nil if nothing has changed.
    private let matching: RowMatching?
    /// What a user must know before the run begins; nil if there is nothing.
    let warning: String?
    /// Rows of which nobody knows whether they ran are sent again.
    let resendsUnknown: Bool
    /// What earlier runs of the same result file recorded.
    let carried: CarriedCounts
    /// Of these, latencies and failure classes.
    let carriedTally: RunTally
    /// Only the first so many rows.
    private let limit: Int?
    private let context: RenderContext
    private let claimedAt: Timestamp

    /// Opens the job's input.
    ///
    /// - Parameter identity: nil is a new run of this moment.
    /// - Throws: ``CommandFailure`` with status 2 if the input cannot be opened, 6 if it is not the one that earlier
    ///   runs have read.
    init(
        job: JobDefinition, vars: JSONObject, settings: RunSettings, trigger: Trigger, zones: TimeZoneDatabase,
        time: any TimeSource, rows selection: RowSelection = RowSelection(), identity: RunIdentity? = nil
    ) throws(CommandFailure) {
        self.job = job
        let random = BufferedRandom()
        var identities = random
        let identity = identity ?? RunIdentity(at: time.wallNow(), using: &identities)
        var selection = selection
        let nominalTime = settings.nominalTime ?? selection.history?.nominalTime ?? identity.startedAt
        context = RenderContext(
            run: identity, of: job, vars: vars, nominalTime: nominalTime, zones: zones, random: random)
        claimedAt = identity.claimedAt
        limit = settings.limit
        cases = trigger == .smoke ? job.expectations.map(RowExpectations.init) : nil
        let renderer = RowRenderer(job: job, context: context, random: random, cases: cases)
        resendsUnknown = job.policy.idempotent || settings.retriesUnknown
        matching = try selection.matchChanges(
            job.input, settings: settings, resendsUnknown: resendsUnknown, renderer: renderer, time: time)
        warning = selection.lost
        let history = selection.history
        let plan = RowPlan(
            shard: selection.shard, redrive: selection.redrive, history: history, resendsUnknown: resendsUnknown)
        source = PreparedRowSource(
            rows: try selection.open(job: job, settings: settings, plan: plan, renderer: renderer, time: time),
            isAtHand: !selection.readsRecords && job.input.isAbsent)
        policy = Self.policy(job.policy, settings: settings, shard: selection.shard)
        let carried = history?.carried(resendingUnknown: plan.resendsUnknown)
        self.carried = carried?.counts ?? CarriedCounts()
        carriedTally = carried?.tally ?? RunTally()
        self.history = history
        var description = RunDescription(
            runID: identity.runID, job: job.name, lambda: job.lambda, trigger: trigger, nominalTime: nominalTime,
            startedAt: identity.startedAt, inputFile: selection.inputName(of: job), jobHash: job.hash,
            tzdata: zones.version)
        description.acceptsChanges = matching != nil
        description.shard = selection.shard
        description.only = selection.redrive.map { _ in "failed" }
        description.readsRecords = selection.readsRecords
        description.inputFormat = selection.namedFormat(of: job.input, settings: settings)
        self.description = description
    }

    /// Whether recorded rows were found again by their keys.
    var isMatched: Bool { matching != nil }

    /// Whether the run stands behind others in its result file and does not go on with them.
    var isAppended: Bool {
        get { description.isAppended }
        set { description.isAppended = newValue }
    }

    /// Before anything is sent: writes down what earlier runs recorded of the rows of a changed input.
    ///
    /// - Throws: ``CommandFailure`` with status 2 if the input cannot be read.
    func carryOver(to recorder: DurableRecorder) throws(CommandFailure) {
        try matching?.carry(history, to: recorder)
    }

    /// What the engine needs to know of the run.
    func specification(account: Account) -> RunSpecification {
        let lambda =
            switch job.target.address {
            case .uuid(let uuid): "uuid \(uuid)"
            case .event(let event): "event \(event)"
            }
        return RunSpecification(
            target: job.target, lambdaKey: "\(account.id)/\(lambda)", policy: policy,
            wantsHeaders: cases?.expectations.needsHeaders ?? false, carried: carried)
    }

    /// Another run of the same job in the same result file, with these rows instead.
    func repeated(_ rows: any PreparedRows, at now: Timestamp) -> JobPreparation {
        var random = BufferedRandom()
        var copy = self
        copy.source = PreparedRowSource(rows: rows, isAtHand: false)
        copy.description.runID = UUIDText.version7(at: now, using: &random)
        copy.description.startedAt = now
        copy.description.isAppended = false
        return copy
    }

    /// Makes sure that the job's input file is there and can be read, if it is an ordinary file.
    ///
    /// - Throws: ``CommandFailure`` with status 2 otherwise.
    static func checkInput(of job: JobDefinition) throws(CommandFailure) {
        guard case .file(_, let path) = job.input.source, path != "-" else { return }
        guard access(path, R_OK) != 0 else { return }
        throw CommandFailure(.invalid, "\(path): cannot be read: \(String(cString: strerror(errno))) (job \(job.name))")
    }

    /// Flags beat the job file; a shard has its part of what the whole may do.
    private static func policy(_ policy: RunPolicy, settings: RunSettings, shard: Shard?) -> RunPolicy {
        var policy = policy
        policy.concurrency = settings.concurrency ?? policy.concurrency
        policy.rate = settings.rate ?? policy.rate
        guard let shard else { return policy }
        policy.concurrency = Swift.max(1, policy.concurrency / shard.total)
        policy.lambdaConcurrency = policy.lambdaConcurrency.map { Swift.max(1, $0 / shard.total) }
        policy.rate?.count /= Double(shard.total)
        policy.lambdaRate?.count /= Double(shard.total)
        return policy
    }

    /// Where the job's records go, as the job file says.
    ///
    /// - Throws: ``CommandFailure`` with status 2 if the template cannot be rendered.
    func outputPath(of template: TextTemplate) throws(CommandFailure) -> String {
        var context = context
        (context.startedAt, context.now) = (claimedAt, claimedAt)
        do {
            return try template.text(context: &context)
        } catch {
            throw CommandFailure(.invalid, "job \(job.name): its output cannot be named: \(error.message)")
        }
    }

    /// How far the run has come, for a progress line.
    func snapshot(at progress: RunProgress) -> ProgressSnapshot {
        let extent = source.rows.extent
        var snapshot = ProgressSnapshot(job: job.name)
        snapshot.done = progress.counts.finished
        snapshot.read = progress.counts.rows
        snapshot.limit = limit
        snapshot.total = progress.inputEnded ? progress.counts.rows : extent.rows.map { carried.settled.rows + $0 }
        // Rows are counted in unpacked bytes: of compressed input only the bytes read so far compare with its size.
        snapshot.inputBytes = Swift.min(progress.inputBytes, extent.bytesRead)
        snapshot.totalInputBytes = extent.bytes
        snapshot.inFlight = progress.inFlight
        snapshot.retries = progress.retries
        snapshot.failed = progress.counts.failed + progress.counts.unknown
        return snapshot
    }
}
