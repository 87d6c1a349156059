import JSONText

extension ResultAudit {
    /// What is wrong with a file whose job has been brought to its end; empty if it is as it must be.
    ///
    /// - Parameters:
    ///   - expected: the rows of the input, or of the shard.
    ///   - report: what `fnrun report --format json` says of the file; nil if it was not asked.
    func problemsAtEnd(expected: [Int], report: String?) -> [String] {
        var problems = faults
        if tornBytes > 0 { problems.append("the last \(tornBytes) bytes are a torn line") }
        if types.last != "summary" { problems.append("the last record is \(types.last ?? "not there")") }
        let missing = Set(expected).subtracting(rows.keys)
        let foreign = Set(rows.keys).subtracting(expected)
        if !missing.isEmpty { problems.append("rows without a record: \(missing.sorted().prefix(10))") }
        if !foreign.isEmpty { problems.append("records of rows that do not exist: \(foreign.sorted().prefix(10))") }
        let repeated = rows.filter { $0.value.succeeded > 1 }.keys.sorted()
        if !repeated.isEmpty { problems.append("rows that succeeded more than once: \(repeated.prefix(10))") }
        guard let summary = summaries.last else { return problems + ["there is no summary"] }
        if !isComplete { problems.append("the summary does not say that it is complete") }
        problems += differences(of: summary, from: "the summary", rows: expected.count)
        guard let report else { return problems }
        guard let total = (try? JSONParser.parse(report))?["total"] else {
            return problems + ["there is no report: \(report.prefix(200))"]
        }
        problems += differences(of: total, from: "the report", rows: expected.count)
        return problems
    }

    /// Where counts differ from the rows' last records.
    private func differences(of counts: JSONValue, from name: String, rows: Int) -> [String] {
        var wanted = ["succeeded", "failed", "unknown", "cancelled"].map { ($0, count($0)) }
        wanted.append(("rows", rows))
        return wanted.compactMap { member, count in
            let told = counts[member]?.intValue ?? -1
            return told == count ? nil : "\(name) says \(member) \(told), the records say \(count)"
        }
    }
}
