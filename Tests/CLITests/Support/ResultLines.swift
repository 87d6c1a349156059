import JSONText

/// The records of a result file, told apart.
struct ResultLines {
    private(set) var runs: [JSONValue] = []
    private(set) var windows: [JSONValue] = []
    private(set) var invocations: [JSONValue] = []
    private(set) var summaries: [JSONValue] = []
    /// The types of all records, in order.
    private(set) var types: [String] = []

    /// - Throws: a parse error for a line that is not JSON, as a torn one.
    init(_ text: String) throws {
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true) {
            let record = try JSONParser.parse(Array(line))
            let type = record["type"]?.stringValue ?? "?"
            types.append(type)
            switch type {
            case "run": runs.append(record)
            case "window": windows.append(record)
            case "invocation": invocations.append(record)
            case "summary": summaries.append(record)
            default: break
            }
        }
    }

    /// The invocations in order of their rows.
    var byIndex: [JSONValue] {
        invocations.sorted { ($0["index"]?.intValue ?? -1) < ($1["index"]?.intValue ?? -1) }
    }

    /// The outcomes in order of the rows.
    var outcomes: [String] { byIndex.map { $0["outcome"]?.stringValue ?? "?" } }

    /// How often each outcome occurs.
    var outcomeCounts: [String: Int] {
        invocations.reduce(into: [:]) { $0[$1["outcome"]?.stringValue ?? "?", default: 0] += 1 }
    }

    /// The error classes in order of the rows; a row without an error has `-`.
    var errorClasses: [String] { byIndex.map { $0["error"]?["class"]?.stringValue ?? "-" } }

    /// A count of the last summary; -1 if it is not there.
    func summary(_ name: String) -> Int { summaries.last?[name]?.intValue ?? -1 }

    var isComplete: Bool? { summaries.last?["complete"]?.boolValue }

    /// Whether the last summary's rows are the sum of its outcomes, the number of distinct rows with a record, and the
    /// number of records: each row that was read has exactly one.
    var reconciles: Bool {
        let sum = ["succeeded", "failed", "unknown", "cancelled"].map { summary($0) }.reduce(0, +)
        let distinct = Set(invocations.compactMap { $0["index"]?.intValue })
        return summary("rows") == sum && distinct.count == sum && invocations.count == sum
            && outcomeCounts.allSatisfy { summary($0.key) == $0.value }
    }
}
