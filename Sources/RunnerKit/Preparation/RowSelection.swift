internal import Input
internal import JSONText
internal import JobFile
internal import JobModel
internal import Results

/// The rows that a run takes: all of the job's input, or those that earlier runs, a shard or a redrive leave it.
struct RowSelection: Sendable {
    var shard: Shard?
    /// What earlier runs of the result file recorded.
    var history: ResultHistory?
    var redrive: Redrive?
    /// Input or job have changed, which is accepted: the recorded rows of ``history``, or of ``redrive`` if there is
    /// one, are to be found again by their keys.
    var changes: Changes?

    /// What a user must know of rows that a changed input no longer has; nil if it has them all.
    var lost: String?

    struct Changes: Sendable {
        var keyed: KeyedHistory
        /// Only the job has changed.
        var inputIsTheSame: Bool
    }

    /// Goes on with what a result file says.
    mutating func adopt(_ resumed: ResumedFile) {
        history = resumed.history
        shard = shard ?? resumed.history?.shard
    }

    /// Looks for changes that the user accepts, of the job or since an earlier run has read the input.
    ///
    /// - Throws: ``CommandFailure`` with status 6 if rows that may have run cannot be found again, 2 if the input cannot
    ///   be read.
    mutating func acceptChanges(
        of job: JobDefinition, since resumed: ResumedFile?, settings: RunSettings, results: String
    ) throws(CommandFailure) {
        guard let history = redrive?.rows.history ?? history else { return }
        // A redrive of records reads no input that could have changed.
        guard !readsRecords else { return }
        if case .file(_, "-") = job.input.source {
            throw CommandFailure(.usage, "--accept-changes reads the input more than once: give a file, not '-'")
        }
        let prefix = redrive == nil ? history.inputPrefix : redrive?.prefix
        var hasChanged = resumed?.formatHasChanged ?? false
        if !hasChanged { hasChanged = try Self.hasChanged(job.input, settings, since: prefix) }
        guard resumed?.jobHasChanged == true || hasChanged else { return }
        let mayRepeat = job.policy.idempotent || settings.retriesUnknown
        guard shard == nil || !hasChanged || mayRepeat else {
            throw CommandFailure(
                .resumeRefused,
                "\(results): input: rows of a changed input may be those of other shards, of which this file does not "
                    + "tell; --retry-unknown accepts that they run again")
        }
        let keyed: KeyedHistory
        do {
            keyed = try KeyedHistory(ResultReader(path: results), history)
        } catch {
            throw CommandFailure(.output, error.message)
        }
        let lost = keyed.doubtsWithoutKey
        guard lost == 0 || !hasChanged || redrive != nil || mayRepeat else {
            throw CommandFailure(
                .resumeRefused,
                "\(results): input: \(lost) of its rows may have run and have no record: they cannot be found in a changed "
                    + "input; resume once with the old one, or accept that they run again with --retry-unknown")
        }
        changes = Changes(keyed: keyed, inputIsTheSame: !hasChanged)
    }

    /// The rows are sent as a result file has recorded them.
    var readsRecords: Bool { redrive.map { $0.originalInput == nil } ?? false }

    /// The format in which an input is read, if its name does not tell it.
    func namedFormat(of input: JobInput, settings: RunSettings) -> InputFormat? {
        guard !readsRecords, case .file(let written, _) = input.source else { return nil }
        let format = settings.inputFormat ?? input.format
        return format == InputFormat(inputName: written) ? nil : format
    }

    /// What a `run` record calls the input; nil for inline items.
    func inputName(of job: JobDefinition) -> String? {
        if let redrive { return redrive.originalInput ?? redrive.results }
        if case .file(let written, _) = job.input.source { return written }
        return nil
    }

