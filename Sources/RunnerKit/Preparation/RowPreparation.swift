package import JSONText
package import JobFile
package import JobModel
internal import Reactor
internal import Timing

/// The rows of a job as a run gets them, on the caller's thread and without a run: for measuring what a row costs.
package struct RowPreparation: Sendable {
    private let preparation: JobPreparation

    /// Opens the job's input.
    ///
    /// - Parameter limit: only the first so many rows.
    /// - Throws: ``CommandFailure`` with status 2 if the input cannot be opened.
    package init(job: JobDefinition, vars: JSONObject, limit: Int) throws(CommandFailure) {
        var settings = RunSettings()
        settings.limit = limit
        preparation = try JobPreparation(
            job: job, vars: vars, settings: settings, trigger: .manual, zones: TimeZoneDatabase.system,
            time: SystemTimeSource())
    }

    package var description: RunDescription { preparation.description }

    /// Reads and renders up to so many further rows.
    package func next(limit: Int) -> PreparedBatch {
        preparation.source.rows.next(limit: limit)
    }
}
