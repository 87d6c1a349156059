internal import JSONText
internal import JobModel
internal import Results
internal import Scheduling

/// What a simulation found, for people and programs.
struct SimulationText {
    let report: SimulationReport
    let load: SimulatedLoad
    let begin: Timestamp
    let span: Duration
    let tokenRenewals: Int

    func lines(width: Int) -> [String] {
        var lines = [
            "\(begin.shortestRFC3339) to \((begin + span).shortestRFC3339): "
                + "\(DisplayText.count(report.runs, "run", "runs")), at most \(report.peakConcurrency) at a time"
                + (report.peakTime.map { " (first at \($0.shortestRFC3339))" } ?? "")
                + "; \(DisplayText.count(tokenRenewals, "token renewal", "token renewals"))"
        ]
        var jobs = TextTable(columns: [
            .init(title: "JOB", isFlexible: true), .init(title: "RUNS", isNumeric: true),
            .init(title: "SKIPPED", isNumeric: true), .init(title: "WAITED", isNumeric: true),
            .init(title: "LATEST START", isNumeric: true), .init(title: "PEAK", isNumeric: true),
            .init(title: "WORST OVERLAP", isFlexible: true),
        ])
        jobs.rows = report.jobs.map { job in
            let worst = job.blockingRuns.first.map { "\($0.occurrence): \($0.skipped)" } ?? ""
            let skipped = job.skipped.values.reduce(0, +)
            return [
                job.name, "\(job.runs)", "\(skipped)", "\(job.waited)",
                job.longestLateness > .zero ? "+" + DisplayText.duration(job.longestLateness) : "",
                "\(job.peakConcurrency)", worst,
            ]
        }
        lines += [""] + jobs.lines(width: width)
        var lambdas = TextTable(columns: [
            .init(title: "LAMBDA", isFlexible: true), .init(title: "REQUESTS", isNumeric: true),
            .init(title: "BUSIEST HOUR"), .init(title: "REQUESTS IN IT", isNumeric: true),
        ])
        lambdas.rows = load.lambdas.map { lambda in
            let busiest = lambda.requests.busiest
            return [
                lambda.name, "\(lambda.requests.total)", busiest?.hour.shortestRFC3339 ?? "",
                busiest.map { "\($0.requests)" } ?? "",
            ]
        }
        return lines + [""] + lambdas.lines(width: width)
    }

    func json() -> [UInt8] {
        var object = JSONObject()
        object["from"] = .string(begin.shortestRFC3339)
        object["to"] = .string((begin + span).shortestRFC3339)
        object["runs"] = number(report.runs)
        object["peakConcurrency"] = number(report.peakConcurrency)
        if let peak = report.peakTime { object["peakTime"] = .string(peak.shortestRFC3339) }
        object["tokenRenewals"] = number(tokenRenewals)
        object["jobs"] = .array(report.jobs.map(json))
        object["lambdas"] = .array(load.lambdas.map(json))
        return JSONWriter.bytes(of: .object(object)) + [UInt8(ascii: "\n")]
    }

    private func json(_ job: SimulationReport.Job) -> JSONValue {
        var object = JSONObject()
        object["job"] = .string(job.name)
        object["runs"] = number(job.runs)
        object["skipped"] = .object(
            JSONObject(SkipReason.allCases.map { (key: $0.rawValue, value: number(job.skipped[$0] ?? 0)) }))
        object["missed"] = .object(
            JSONObject(MissReason.allCases.map { (key: $0.rawValue, value: number(job.missed[$0] ?? 0)) }))
        object["waited"] = number(job.waited)
        object["longestLatenessMs"] = number(Int(job.longestLateness.milliseconds))
        object["peakConcurrency"] = number(job.peakConcurrency)
        object["blockingRuns"] = .array(
            job.blockingRuns.map { run in
                .object(
                    JSONObject([
                        (key: "occurrence", value: .string(run.occurrence.description)),
                        (key: "skipped", value: number(run.skipped)),
                    ]))
            })
        return .object(object)
    }

    private func json(_ lambda: SimulatedLoad.Lambda) -> JSONValue {
        var object = JSONObject()
        object["lambda"] = .string(lambda.name)
        object["requests"] = number(lambda.requests.total)
        object["hours"] = .array(
            lambda.requests.inOrder.map { hour in
                .object(
                    JSONObject([
                        (key: "hour", value: .string(hour.hour.shortestRFC3339)),
                        (key: "requests", value: number(hour.requests)),
                    ]))
            })
        return .object(object)
    }

    private func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
}
