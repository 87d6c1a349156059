internal import JSONText
internal import JobModel

extension LedgerEntry {
    /// One object of `history --format json`.
    func appendJSON(to output: inout [UInt8], explanation: String? = nil) {
        JSONWriter.append(raw: "{\"job\":", to: &output)
        JSONWriter.append(string: job, to: &output)
        member("occurrence", OccurrenceID(job: job, nominalTime: nominalTime).description, &output)
        member("nominalTime", nominalTime.shortestRFC3339, &output)
        switch state {
        case .claimed: member("state", "claimed", &output)
        case .ran(let result):
            member("state", "ran", &output)
            member("result", result.rawValue, &output)
        case .skipped(let reason):
            member("state", "skipped", &output)
            member("reason", reason.rawValue, &output)
        case .missed(let reason):
            member("state", "missed", &output)
            member("reason", reason.rawValue, &output)
        }
        if let runID { member("runId", runID, &output) }
        if let trigger { member("trigger", trigger.rawValue, &output) }
        if let startedAt { member("startedAt", startedAt.rfc3339(), &output) }
        if let finishedAt { member("finishedAt", finishedAt.rfc3339(), &output) }
        if let lateness {
            JSONWriter.append(raw: ",\"latenessMs\":", to: &output)
            JSONWriter.append(threeDecimals: lateness.milliseconds, to: &output)
        }
        if let results { member("results", results, &output) }
        if let message { member("message", message, &output) }
        if resumptions > 0 {
            JSONWriter.append(raw: ",\"resumptions\":", to: &output)
            JSONWriter.append(resumptions, to: &output)
        }
        if count > 1 {
            JSONWriter.append(raw: ",\"count\":", to: &output)
            JSONWriter.append(count, to: &output)
            member("lastNominalTime", lastNominalTime.shortestRFC3339, &output)
        }
        if let explanation { member("explanation", explanation, &output) }
        JSONWriter.append(raw: "}", to: &output)
    }

    private func member(_ name: StaticString, _ value: String, _ output: inout [UInt8]) {
        JSONWriter.append(raw: ",\"", to: &output)
        JSONWriter.append(raw: name, to: &output)
        JSONWriter.append(raw: "\":", to: &output)
        JSONWriter.append(string: value, to: &output)
    }
}
