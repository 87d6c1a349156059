internal import JobFile
internal import JobModel
internal import Templating
internal import Timing

extension LedgerRequest {
    /// The request, with the result file of the run that it is about: after a crash it tells where to go on.
    func naming(results plan: SchedulePlan) -> LedgerRequest {
        switch self {
        case .claim(var claim, let after):
            claim.results = plan.resultFile(of: claim)
            return .claim(claim, after: after)
        case .begin(var claim):
            claim.results = plan.resultFile(of: claim)
            return .begin(claim)
        default: return self
        }
    }
}

extension SchedulePlan {
    /// Where the records of a scheduled run go; nil if its job is gone, or its output cannot be named.
    fileprivate func resultFile(of claim: LedgerClaim) -> String? {
        guard let (job, document) = self[claim.occurrence.job] else { return nil }
        return document.outputFile(
            of: job, run: RunIdentity(runID: claim.runID, startedAt: claim.startedAt),
            nominalTime: claim.occurrence.nominalTime, isScheduled: true)
    }
}

extension JobFileDocument {
    /// Where a job's records go by its own `output`; nil for stdout, or if that cannot be named.
    func outputFile(
        of job: JobDefinition, run identity: RunIdentity, nominalTime: Timestamp, isScheduled: Bool = false
    ) -> String? {
        var context = RenderContext(
            run: identity, of: job, vars: vars, nominalTime: nominalTime, zones: TimeZoneDatabase.system,
            random: BufferedRandom())
        let template = isScheduled ? job.scheduledOutput : job.output
        guard let path = try? template.text(context: &context), path != "-" else { return nil }
        return resolve(path)
    }
}
