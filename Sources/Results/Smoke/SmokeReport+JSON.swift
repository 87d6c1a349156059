import Expectations
import JSONText
import JobModel

extension SmokeReport {
    /// The report as one JSON object, with a line feed at its end.
    package func json() -> [UInt8] {
        let counts = counts
        let summary = JSONObject(
            [("cases", .number(JSONNumber(counts.cases)))]
                + SmokeCase.Verdict.allCases.map { ($0.rawValue, .number(JSONNumber(counts[$0]))) })
        let report = JSONObject([
            ("fnrun", .string(version)), ("schema", 1), ("startedAt", .string(startedAt.rfc3339())),
            ("durationMs", Self.milliseconds(duration)), ("ok", .bool(!isFailed)), ("summary", .object(summary)),
            ("jobs", .array(suites.map { .object(Self.object($0)) })),
        ])
        return JSONWriter.bytes(of: .object(report)) + [UInt8(ascii: "\n")]
    }

    private static func object(_ suite: SmokeSuite) -> JSONObject {
        var members: [JSONObject.Member] = [
            ("file", .string(suite.file)), ("line", .number(JSONNumber(suite.line))), ("job", .string(suite.job)),
        ]
        if !suite.runID.isEmpty { members.append(("runId", .string(suite.runID))) }
        if let results = suite.results { members.append(("results", .string(results))) }
        if let problem = suite.problem { members.append(("problem", .string(problem))) }
        if suite.isSkipped { members.append(("skipped", true)) }
        members.append(("durationMs", milliseconds(suite.duration)))
        members.append(("cases", .array(suite.cases.map { .object(object($0)) })))
        return JSONObject(uniqueMembers: members)
    }

    private static func object(_ one: SmokeCase) -> JSONObject {
        var members: [JSONObject.Member] = [
            ("index", .number(JSONNumber(one.index))), ("key", .string(one.key ?? "\(one.index)")),
            ("verdict", .string(one.verdict.rawValue)), ("durationMs", milliseconds(one.duration)),
            ("tries", .number(JSONNumber(one.tries))),
        ]
        if !one.troubles.isEmpty {
            members.append(("troubles", .array(one.troubles.map { .object(JSONObject($0.members)) })))
        }
        return JSONObject(uniqueMembers: members)
    }

    private static func milliseconds(_ duration: Duration) -> JSONValue {
        JSONNumber(duration.milliseconds).map { .number($0) } ?? .null
    }
}

extension SmokeTrouble {
    /// What programs are told of the try.
    var members: [JSONObject.Member] {
        var members: [JSONObject.Member] = []
        if let reason { members.append(("reason", .string(reason))) }
        members.append(("outcome", .string(outcome.rawValue)))
        if let status { members.append(("status", .number(JSONNumber(status)))) }
        if let errorClass { members.append(("errorClass", .string(errorClass.rawValue))) }
        if let requestID { members.append(("requestId", .string(requestID))) }
        members.append(("attempts", .number(JSONNumber(attempts))))
        members.append(("durationMs", JSONNumber(duration.milliseconds).map { .number($0) } ?? .null))
        members.append(("failures", .array(failures.map { .object(Self.object($0)) })))
        return members
    }

    private static func object(_ failure: ExpectationFailure) -> JSONObject {
        var members: [JSONObject.Member] = [
            ("expectation", .string(failure.expectation)), ("path", .string(failure.path)),
            ("expected", .string(failure.expected)), ("actual", .string(failure.actual)),
        ]
        if !failure.differences.isEmpty {
            members.append(("differences", .array(failure.differences.map { .string($0) })))
        }
        members.append(("line", .number(JSONNumber(failure.location.line))))
        members.append(("column", .number(JSONNumber(failure.location.column))))
        return JSONObject(uniqueMembers: members)
    }
}
