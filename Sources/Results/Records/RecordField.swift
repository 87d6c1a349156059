/// The members of records that readers look at; any other is passed over.
package enum RecordField: Int, Sendable, CaseIterable {
    case recordType, runID, job, lambda, index, key, outcome, status, attempts, startedAt, durationMs, latencyMs
    case requestID, request, response, responseTruncated, error
    case upTo, inputBytes, inputSHA256
    case trigger, nominalTime, input, jobHash, shard, acceptedChanges, appended, only, tzdata, version, schema
    case finishedAt, complete, rows, succeeded, failed, unknown, cancelled

    /// The member's name in a record.
    package var name: String {
        switch self {
        case .recordType: "type"
        case .runID: "runId"
        case .requestID: "requestId"
        case .inputSHA256: "inputSha256"
        case .version: "fnrun"
        default: "\(self)"
        }
    }
}

/// The `type` of a record.
package enum RecordKind: String, Sendable, CaseIterable {
    case run, window, invocation, summary
    /// A row that an earlier run recorded, under the number that it has in a changed input.
    case carried
    /// A type that this version does not know; readers pass it over.
    case other
}
