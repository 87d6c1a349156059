internal import JobFile
internal import JobModel
internal import Results

/// The result file that a run goes on in, and what it says of the job so far.
struct ResumedFile: Sendable {
    let path: String
    /// Nil if it holds no whole record: the run begins anew.
    let history: ResultHistory?
    /// The job is not the one that the file's runs have carried out.
    let jobHasChanged: Bool
    /// The input is cut into rows in another way than by the file's runs.
    let formatHasChanged: Bool

    /// Reads a result file.
    ///
    /// - Parameters:
    ///   - shard: the one that was asked for; nil takes the file's own.
    /// - Throws: ``CommandFailure`` with status 7 if the file cannot be read, 6 if it is of another job or shard.
    init(
        reading path: String, job: JobDefinition, settings: RunSettings, shard: Shard?, redrives: Bool
    ) throws(CommandFailure) {
        self.path = path
        let history: ResultHistory
        do {
            history = try ResultHistory.read(
                ResultReader(path: path), job: job.name, nominalTime: settings.nominalTime)
        } catch {
            throw CommandFailure(.output, error.message)
        }
        guard !history.isEmpty else {
            if history.findings.records > 0 {
                throw CommandFailure(.output, "\(path): holds no run; choose another file")
            }
            self.history = nil
            jobHasChanged = false
            formatHasChanged = false
            return
        }
        guard let run = history.lastRun else {
            if settings.nominalTime != nil, history.otherJobs.isEmpty {
                // The process died before its first record; what is there is of other occurrences.
                self.history = nil
                jobHasChanged = false
                formatHasChanged = false
                return
            }
            let others = history.otherJobs.joined(separator: ", ")
            let runs = others.isEmpty ? "no run" : "runs of \(others), none"
            let time = settings.nominalTime.map { " for \($0.rfc3339(fractionDigits: 0))" } ?? ""
            throw CommandFailure(
                .resumeRefused,
                "\(path): job: it holds \(runs) of \(job.name)\(time); give its own result file")
        }
        guard (run.only != nil) == redrives else {
            throw CommandFailure(
                .resumeRefused,
                run.only == nil
                    ? "\(path): input: its runs took all rows; leave --only out to go on with them"
                    : "\(path): input: its runs redrove the failed rows of a result file; give the same --only failed")
        }
        if let shard, run.shard != shard {
            let was = run.shard.map { "shard \($0.text)" } ?? "all rows"
            throw CommandFailure(
                .resumeRefused, "\(path): input: its run took \(was), not shard \(shard.text); give the same --shard")
        }
        self.history = history
        let formats = redrives ? nil : Self.formats(of: run, and: job.input, settings)
        formatHasChanged = formats.map { $0.before != $0.now } ?? false
        if let formats, formatHasChanged, !settings.acceptsChanges {
            throw CommandFailure(
                .resumeRefused,
                "\(path): input: its run read \(formats.before.rawValue), this one would read "
                    + "\(formats.now?.rawValue ?? "it otherwise"); give --input-format \(formats.before.rawValue)")
        }
        // A redrive may be rendered by a job that was mended meanwhile.
        jobHasChanged = run.jobHash != job.hash && !redrives
    }

    /// As what an earlier run has read its input, and as what this one would; nil if the earlier one does not tell.
    private static func formats(
        of run: RecordedRun, and input: JobInput, _ settings: RunSettings
    ) -> (before: InputFormat, now: InputFormat?)? {
        guard case .file(let written, _) = input.source, let file = run.inputFile,
            let before = run.inputFormat ?? InputFormat(inputName: file)
        else { return nil }
        return (before, settings.inputFormat ?? input.format ?? InputFormat(inputName: written))
    }

    /// - Throws: ``CommandFailure`` with status 6 if the job has changed and changes are not accepted.
    func refuseChangedJob(unless acceptsChanges: Bool) throws(CommandFailure) {
        guard jobHasChanged, !acceptsChanges else { return }
        throw CommandFailure(
            .resumeRefused,
            "\(path): the job has changed since its run (lambda, payload, headers, userId, how the input is read, key, or "
                + "a variable that these use); restore it, or give --accept-changes to match rows by their keys")
    }

    /// What a user is told before the run begins.
    ///
    /// - Parameter isNew: there was no such file.
    func notice(of preparation: JobPreparation, isNew: Bool) -> String {
        guard let history else {
            return "\(path): \(isNew ? "is not there yet" : "holds no record of it yet"); the run begins anew"
        }
        let (settled, reopening) = (preparation.carried.settled, preparation.carried.reopening)
        var parts = ["\(path): goes on after \(settled.succeeded) succeeded"]
        if settled.unknown > 0 { parts[0] += ", \(settled.unknown) unknown" }
        let again = reopening.failed + reopening.unknown
        if again > 0 { parts.append("sends \(again) again") }
        if reopening.cancelled > 0 { parts.append("sends \(reopening.cancelled) that were not sent") }
        let doubts = preparation.isMatched ? 0 : history.inDoubt
        if doubts > 0 {
            parts.append(
                "\(doubts) may have run and left no record: "
                    + (preparation.resendsUnknown ? "sent again" : "recorded as unknown"))
        }
        if settled.unknown + doubts > 0, !preparation.resendsUnknown {
            parts.append("--retry-unknown sends what may have run")
        }
        if let shard = preparation.description.shard { parts.append("shard \(shard.text)") }
        return parts.joined(separator: "; ")
    }
}
