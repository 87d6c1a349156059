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

    /// Rows of a result file that are to be sent again.
    struct Redrive: Sendable {
        /// The result file.
        var results: String
        var rows: RedriveSet
        /// What the input that the result file tells of began with; nil if it has no window.
        var prefix: InputPrefix?
        /// Where payloads come from: the records if nil.
        var originalInput: String?
    }

    /// Goes on with what a result file says.
    mutating func adopt(_ resumed: ResumedFile) {
        history = resumed.history
        shard = shard ?? resumed.history?.shard
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
        if let redrive, redrive.originalInput == nil {
            return try RecordedRows(redrive: redrive, plan: plan, renderer: renderer, time: time)
        }
        let reader = try reader(of: job.input, settings: settings)
        return InputRows(reader: reader, plan: plan, renderer: renderer, time: time)
    }

    private func reader(of input: JobInput, settings: RunSettings) throws(CommandFailure) -> RowReader {
        do throws(InputError) {
            if let prefix = redrive?.prefix { _ = try Self.open(input, settings: settings, beginningWith: prefix) }
            return try Self.open(input, settings: settings, beginningWith: history?.inputPrefix)
        } catch {
            guard error.code == .changed else { throw CommandFailure(.invalid, error.message) }
            throw CommandFailure(
                .resumeRefused, "\(error.message); give that input, or --accept-changes to match rows by their keys")
        }
    }

    /// Opens an input; inline items and no input at all are inputs too.
    static func open(
        _ input: JobInput, settings: RunSettings, beginningWith prefix: InputPrefix? = nil
    ) throws(InputError) -> RowReader {
        switch input.source {
        case .none: return try open([.object(JSONObject())], settings, prefix)
        case .items(let items): return try open(items, settings, prefix)
        case .file(let written, let path):
            let options = InputOptions(
                format: settings.inputFormat ?? input.format,
                delimiter: input.delimiter, hasHeader: input.hasHeader,
                limit: settings.limit)
            return try RowReader.open(
                path: path, name: written == "-" ? nil : path, options: options, beginningWith: prefix)
        }
    }

    private static func open(
        _ items: [JSONValue], _ settings: RunSettings, _ prefix: InputPrefix?
    ) throws(InputError) -> RowReader {
        guard let prefix else { return RowReader(items: items, limit: settings.limit) }
        return try RowReader(items: items, limit: settings.limit, beginningWith: prefix)
    }
}

extension ResultHistory {
    /// What the input of the earlier runs began with; nil if none of its rows was announced.
    var inputPrefix: InputPrefix? {
        lastWindow.map { InputPrefix(bytes: $0.inputBytes, sha256: $0.inputSHA256) }
    }
}
