import JSONText
import JobModel
package import SettingsSchema
import YAMLText

extension JobFileSchema {
    package static let job = MappingSchema(
        "job",
        [
            SettingSchema(
                "lambda", .text(filled), default: .required, "A name from `lambdas`, or a UUID.",
                examples: [.string(exampleUUID)]),
            SettingSchema("description", .text(anyText), "For people.", examples: ["Copy yesterday's customers"]),
            SettingSchema(
                "input", .mapping(input), default: .words("one row, `{}`"), "The rows.",
                examples: [
                    ["file": "customers.csv", "key": "{{ row.id }}"], ["items": [["id": 1, "name": "Ada"]]],
                ], link: "#input"),
            SettingSchema(
                "payload", .anything, default: .words("the row"),
                "What is sent: any YAML, with templates; one that renders to null is an error of its row.",
                examples: [["id": "{{ row.id | int }}"]], link: "templates.md"),
        ] + runSettings + [
            SettingSchema(
                "output", .text(filled),
                default: .words("`\(JobSettingsReader.defaultOutput)`"),
                "Where records go; `-` is stdout. A template without `row`, `key` and `index`. Scheduled runs append to"
                    + " `\(JobSettingsReader.defaultScheduledOutput)`.",
                examples: ["results/{{ job.name }}-{{ run.id }}.jsonl"]),
            SettingSchema(
                "schedule", .either([.mapping(scheduleElement), .list(of: .mapping(scheduleElement))]),
                default: .words("none"),
                "When it runs by itself: an element, or a list of elements, all of which count.",
                examples: [
                    ["cron": "15 2 * * 1-5", "timeZone": "Europe/Berlin"],
                    [["cron": "0 8 * * *"], ["at": "2026-12-31T23:00:00Z"]],
                ], link: "#schedules"),
        ] + occurrenceSettings + hookSettings + smokeSettings)

    /// What may stand in `defaults`.
    package static let defaults = MappingSchema("defaults", runSettings)

