package import JSONText
import JobModel
package import SettingsSchema
import YAMLText

/// The description of job files from which their JSON Schema and the tables of the documentation are written.
///
/// It says nothing of its own where a reader has it: names, ranges and defaults are taken from the code.
package enum JobFileSchema {
    /// The JSON Schema, as `fnrun schema` prints it.
    package static var json: JSONValue {
        JSONSchemaWriter.schema(
            of: file, title: "fnrun job file",
            description: "Which LivePerson Functions to invoke, with what, how and when.")
    }

    /// The whole file.
    package static let file = MappingSchema(
        "file",
        [
            SettingSchema(
                "version", .integer(1...1), default: .required, "The version of this format: `1`.", examples: [1]),
            SettingSchema(
                "account", .mapping(account), "Whose functions; required unless `--sandbox` or `--dry-run`.",
                examples: [
                    ["id": "${LP_ACCOUNT_ID}", "clientId": "${LP_CLIENT_ID}", "clientSecret": "${LP_CLIENT_SECRET}"]
                ], link: "#account"),
            SettingSchema(
                "vars", .entries(EntriesSchema(of: .anything)),
                "Values for templates, of any type: `{{ vars.tenant }}`. `--set NAME=VALUE` overrides one.",
                examples: [["tenant": "emea"]], link: "#variables"),
            SettingSchema(
                "defaults", .mapping(defaults), "Settings of every job that does not give its own.",
                examples: [["timeout": "20s", "concurrency": 4]], link: "#defaults"),
            SettingSchema(
                "lambdas", .entries(EntriesSchema(of: .either([.text(uuid), .mapping(lambda)]), namePattern: name)),
                "Names for functions and events.",
                examples: [["syncCustomer": .string(exampleUUID)]], link: "#lambdas"),
            SettingSchema(
                "jobs", .entries(EntriesSchema(of: .mapping(job), namePattern: name, atLeast: 1)), default: .required,
                "What is run, by name; at least one job.",
                examples: [["nightly-sync": ["lambda": .string(exampleUUID)]]], link: "#jobs"),
        ])

    package static let account = MappingSchema(
        "account", exactlyOne: ["clientSecret", "clientSecretFile"],
        [
            SettingSchema(
                "id",
                .text(
                    TextSchema(
                        "an account id of letters and digits",
                        pattern: "[0-9A-Za-z]{1,\(AccountReader.longestID)}", isFilled: true)),
                default: .required, "The id of the LivePerson account: letters and digits.",
                examples: ["${LP_ACCOUNT_ID}", "12345678"]),
            SettingSchema(
                "clientId", .text(filled), default: .required, "The id of the OAuth 2.0 client.",
                examples: ["${LP_CLIENT_ID}"]),
            SettingSchema(
                "clientSecret", .text(filled), default: .words("required, or a file"),
                "The client's secret; take it from the environment.", examples: ["${LP_CLIENT_SECRET}"]),
            SettingSchema(
                "clientSecretFile", .text(filled), default: .words("required, or a secret"),
                "A file that holds the secret alone, at most 64 KiB; one line end after it is left out.",
                examples: ["/run/secrets/lp_client_secret"]),
            SettingSchema(
                "platform", .choice(Platform.allCases.map { ChoiceSchema($0.rawValue, meaning(of: $0)) }),
                default: .value(.string(Platform.auto.rawValue)), "The generation of the platform.", examples: ["v2"]),
            SettingSchema(
                "endpoints", .mapping(endpoints), "Hosts that are not to be looked up.",
                examples: [["domainApi": "http://127.0.0.1:8123"]]),
        ])

    static let endpoints = MappingSchema(
        "endpoints",
        [
            SettingSchema(
                "domainApi", .text(endpoint), default: .value(.string(Endpoints.defaultDomainAPI)),
                "Where the other two hosts are looked up.", examples: [.string(Endpoints.defaultDomainAPI)]),
            SettingSchema(
                "sentinel", .text(endpoint), default: .words("looked up"), "The authorization server.",
                examples: ["https://va.sentinel.liveperson.net"]),
            SettingSchema(
                "gateway", .text(endpoint), default: .words("looked up"), "The gateway.",
                examples: ["https://va.faasgw.liveperson.net"]),
            SettingSchema(
                "allowInsecure", .boolean, default: .value(.bool(Endpoints().allowInsecure)),
                "Takes plain `http` for hosts that are not on loopback, which sends secrets in the clear.",
                examples: [true]),
        ])

    package static let lambda = MappingSchema(
        "lambda", exactlyOne: ["uuid", "event"],
        [
            SettingSchema(
                "uuid", .text(uuid), default: .words("required, or an event"), "The UUID of a function.",
                examples: [.string(exampleUUID)]),
            SettingSchema(
                "event",
                .text(
                    TextSchema(
                        "an event id of at most \(LambdaReader.longestEvent) characters",
                        pattern: #"[^\s/]{1,\#(LambdaReader.longestEvent)}"#)),
                default: .words("required, or a UUID"),
                "An event id of at most \(LambdaReader.longestEvent) characters: every function that implements it runs.",
                examples: ["controllerbot_messaging_conversation_end"]),
            SettingSchema("skillId", .text(filled), "Sent as the parameter of that name.", examples: ["4129"]),
            SettingSchema(
                "externalSystem", .text(filled),
                "The calling system: a parameter on V1, the header `LP-EventSource` on V2.", examples: ["billing"]),
            SettingSchema(
                "idempotent", .boolean, "As in a job, for every job that uses the lambda.", examples: [true],
                link: "#jobs"),
            SettingSchema(
                "concurrency", .integer(PolicyOverrides.possibleConcurrency),
                "Attempts in flight on this lambda, across all runs of the process.", examples: [4]),
            SettingSchema(
                "rate", .text(rate), "Attempts started per time on this lambda, across all runs of the process.",
                examples: ["20/s"]),
            SettingSchema(
                "timeout", .text(duration), "As in a job, for every job that uses the lambda.", examples: ["20s"],
                link: "#jobs"),
            SettingSchema(
                "retry", .mapping(retry), "As in a job, for every job that uses the lambda.",
                examples: [["maxAttempts": 2]], link: "#retry"),
        ])

    private static func meaning(of platform: Platform) -> String {
        switch platform {
        case .auto: "told from the gateway's host: `fninvocations` or `functions` in it is V2"
        case .v1: "the first"
        case .v2: "the second"
        }
    }
}

// MARK: Kinds of text

extension JobFileSchema {
    static let exampleUUID = "6f91f192-c1df-40e0-94f9-8765fd70fd02"

    /// As ``JobName`` has it.
    static let name = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}"
    static let filled = TextSchema(isFilled: true)
    static let anyText = TextSchema()
    static let uuid = TextSchema(
        "a UUID such as \(exampleUUID)", pattern: "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
        takesNumbers: false)
    static let duration: TextSchema = {
        let number = #"[0-9]{1,10}(\.[0-9]{1,3})?"#
        let units = ["d", "h", "m", "s", "ms"].map { "(\(number)\($0))?" }.joined()
        return TextSchema("a duration such as 30s or 1h30m", pattern: "(?=.)\(units)", takesNumbers: false)
    }()
    static let rate = TextSchema("a rate such as 50/s, 600/m or 3600/h", pattern: "[0-9.]+/[smh]", takesNumbers: false)
    static let size = TextSchema(
        "a size such as 64KiB or 1MB", pattern: "[0-9]+( ?(KiB|MiB|GiB|kB|KB|MB|GB|B))?", takesNumbers: false)
    static let share = TextSchema("a share such as 5%", pattern: "[0-9.]+%", takesNumbers: false)
    static let time = TextSchema(
        "a time such as 2026-11-22T01:15:00Z",
        pattern: #"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"#,
        takesNumbers: false)
    static let date = TextSchema(
        "a date such as 2026-12-25", pattern: "[0-9]{4}-[0-9]{2}-[0-9]{2}", takesNumbers: false)
    static let jobName = TextSchema("a name", pattern: name)
    static let endpoint = TextSchema(
        "a scheme and a host, such as https://va.faasgw.liveperson.net",
        pattern: #"[Hh][Tt][Tt][Pp][Ss]?://[^/?#@\s]+/?"#, takesNumbers: false)
    static let url = TextSchema("a URL", pattern: #"[Hh][Tt][Tt][Pp][Ss]?://[^\s#]+"#, takesNumbers: false)

    static func choices<Name: RawRepresentable<String> & CaseIterable>(
        _ type: Name.Type, _ meaning: (Name) -> String = { _ in "" }
    ) -> [ChoiceSchema] {
        type.allCases.map { ChoiceSchema($0.rawValue, meaning($0)) }
    }
}
