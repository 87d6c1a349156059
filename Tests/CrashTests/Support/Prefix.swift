import JSONText

/// What the first bytes of a result file tell of the rows, by the rules of resuming.
struct Prefix: Sendable {
    /// By row: of its last record, or `unknown` if it may have been sent since.
    private(set) var outcomes: [Int: String] = [:]

    /// - Parameter lines: the whole lines of the file of a job that is not idempotent.
    init(_ lines: some Sequence<JSONValue>, rows: Int) {
        var recorded: Set<Int> = []
        var upTo = 0
        for line in lines {
            switch line["type"]?.stringValue {
            case "run":
                endRun(recorded, upTo, rows)
                recorded = []
                upTo = 0
            case "window":
                upTo = line["upTo"]?.intValue ?? upTo
            case "invocation":
                guard let index = line["index"]?.intValue else { continue }
                recorded.insert(index)
                outcomes[index] = line["outcome"]?.stringValue
            default: break
            }
        }
        endRun(recorded, upTo, rows)
    }

    /// Rows that a run announced and of which it recorded nothing may have been sent by it, unless they were not to be.
    private mutating func endRun(_ recorded: Set<Int>, _ upTo: Int, _ rows: Int) {
        for row in 0..<min(upTo, rows)
        where !recorded.contains(row) && outcomes[row] != "succeeded" {
            outcomes[row] = "unknown"
        }
    }

    func count(_ outcome: String) -> Int {
        outcomes.values.count { $0 == outcome }
    }
}
