/// What kind of problem a diagnostic tells of: stable names, for programs and for `docs/errors.md`.
package enum DiagnosticCode: String, Sendable, CaseIterable {
    // The file as bytes and as YAML.
    case unreadable
    case encoding
    case syntax
    case emptyFile = "empty-file"
    case severalDocuments = "several-documents"
    case limit
    case badAlias = "bad-alias"
    case badTag = "bad-tag"
    case badKey = "bad-key"
    case badMerge = "bad-merge"
    // Its settings.
    case duplicateKey = "duplicate-key"
    case unknownKey = "unknown-key"
    case missingKey = "missing-key"
    case wrongType = "wrong-type"
    case badValue = "bad-value"
    case badName = "bad-name"
    case badNumber = "bad-number"
    case noEffect = "no-effect"
    // What it refers to.
    case unsetVariable = "unset-variable"
    case badVariable = "bad-variable"
    case unusedVariable = "unused-variable"
    case unknownLambda = "unknown-lambda"
    case duplicateJob = "duplicate-job"
    // Languages inside of settings.
    case badTemplate = "bad-template"
    case badCron = "bad-cron"
    case unknownZone = "unknown-zone"
    case badPath = "bad-path"
    case badPattern = "bad-pattern"
}
