import JSONText
package import JobModel

/// The end of a run, as hooks are told of it.
package struct HookEvent: Sendable {
    package var job: String
    package var nominalTime: Timestamp
    package var runID: String
    /// A run that was stopped has failed.
    package var result: OccurrenceResult
    /// Nil if nobody knows them: its process died.
    package var counts: RunCounts?
    package var startedAt: Timestamp
    package var finishedAt: Timestamp
    /// One line for people: why it failed. Never holds a secret.
    package var message: String?

    package init(
        job: String, nominalTime: Timestamp, runID: String, result: OccurrenceResult, counts: RunCounts? = nil,
        startedAt: Timestamp, finishedAt: Timestamp, message: String? = nil
    ) {
        self.job = job
        self.nominalTime = nominalTime
        self.runID = runID
        self.result = result
        self.counts = counts
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.message = message
    }

    /// What webhooks are sent.
    var json: [UInt8] {
        var object = JSONObject()
        object["job"] = .string(job)
        object["occurrence"] = .string(OccurrenceID(job: job, nominalTime: nominalTime).description)
        object["nominalTime"] = .string(nominalTime.shortestRFC3339)
        object["runId"] = .string(runID)
        object["result"] = .string(result.rawValue)
        if let counts {
            var numbers = JSONObject()
            numbers["rows"] = .number(JSONNumber(counts.rows))
            for outcome in Outcome.allCases { numbers[outcome.rawValue] = .number(JSONNumber(counts[outcome])) }
            numbers["attempts"] = .number(JSONNumber(counts.attempts))
            object["counts"] = .object(numbers)
        }
        object["startedAt"] = .string(startedAt.rfc3339())
        object["finishedAt"] = .string(finishedAt.rfc3339())
        if let message { object["message"] = .string(message) }
        return JSONWriter.bytes(of: .object(object))
    }
}
