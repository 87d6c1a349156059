import JSONText

/// Records without what differs from run to run, in order of their rows.
enum GoldenRecords {
    private static let volatile: Set<String> = [
        "runId", "startedAt", "finishedAt", "nominalTime", "durationMs", "latencyMs", "requestId", "tzdata", "fnrun",
    ]

    /// - Throws: a parse error for a line that is not JSON.
    static func normalized(_ text: String) throws -> String {
        var head: [JSONValue] = []
        var invocations: [(index: Int, record: JSONValue)] = []
        var tail: [JSONValue] = []
        for line in text.split(separator: "\n") {
            let record = try JSONParser.parse(String(line))
            switch record["type"]?.stringValue {
            case "run": head.append(stable(record))
            // How many there are depends on how fast rows were read.
            case "window": break
            case "invocation": invocations.append((record["index"]?.intValue ?? -1, stable(record)))
            default: tail.append(stable(record))
            }
        }
        invocations.sort { $0.index < $1.index }
        let records = head + invocations.map(\.record) + tail
        return records.map { JSONWriter.text(of: $0) + "\n" }.joined()
    }

    private static func stable(_ record: JSONValue) -> JSONValue {
        guard let object = record.objectValue else { return record }
        return .object(
            JSONObject(
                object.members.filter { !volatile.contains($0.key) }
                    .map { $0.key == "error" ? (key: $0.key, value: stableError($0.value)) : $0 }))
    }

    /// What the system's libraries say of a lost connection differs between their versions.
    private static func stableError(_ error: JSONValue) -> JSONValue {
        guard let object = error.objectValue, ["network", "timeout"].contains(error["class"]?.stringValue) else {
            return error
        }
        return .object(JSONObject(object.members.filter { $0.key != "message" }))
    }
}
