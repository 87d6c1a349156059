import JSONText
import JobModel
package import SettingsSchema

extension JobFileSchema {
    /// What smoke tests expect.
    package static let smoke = MappingSchema("smoke", smokeSettings)

    static let smokeSettings: [SettingSchema] = [
        SettingSchema(
            "expect", .list(of: .mapping(expectation)),
            "What `fnrun smoke` expects of each invocation. Unless an item names `status` or `outcome`, it is to"
                + " succeed.",
            examples: [[["status": 200], ["path": "response.ok", "equals": true]]]),
        SettingSchema(
            "tags", .either([.text(jobName), .list(of: .text(jobName))]),
            "A name or a list of names by which `fnrun smoke --tag` chooses jobs.",
            examples: ["fast", ["fast", "crm"]]),
    ]

    /// An item of `expect`.
    package static let expectation = MappingSchema(
        "expectation",
        [
            SettingSchema(
                "status", .either([status, .list(of: status)]),
                "The status of the answer: `200`, `[200, 202]` or `2xx`.", examples: [200, [200, 202], "2xx"]),
            SettingSchema(
                "path", .text(filled),
                "What a matcher looks at: a path of the template language over `status`, `headers`, `response`,"
                    + " `latencyMs`, `attempts`, `outcome` and `error`.",
                examples: ["response.greeting"]),
            SettingSchema("equals", .anything, "The value is this one; a template.", examples: ["hello"]),
            SettingSchema("notEquals", .anything, "The value is another one.", examples: ["error"]),
            SettingSchema(
                "contains", .anything, "The text has this part, the list this element, the mapping this key.",
                examples: ["hello"]),
            SettingSchema("matches", .text(anyText), "The text matches this regular expression.", examples: ["^hello"]),
            SettingSchema("exists", .boolean, "Whether there is such a value.", examples: [true]),
            SettingSchema(
                "type", .either([.choice(types), .null]), "The type of the value.", examples: ["string"]),
            SettingSchema("greaterThan", .text(anyText), "The number is greater; a template.", examples: [0]),
            SettingSchema("lessThan", .text(anyText), "The number is less; a template.", examples: [100]),
            SettingSchema(
                "size", .either([.integer(0...Int.max), .text(template)]),
                "The number of characters, elements or members.", examples: [3]),
            SettingSchema(
                "oneOf", .either([.list(of: .anything), .text(template)]), "The value is one of these.",
                examples: [["a", "b"]]),
            SettingSchema("startsWith", .text(template), "The text begins with this; a template.", examples: ["hello"]),
            SettingSchema(
                "latency", .text(duration), "The last attempt takes at most this long.", examples: ["800ms"]),
            SettingSchema(
                "outcome", .either([outcome, .list(of: outcome)]),
                "How the invocation is to end, or a list of ways; `failed` is a negative test.",
                examples: ["failed", ["failed", "unknown"]]),
        ])

    private static let template = TextSchema(takesNumbers: false)
    private static let types = ["string", "number", "integer", "boolean", "array", "object", "null"]
        .map { ChoiceSchema($0) }
    /// What is cancelled was never sent: there is nothing to expect of it.
    private static let outcome = ValueSchema.choice(
        Outcome.allCases.filter { $0 != .cancelled }.map { ChoiceSchema($0.rawValue) })
    private static let status = ValueSchema.either([
        .integer(RetryOverrides.possibleStatuses),
        .text(TextSchema("a status such as 200 or 2xx", pattern: "[1-9][0-9xX]{2}", takesNumbers: false)),
    ])
}
