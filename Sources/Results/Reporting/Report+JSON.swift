import JSONText
import JobModel

extension Report {
    /// The report as one JSON object and a newline; member names are stable, times in UTC, durations in milliseconds.
    package func json() -> [UInt8] {
        var output: [UInt8] = []
        JSONWriter.append(JSONValue.object(object), to: &output)
        output.append(UInt8(ascii: "\n"))
        return output
    }

    private var object: JSONObject {
        [
            "schema": 1,
            "files": .array(files.map { .object(Self.object($0)) }),
            "jobs": .array(
                jobs.map { job in
                    .object(
                        JSONObject(
                            [(key: "job", value: .string(job.name))] + Self.members(job.totals)
                                + Self.gaps(of: job, doubts: doubts)))
                }),
            "total": .object(JSONObject(Self.members(total))),
            "incomplete": .array(
                incomplete.map { run in
                    var object: JSONObject = [
                        "file": .string(run.file), "runId": .string(run.runID), "job": .string(run.job),
                        "reason": .string(run.reason.rawValue), "resumed": .bool(run.isResumed),
                    ]
                    if let shard = run.shard { object["shard"] = .string(shard.text) }
                    return .object(object)
                }),
        ]
    }

    /// What is missing of a job; members only of what there is.
    private static func gaps(of job: Job, doubts: [Doubt]) -> [JSONObject.Member] {
        var members: [JSONObject.Member] = []
        let doubts = doubts.filter { $0.job == job.name }
        if !doubts.isEmpty {
            members.append(("inDoubt", number(doubts.reduce(0) { $0 + $1.rows })))
            members.append(
                (
                    "inDoubtByFile",
                    .array(doubts.map { ["file": .string($0.file), "rows": number($0.rows)] })
                ))
        }
        if !job.absentShards.isEmpty {
            members.append(("absentShards", .array(job.absentShards.map { .string($0.text) })))
        }
        guard let input = job.input else { return members }
        var object: JSONObject = [
            "rows": number(input.rows), "recorded": number(input.recorded), "missing": number(input.missing),
            "missingRows": ranges(input.missingRows),
        ]
        if input.surplus > 0 {
            object["surplus"] = number(input.surplus)
            object["surplusRows"] = ranges(input.surplusRows)
        }
        members.append(("input", .object(object)))
        return members
    }

    private static func ranges(_ ranges: [ClosedRange<Int>]) -> JSONValue {
        .array(ranges.map { .array([number($0.lowerBound), number($0.upperBound)]) })
    }

    private static func object(_ file: File) -> JSONObject {
        var object: JSONObject = [
            "file": .string(file.path), "bytes": number(Int(file.findings.bytes)),
            "records": number(file.findings.records), "tornBytes": number(Int(file.findings.tornBytes)),
            "badLines": number(file.findings.badLines),
        ]
        if let bad = file.findings.firstBadLine {
            object["firstBadLine"] = ["line": number(bad.number), "reason": .string(bad.reason)]
        }
        return object
    }

    private static func members(_ totals: ReportTotals) -> [JSONObject.Member] {
        var members: [JSONObject.Member] = [
            ("runs", number(totals.runs)), ("incompleteRuns", number(totals.incompleteRuns)),
            ("rows", number(totals.rows)), ("succeeded", number(totals.succeeded)),
            ("failed", number(totals.failed)), ("unknown", number(totals.unknown)),
            ("cancelled", number(totals.cancelled)), ("records", number(totals.records)),
            ("attempts", number(totals.attempts)), ("retries", number(totals.retries)),
        ]
        if let start = totals.startedAt { members.append(("startedAt", .string(start.rfc3339()))) }
        if let end = totals.finishedAt { members.append(("finishedAt", .string(end.rfc3339()))) }
        members.append(("durationMs", milliseconds(totals.duration.wholeMicroseconds)))
        if let rate = totals.perSecond { members.append(("perSecond", decimal(rate))) }
        if !totals.latencies.isEmpty {
            members.append(("latencyMs", .object(percentiles(totals.latencies))))
        }
        let statuses = totals.statuses.sorted { $0.key < $1.key }.map { status, rows in
            (key: String(status), value: number(rows))
        }
        members.append(("statuses", .object(JSONObject(statuses))))
        members.append(("errors", .array(totals.failureTable.map { .object(object($0)) })))
        return members
    }

    private static func percentiles(_ latencies: LatencyHistogram) -> JSONObject {
        [
            "p50": milliseconds(latencies.percentile(50)), "p90": milliseconds(latencies.percentile(90)),
            "p95": milliseconds(latencies.percentile(95)), "p99": milliseconds(latencies.percentile(99)),
            "max": milliseconds(latencies.maximum),
        ]
    }

    private static func object(
        _ failure: (errorClass: ErrorClass, rows: Int, codes: [(code: String?, tally: ReportTotals.CodeTally)])
    ) -> JSONObject {
        let codes = failure.codes.map { code, tally -> JSONValue in
            var object = JSONObject()
            if let code { object["code"] = .string(code) }
            object["records"] = number(tally.records)
            object["message"] = .string(tally.message)
            return .object(object)
        }
        return [
            "class": .string(failure.errorClass.rawValue), "rows": number(failure.rows), "codes": .array(codes),
        ]
    }

    private static func number(_ value: Int) -> JSONValue {
        .number(JSONNumber(value))
    }

    private static func milliseconds(_ microseconds: Int64) -> JSONValue {
        var text: [UInt8] = []
        RecordEncoder.append(milliseconds: microseconds, to: &text)
        return .number(JSONNumber(validText: String(decoding: text, as: UTF8.self)))
    }

    private static func decimal(_ value: Double) -> JSONValue {
        var text: [UInt8] = []
        JSONWriter.append(threeDecimals: value, to: &text)
        return .number(JSONNumber(validText: String(decoding: text, as: UTF8.self)))
    }
}
