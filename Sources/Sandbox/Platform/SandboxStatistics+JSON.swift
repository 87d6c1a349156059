import JSONText
import JobModel

extension SandboxStatistics {
    /// The statistics as a JSON object, as `/__stats` gives them.
    package var json: [UInt8] {
        var root: [JSONObject.Member] = [
            ("platform", .string(platform.rawValue)),
            ("connections", ["accepted": Self.number(connectionsAccepted), "open": Self.number(connectionsOpen)]),
            ("requests", Self.object(Endpoint.allCases.map { ($0.rawValue, requests[$0] ?? 0) })),
            ("statuses", Self.object(statuses.sorted { $0.key < $1.key }.map { ("\($0.key)", $0.value) })),
            ("faults", Self.object(faults.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })),
            (
                "tokens",
                Self.object([
                    ("requested", requests[.token] ?? 0), ("issued", tokensIssued), ("revoked", tokensRevoked),
                    ("credentialsRejected", credentialsRejected),
                ])
            ),
            ("unauthorized", Self.number(unauthorized)),
            (
                "invocations",
                Self.object([
                    ("received", invocations), ("executed", executed), ("inFlight", inFlight),
                    ("maxInFlight", maxInFlight), ("peakPerSecond", peakPerSecond),
                    ("distinctRequestIds", distinctRequestIDs), ("duplicateRequestIds", duplicateRequestIDs),
                ])
            ),
        ]
        if let payloads {
            root.append(
                (
                    "payloads",
                    Self.object([
                        ("distinct", payloads.distinct), ("repeated", payloads.repeated),
                        ("forgotten", payloads.forgotten),
                    ])
                ))
        }
        let targets = targets.sorted { $0.key < $1.key }.map { (key: $0.key, value: Self.value(of: $0.value)) }
        root.append(("targets", .object(JSONObject(uniqueMembers: targets))))
        root.append(("deviationCount", Self.number(deviationCount)))
        root.append(
            (
                "deviationsByRule",
                Self.object(
                    deviationsByRule.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key.rawValue, $0.value) })
            ))
        root.append(("deviations", .array(deviations.map(Self.value(of:)))))
        return JSONWriter.bytes(of: .object(JSONObject(uniqueMembers: root)))
    }

    private static func number(_ value: Int) -> JSONValue {
        .number(JSONNumber(value))
    }

    private static func object(_ counts: [(String, Int)]) -> JSONValue {
        .object(JSONObject(uniqueMembers: counts.map { (key: $0.0, value: number($0.1)) }))
    }

    private static func value(of target: Target) -> JSONValue {
        var members: [JSONObject.Member] = []
        if let name = target.name { members.append(("name", .string(name))) }
        members += [
            ("received", number(target.received)), ("executed", number(target.executed)),
            ("maxInFlight", number(target.maxInFlight)), ("peakPerSecond", number(target.peakPerSecond)),
        ]
        return .object(JSONObject(uniqueMembers: members))
    }

    private static func value(of deviation: Deviation) -> JSONValue {
        [
            "time": .string(deviation.time.rfc3339()), "endpoint": .string(deviation.endpoint.rawValue),
            "rule": .string(deviation.rule.rawValue), "message": .string(deviation.message),
        ]
    }
}
