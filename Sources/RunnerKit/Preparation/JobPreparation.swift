internal import Execution
internal import Glibc
internal import Input
internal import JSONText
internal import JobFile
internal import JobModel
internal import Results
internal import Templating
internal import Timing

/// A job about to run: its identity, what its templates see, and its rows.
struct JobPreparation: Sendable {
    let job: JobDefinition
    let description: RunDescription
    /// The job's policy with the command's flags over it.
    let policy: RunPolicy
    let source: PreparedRowSource
    let reader: RowReader
    /// Only the first so many rows.
    private let limit: Int?
    private let context: RenderContext

    /// Opens the job's input.
    ///
    /// - Throws: ``CommandFailure`` with status 2 if the input cannot be opened.
    init(
        job: JobDefinition, vars: JSONObject, settings: RunSettings, trigger: Trigger, zones: TimeZoneDatabase,
        time: any TimeSource
    ) throws(CommandFailure) {
        self.job = job
        let now = time.wallNow()
        var random = SystemRandomNumberGenerator()
        let runID = UUIDText.version7(at: now, using: &random)
        let nominalTime = settings.nominalTime ?? now
        context = RenderContext(
            vars: vars, jobName: job.name, runID: runID, nominalTime: nominalTime, startedAt: now, now: now,
            zones: zones, random: random)
        reader = try Self.open(job.input, settings: settings)
        limit = settings.limit
        source = PreparedRowSource(
            reader: reader, renderer: RowRenderer(job: job, context: context, random: random), time: time)
        var policy = job.policy
        policy.concurrency = settings.concurrency ?? policy.concurrency
        policy.rate = settings.rate ?? policy.rate
        self.policy = policy
        var file: String?
        if case .file(let written, _) = job.input.source { file = written }
        description = RunDescription(
            runID: runID, job: job.name, lambda: job.lambda, trigger: trigger, nominalTime: nominalTime,
            startedAt: now, inputFile: file, jobHash: job.hash, tzdata: zones.version)
    }

    /// Makes sure that the job's input file is there and can be read, if it is an ordinary file.
    ///
    /// - Throws: ``CommandFailure`` with status 2 otherwise.
    static func checkInput(of job: JobDefinition) throws(CommandFailure) {
        guard case .file(_, let path) = job.input.source, path != "-" else { return }
        guard access(path, R_OK) != 0 else { return }
        throw CommandFailure(.invalid, "\(path): cannot be read: \(String(cString: strerror(errno))) (job \(job.name))")
    }

    private static func open(_ input: JobInput, settings: RunSettings) throws(CommandFailure) -> RowReader {
        switch input.source {
        case .none: return RowReader(items: [.object(JSONObject())], limit: settings.limit)
        case .items(let items): return RowReader(items: items, limit: settings.limit)
        case .file(let written, let path):
            let options = InputOptions(
                format: settings.inputFormat ?? input.format,
                delimiter: input.delimiter, hasHeader: input.hasHeader,
                limit: settings.limit)
            do throws(InputError) {
                return try RowReader.open(path: path, name: written == "-" ? nil : path, options: options)
            } catch {
                throw CommandFailure(.invalid, error.message)
            }
        }
    }

    /// Where the job's records go, as the job file says.
    ///
    /// - Throws: ``CommandFailure`` with status 2 if the template cannot be rendered.
    func outputPath(of template: TextTemplate) throws(CommandFailure) -> String {
        var context = context
        do {
            return try template.text(context: &context)
        } catch {
            throw CommandFailure(.invalid, "job \(job.name): its output cannot be named: \(error.message)")
        }
    }

    /// How far the run has come, for a progress line.
    func snapshot(at progress: RunProgress) -> ProgressSnapshot {
        var snapshot = ProgressSnapshot(job: job.name)
        snapshot.done = progress.counts.finished
        snapshot.read = progress.counts.rows
        snapshot.limit = limit
        snapshot.total = progress.inputEnded ? progress.counts.rows : nil
        // Rows are counted in unpacked bytes: of compressed input only the bytes read so far compare with its size.
        snapshot.inputBytes = Swift.min(progress.inputBytes, reader.rawBytesRead)
        snapshot.totalInputBytes = reader.totalBytes
        snapshot.inFlight = progress.inFlight
        snapshot.retries = progress.retries
        snapshot.failed = progress.counts.failed + progress.counts.unknown
        return snapshot
    }
}