    /// - Throws: ``CommandFailure`` with status 2 if the input cannot be opened, 6 if it has changed.
    func open(
        job: JobDefinition, settings: RunSettings, plan: RowPlan, renderer: RowRenderer, time: any TimeSource
    ) throws(CommandFailure) -> any PreparedRows {
        if let redrive, readsRecords {
            if let prefix = history?.inputPrefix { try Self.check(redrive.results, begins: prefix) }
            return try RecordedRows(redrive: redrive, job: job, plan: plan, renderer: renderer, time: time)
        }
        // A redrive's limit is one of its own rows. Beyond it nothing is read, and so nothing announced.
        let limit = redrive.map(\.end) ?? settings.limit
        do throws(InputError) {
            if let prefix = redrive?.prefix, changes == nil {
                _ = try Self.open(job.input, settings, limit: limit, beginningWith: prefix)
            }
            let reader = try Self.open(
                job.input, settings, limit: limit, beginningWith: isRenumbered ? nil : history?.inputPrefix)
            return InputRows(reader: reader, plan: plan, renderer: renderer, time: time)
        } catch {
            throw Self.failure(error, advice: settings.acceptsChanges ? nil : Self.advice)
        }
    }

    private static let advice = "or --accept-changes to match rows by their keys"

    /// ``history`` has the rows of the changed input.
    private var isRenumbered: Bool { changes != nil && redrive == nil }

    private static func check(_ results: String, begins prefix: InputPrefix) throws(CommandFailure) {
        do throws(InputError) {
            _ = try RowReader.open(path: results, options: InputOptions(format: .jsonl), beginningWith: prefix)
        } catch {
            throw failure(error)
        }
    }

    /// Whether an input no longer begins as an earlier run has read it.
    ///
    /// - Throws: ``CommandFailure`` with status 2 if it cannot be opened.
    static func hasChanged(
        _ input: JobInput, _ settings: RunSettings, since prefix: InputPrefix?
    ) throws(CommandFailure) -> Bool {
        do throws(InputError) {
            _ = try open(input, settings, beginningWith: prefix)
            return false
        } catch {
            guard error.code == .changed else { throw failure(error) }
            return true
        }
    }

    /// - Parameter advice: what else to do about a changed input.
    static func failure(_ error: InputError, advice: String? = nil) -> CommandFailure {
        guard error.code == .changed else { return CommandFailure(.invalid, error.message) }
        let words = ["give that input", advice].compactMap(\.self).joined(separator: ", ")
        return CommandFailure(.resumeRefused, "\(error.message); \(words)")
    }

    /// Opens an input; inline items and no input at all are inputs too.
    static func open(
        _ input: JobInput, _ settings: RunSettings, limit: Int? = nil, beginningWith prefix: InputPrefix? = nil
    ) throws(InputError) -> RowReader {
        switch input.source {
        case .none: return try open([.object(JSONObject())], limit, prefix)
        case .items(let items): return try open(items, limit, prefix)
        case .file(let written, let path):
            let options = InputOptions(
                format: settings.inputFormat ?? input.format, delimiter: input.delimiter,
                hasHeader: input.hasHeader, limit: limit)
            return try RowReader.open(
                path: path, name: written == "-" ? nil : path, options: options, beginningWith: prefix)
        }
    }

    private static func open(
        _ items: [JSONValue], _ limit: Int?, _ prefix: InputPrefix?
    ) throws(InputError) -> RowReader {
        guard let prefix else { return RowReader(items: items, limit: limit) }
        return try RowReader(items: items, limit: limit, beginningWith: prefix)
    }
}

extension ResultHistory {
    /// What the input of the earlier runs began with; nil if none of its rows was announced.
    var inputPrefix: InputPrefix? {
        lastWindow.map { InputPrefix(bytes: $0.inputBytes, sha256: $0.inputSHA256) }
    }
}

extension InputFormat {
    /// The format that an input's name tells; `-` is JSON Lines.
    init?(inputName name: String) {
        guard name != "-" else {
            self = .jsonl
            return
        }
        self.init(path: name)
    }
}
