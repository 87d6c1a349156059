internal import JobFile
internal import JobModel
internal import Results
internal import Timing

/// Readies one job to run: its rows and its result file.
struct JobExecution: Sendable {
    let console: Console
    let settings: RunSettings
    let zones: TimeZoneDatabase
    let time: any TimeSource
    var trigger: Trigger
    /// Result files that several runs of the process may append to at once; nil opens each for one run.
    var outputs: OutputFiles?

    /// Prepares the job, opens its output, and runs it.
    ///
    /// - Parameters:
    ///   - redrive: only these rows.
    ///   - appends: to an output that exists.
    ///   - identity: nil is a new run of this moment.
    /// - Returns: everything that the end amounts to.
    /// - Throws: ``CommandFailure`` for everything that keeps the run from starting.
    func run(
        _ job: JobDefinition, of document: JobFileDocument, redrive: Redrive? = nil, appends: Bool,
        identity: RunIdentity? = nil, in session: RunSession
    ) async throws(CommandFailure) -> [ExitStatus] {
        let ready = try ready(job, of: document, redrive: redrive, appends: appends, identity: identity)
        return try await session.run(ready, account: document.account)
    }

    /// Prepares the job and opens its output.
    ///
    /// - Parameters: as of ``run(_:of:redrive:appends:identity:in:)``.
    /// - Throws: ``CommandFailure`` for everything that keeps the run from starting.
    func ready(
        _ job: JobDefinition, of document: JobFileDocument, redrive: Redrive? = nil, appends: Bool,
        identity: RunIdentity? = nil
    ) throws(CommandFailure) -> ReadyRun {
        var selection = RowSelection(shard: try shard(), redrive: redrive)
        guard let resume = settings.resume else {
            return try readyAnew(job, of: document, &selection, appends: appends, identity)
        }
        let path = ShardedPath.resumed(resume, shard: selection.shard)
        // Before it is opened: a pipe would be waited for.
        let existing = FileIdentity(path)
        guard existing?.isRegular != false else {
            throw CommandFailure(.output, "\(path): is no ordinary file: nothing can be resumed from it")
        }
        try refuseInput(of: job, asOutput: path, redrive: redrive)
        let file = try open(path, existing: .append)
        let (resumed, preparation): (ResumedFile, JobPreparation)
        do throws(CommandFailure) {
            resumed = try adopt(path, job, &selection)
            preparation = try prepare(job, document, selection, identity)
        } catch {
            // Others may share the file: only who closes his part gives its lock up.
            file.close()
            throw error
        }
        // The keys of a changed input's rows are not needed again.
        selection.changes = nil
        console.notice(resumed.notice(of: preparation, isNew: existing == nil))
        return ReadyRun(preparation: preparation, file: file)
    }

    /// Readies a run that does not go on with an earlier run.
    private func readyAnew(
        _ job: JobDefinition, of document: JobFileDocument, _ selection: inout RowSelection, appends: Bool,
        _ identity: RunIdentity?
    ) throws(CommandFailure) -> ReadyRun {
        try acceptChanges(of: job, &selection)
        var preparation = try prepare(job, document, selection, identity)
        let path = try output(of: preparation, document)
        try refuseInput(of: job, asOutput: path, redrive: selection.redrive)
        let redrivesItself = selection.redrive.map { FileIdentity(path) == FileIdentity($0.results) } ?? false
        guard !redrivesItself || selection.changes == nil else {
            throw CommandFailure(
                .usage, "\(path): its rows have other numbers in the changed input; redrive into another file")
        }
        let file = try open(path, existing: appends ? .append : .refuse)
        preparation.isAppended = file.length > 0 && file.isRegular && !redrivesItself && !trigger.isScheduled
        return ReadyRun(preparation: preparation, file: file)
    }

    /// The job as a dry run needs it: nothing is opened for writing.
    func prepareDryRun(
        _ job: JobDefinition, of document: JobFileDocument, redrive: Redrive? = nil
    ) throws(CommandFailure) -> JobPreparation {
        var selection = RowSelection(shard: try shard(), redrive: redrive)
        if let resume = settings.resume {
            let path = ShardedPath.resumed(resume, shard: selection.shard)
            if FileIdentity(path) != nil { _ = try adopt(path, job, &selection) }
        } else {
            try acceptChanges(of: job, &selection)
        }
        return try prepare(job, document, selection)
    }

    /// Goes on with what a result file says.
    private func adopt(
        _ path: String, _ job: JobDefinition, _ selection: inout RowSelection
    ) throws(CommandFailure) -> ResumedFile {
        if let redrive = selection.redrive, let own = FileIdentity(path), own == FileIdentity(redrive.results) {
            throw CommandFailure(
                .usage,
                "--resume wants the redrive's own file; to redrive into \(path) again, use --output and --append")
        }
        let resumed = try ResumedFile(
            reading: path, job: job, settings: settings, shard: selection.shard, redrives: selection.redrive != nil)
        try resumed.refuseChangedJob(unless: settings.acceptsChanges)
        selection.adopt(resumed)
        try acceptChanges(of: job, &selection, resumed)
        return resumed
    }

    private func acceptChanges(
        of job: JobDefinition, _ selection: inout RowSelection, _ resumed: ResumedFile? = nil
    ) throws(CommandFailure) {
        guard settings.acceptsChanges, let results = selection.redrive?.results ?? resumed?.path else { return }
        try selection.acceptChanges(
            of: job, since: resumed, settings: settings, results: results)
    }

    /// A run that appends to what it reads would never end.
    private func refuseInput(
        of job: JobDefinition, asOutput path: String, redrive: Redrive?
    ) throws(CommandFailure) {
        guard case .file(_, let input) = job.input.source, redrive == nil || redrive?.originalInput != nil else {
            return
        }
        guard let identity = FileIdentity(path), identity.isRegular else { return }
        guard identity == FileIdentity(input == "-" ? "/dev/stdin" : input) else { return }
        throw CommandFailure(.output, "\(path): is the input of job \(job.name); choose another file for its results")
    }

    private func shard() throws(CommandFailure) -> Shard? {
        guard let choice = settings.shard else { return nil }
        return try choice.shard(in: ProcessEnvironment.current)
    }

    private func prepare(
        _ job: JobDefinition, _ document: JobFileDocument, _ selection: RowSelection, _ identity: RunIdentity? = nil
    ) throws(CommandFailure) -> JobPreparation {
        try JobPreparation(
            job: job, vars: document.vars, settings: settings, trigger: trigger, zones: zones, time: time,
            rows: selection, identity: identity)
    }

    private func output(
        of preparation: JobPreparation, _ document: JobFileDocument
    ) throws(CommandFailure) -> String {
        let shard = preparation.description.shard
        if let path = settings.output { return ShardedPath.path(path, shard: shard) }
        let job = preparation.job
        let path = try preparation.outputPath(of: trigger.isScheduled ? job.scheduledOutput : job.output)
        return ShardedPath.path(document.resolve(path), shard: shard)
    }

    private func open(_ path: String, existing: ResultFile.Existing) throws(CommandFailure) -> ResultFile {
        do throws(ResultsError) {
            if let outputs { return try outputs.open(path) }
            let file = try ResultFile.open(path, existing: existing)
            if let notice = file.notice { console.notice(notice) }
            return file
        } catch {
            var failure = CommandFailure(.output, error.message)
            failure.mayPass = error.code == .locked
            throw failure
        }
    }
}