    /// Settings of a run that a file may give for all of its jobs.
    static let runSettings: [SettingSchema] = [
        SettingSchema(
            "headers", .entries(EntriesSchema(of: .text(TextSchema(takesBooleans: true)), namePattern: #"[\s\S]+"#)),
            default: .words("none"),
            "Entries of the body's `headers`, which reach the function; not HTTP headers. Values are templates.",
            examples: [["X-Tenant": "{{ vars.tenant | default: 'emea' }}"]]),
        SettingSchema(
            "userId", .text(filled), default: .value(.string(JobSettingsReader.defaultUserID)),
            "The parameter `userId`; a template.", examples: ["nightly-sync"]),
        SettingSchema(
            "timeout", .text(duration), default: value(policy.timeout),
            "Of one attempt, connecting included; up to \(PolicyOverrides.longestTimeout.durationText).",
            examples: ["20s"]),
        SettingSchema(
            "connectTimeout", .text(duration), default: value(policy.connectTimeout),
            "Of the attempt's connection, TLS included.", examples: ["5s"]),
        SettingSchema(
            "deadline", .either([.text(duration), .null]), default: .words("none"),
            "Of the whole run; what has not started by then is `cancelled`.",
            examples: ["2h"]),
        SettingSchema(
            "concurrency", .integer(PolicyOverrides.possibleConcurrency), default: value(policy.concurrency),
            "Attempts in flight of one run.", examples: [16]),
        SettingSchema(
            "rate", .either([.text(rate), .null]), default: .words("none"),
            "Attempts started per time by one run, evenly spaced.",
            examples: ["50/s"]),
        SettingSchema(
            "adaptive", .boolean, default: value(policy.adaptive),
            "On 429 and 503 halve what may be in flight, then grow back.", examples: [false]),
        SettingSchema(
            "retry", .mapping(retry), "When a failed attempt is repeated.",
            examples: [["maxAttempts": 6, "initialInterval": "1s"]], link: "#retry"),
        SettingSchema(
            "idempotent", .boolean, default: value(policy.idempotent),
            "The function may run twice for one row: attempts with an unknown end are repeated.", examples: [true]),
        SettingSchema(
            "tolerate", .either([.integer(0...Int.max), .text(share), .null]), default: .words("none"),
            "Failures that are borne: `100`, or `5%` of those finished. Beyond them the run stops.",
            examples: [100, "5%"]),
        SettingSchema(
            "record", .mapping(record), "What records carry.", examples: [["request": true]], link: "#record"),
        SettingSchema(
            "mutex", .either([.text(jobName), .list(of: .text(jobName)), .null]), default: .words("none"),
            "A name or a list of names: runs that share one never overlap, the later waits.",
            examples: ["crm", ["crm", "billing"]]),
    ].map { setting in
        var setting = setting
        setting.isDefaultable = true
        return setting
    }

    package static let input = MappingSchema(
        "input",
        [
            SettingSchema(
                "file", .text(filled), "A path, relative to the job file; `-` is stdin.", examples: ["customers.csv"]),
            SettingSchema("items", .list(of: .anything), "Rows in the job file, of any type.", examples: [[["id": 1]]]),
            SettingSchema(
                "format", .choice(choices(InputFormat.self)), default: .words("by the name"),
                "How the file is written; stdin is `jsonl`. `--input-format` beats it.", examples: ["csv"]),
            SettingSchema(
                "delimiter", .text(TextSchema("one ASCII character", pattern: #"\\t|[ !#-~\t]"#)),
                default: .words("`,` (TSV: tab)"), #"One ASCII character, or `"\t"`; of CSV and TSV."#,
                examples: [";"]),
            SettingSchema(
                "header", .boolean, default: value(JobInput().hasHeader),
                "`false`: the first line is a row, the columns are `c1`, `c2`, …; of CSV and TSV.", examples: [false]),
            SettingSchema(
                "key", .text(anyText), default: .words("the row's index"),
                "A template that labels the row in records; need not be unique.", examples: ["{{ row.id }}"]),
        ])

    package static let retry = MappingSchema(
        "retry",
        [
            SettingSchema(
                "maxAttempts", .integer(RetryOverrides.possibleAttempts), default: value(policy.retry.maxAttempts),
                "The first attempt included; answers of status 429 do not count.", examples: [6]),
            SettingSchema(
                "initialInterval", .text(duration), default: value(policy.retry.initialInterval),
                "The wait after the first attempt.", examples: ["1s"]),
            SettingSchema(
                "backoffCoefficient", .number(RetryOverrides.possibleCoefficients),
                default: value(Int(policy.retry.backoffCoefficient)), "Each further wait is so many times longer.",
                examples: [2]),
            SettingSchema(
                "maximumInterval", .text(duration), default: value(policy.retry.maximumInterval), "No wait is longer.",
                examples: ["30s"]),
            SettingSchema(
                "maxElapsed", .text(duration), default: value(policy.retry.maxElapsed),
                "No attempt starts later than this after the first one.", examples: ["10m"]),
            SettingSchema(
                "jitter", .choice(choices(RetryPolicy.Jitter.self, meaning)),
                default: .value(.string(policy.retry.jitter.rawValue)), "How waits are spread.", examples: ["equal"]),
            SettingSchema(
                "codes", .list(of: .text(filled)), default: .value([]), "Error codes that are retried too.",
                examples: [["com.liveperson.faas.handler.executiontime-exceeded"]]),
            SettingSchema(
                "statuses", .list(of: .integer(RetryOverrides.possibleStatuses)), default: .value([]),
                "Statuses that are retried too, such as 901.", examples: [[901]]),
            SettingSchema(
                "never", .list(of: .integer(RetryOverrides.possibleStatuses)), default: .value([]),
                "Statuses that are not retried, whatever else says so.", examples: [[500, 502, 504]]),
            SettingSchema(
                "unknown", .boolean, default: value(policy.retry.unknown),
                "Repeat attempts with an unknown end, as with `idempotent`.", examples: [true]),
        ])

    package static let record = MappingSchema(
        "record",
        [
            SettingSchema(
                "request", .boolean, default: value(RecordPolicy().request), "Record the payload that was sent.",
                examples: [true]),
            SettingSchema(
                "response", .boolean, default: value(RecordPolicy().response), "Record the answer.",
                examples: [false]),
            SettingSchema(
                "maxResponse", .either([.integer(0...RecordOverrides.largestResponse), .text(size)]),
                default: .value(.string(ByteCount.text(RecordPolicy().maxResponse))),
                "A longer answer is cut to a string of so many bytes; at most"
                    + " \(ByteCount.text(RecordOverrides.largestResponse)).",
                examples: ["1MiB", 4096]),
        ])

    private static let policy = RunPolicy()

    private static func meaning(of jitter: RetryPolicy.Jitter) -> String {
        switch jitter {
        case .full: "a random wait from 0 to the interval"
        case .equal: "from half of it"
        case .none: "the interval"
        }
    }

    static func value(_ duration: Duration) -> SettingSchema.Default { .value(.string(duration.durationText)) }
    static func value(_ number: Int) -> SettingSchema.Default { .value(.number(JSONNumber(number))) }
    static func value(_ isOn: Bool) -> SettingSchema.Default { .value(.bool(isOn)) }
}
