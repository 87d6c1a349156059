internal import JSONText
internal import JobFile
internal import JobModel
internal import Templating
internal import Timing

extension RenderContext {
    /// What the templates of a run of a job see besides its rows.
    init(
        run identity: RunIdentity, of job: JobDefinition, vars: JSONObject, nominalTime: Timestamp,
        zones: any TimeZoneProvider, random: any RandomNumberGenerator & Sendable
    ) {
        self.init(
            vars: vars, jobName: job.name, runID: identity.runID, nominalTime: nominalTime,
            startedAt: identity.startedAt, now: identity.startedAt, defaultZone: job.schedule?.zoneName, zones: zones,
            random: random)
    }
}
