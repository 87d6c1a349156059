import JSONText

/// A result file as an outsider reads it: line by line, believing nothing.
struct ResultAudit {
    /// What the file says of one row.
    struct Row: Equatable {
        /// Of its last record.
        var outcome = ""
        var records = 0
        var succeeded = 0
        /// Records of an answer that a function gave: 200, or 901.
        var answered = 0
    }

    private(set) var rows: [Int: Row] = [:]
    /// The types of all records, in order.
    private(set) var types: [String] = []
    /// How far the windows of each run reach, in order of the runs.
    private(set) var reach: [Int] = []
    /// The most rows by which a window reaches beyond the one before it in its run.
    private(set) var widestWindow = 0
    private(set) var summaries: [JSONValue] = []
    /// Bytes behind the last newline.
    private(set) var tornBytes = 0
    /// What no result file may have: lines that are not JSON, blank ones, records that are none.
    private(set) var faults: [String] = []

    init(_ bytes: [UInt8]) {
        var start = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            read(Array(bytes[start..<end]))
            start = end + 1
        }
        tornBytes = bytes.count - start
    }

    /// How far the windows of all runs reach: rows below may have been sent.
    var announced: Int { reach.max() ?? 0 }

    /// What the last summary says.
    var isComplete: Bool { summaries.last?["complete"]?.boolValue ?? false }

    /// How many rows have an outcome as their last one.
    func count(_ outcome: String) -> Int {
        rows.values.count { $0.outcome == outcome }
    }

    private mutating func read(_ line: [UInt8]) {
        let number = types.count + 1
        guard let record = try? JSONParser.parse(line) else {
            types.append("?")
            return faults.append("line \(number) is not JSON: \(String(decoding: line.prefix(200), as: UTF8.self))")
        }
        let type = record["type"]?.stringValue ?? "?"
        types.append(type)
        if number == 1, type != "run" { faults.append("the first record is '\(type)'") }
        switch type {
        case "run": reach.append(0)
        case "window": readWindow(record, number)
        case "invocation": readInvocation(record, number)
        case "summary": summaries.append(record)
        default: faults.append("line \(number) is of type '\(type)'")
        }
    }

    private mutating func readWindow(_ record: JSONValue, _ number: Int) {
        guard let upTo = record["upTo"]?.intValue, let before = reach.last else {
            return faults.append("line \(number) is a window that announces nothing")
        }
        if upTo < before { faults.append("line \(number): the window ends at \(upTo), below the one before it") }
        widestWindow = max(widestWindow, upTo - before)
        reach[reach.count - 1] = upTo
    }

    private mutating func readInvocation(_ record: JSONValue, _ number: Int) {
        guard let index = record["index"]?.intValue, let outcome = record["outcome"]?.stringValue,
            ["succeeded", "failed", "unknown", "cancelled"].contains(outcome)
        else { return faults.append("line \(number) tells of no row and outcome") }
        let wasSent = (record["attempts"]?.intValue ?? 0) > 0
        if wasSent, index >= reach.last ?? 0 {
            faults.append("line \(number): row \(index) was not announced by its run")
        }
        var row = rows[index] ?? Row()
        row.outcome = outcome
        row.records += 1
        if outcome == "succeeded" { row.succeeded += 1 }
        if outcome != "unknown", [200, 901].contains(record["status"]?.intValue) { row.answered += 1 }
        rows[index] = row
    }
}
