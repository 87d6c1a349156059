import JSONText

/// Small job files, made of JSON.
enum JobFileSample {
    static let uuid = "6f91f192-c1df-40e0-94f9-8765fd70fd02"

    /// A valid file with one job `a`, changed.
    static func file(
        changingFile: (inout [String: JSONValue]) -> Void = { _ in }, _ change: (inout [String: JSONValue]) -> Void
    ) -> JSONValue {
        var job: [String: JSONValue] = ["lambda": .string(uuid)]
        change(&job)
        var file: [String: JSONValue] = [
            "version": 1, "account": .init(account), "vars": ["tenant": "emea"],
            "defaults": ["timeout": "20s"], "lambdas": ["f": ["uuid": .string(uuid)], "g": .string(uuid)],
        ]
        file["jobs"] = ["a": .init(job)]
        changingFile(&file)
        return .init(file)
    }

    /// A valid file but perhaps for one setting of a mapping that the description names.
    static func file(with key: String, as value: JSONValue, in mapping: String) -> JSONValue {
        switch mapping {
        case "file": file(changingFile: { $0[key] = value }, { _ in })
        case "account":
            file(changingFile: { file in
                var account = account
                if key == "clientSecretFile" { account["clientSecret"] = nil }
                account[key] = value
                file["account"] = .init(account)
            }) { _ in }
        case "endpoints":
            file(changingFile: { file in
                var account = account
                account["endpoints"] = .init([key: value])
                file["account"] = .init(account)
            }) { _ in }
        case "lambda":
            file(changingFile: { file in
                var lambda: [String: JSONValue] = key == "event" ? [:] : ["uuid": .string(uuid)]
                lambda[key] = value
                file["lambdas"] = ["f": .init(lambda)]
            }) { _ in }
        case "defaults": file(changingFile: { $0["defaults"] = .init([key: value]) }, { _ in })
        case "job": file { $0[key] = value }
        case "input":
            file { job in
                var input: [String: JSONValue] = key == "items" ? [:] : ["file": "a.csv"]
                input[key] = value
                job["input"] = .init(input)
            }
        case "schedule":
            file { job in
                var element: [String: JSONValue] =
                    ["cron", "every", "at"].contains(key)
                    ? [:] : key == "phase" ? ["every": "1h"] : ["cron": "0 2 * * *"]
                element[key] = value
                job["schedule"] = .init(element)
            }
        case "dst": file { $0["schedule"] = ["cron": "0 2 * * *", "dst": .init([key: value])] }
        case "webhook": file { $0["onFailure"] = .init([key: value]) }
        case "expectation":
            file { job in
                var item: [String: JSONValue] = [:]
                if !["status", "latency", "outcome"].contains(key) { item["path"] = "response" }
                if key == "path" { item["exists"] = true }
                item[key] = value
                job["expect"] = [.init(item)]
            }
        default: file { $0[mapping] = .init([key: value]) }
        }
    }

    private static let account: [String: JSONValue] = [
        "id": "${LP_ACCOUNT_ID}", "clientId": "${LP_CLIENT_ID}", "clientSecret": "${LP_CLIENT_SECRET}",
    ]
}

extension JSONValue {
    /// An object with its members in the order of their names.
    init(_ members: [String: JSONValue]) {
        self = .object(JSONObject(members.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }))
    }
}
