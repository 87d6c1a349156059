import JobModel
import YAMLText

/// The settings of a run that one place of the file gives; what it leaves out is decided elsewhere.
///
/// The outer optional is whether a setting is given, the inner one whether it is `null`: none.
struct PolicyOverrides {
    var timeout: Duration?
    var connectTimeout: Duration?
    var deadline: Duration??
    var concurrency: Int?
    var rate: Rate??
    var adaptive: Bool?
    var retry = RetryOverrides()
    var idempotent: Bool?
    var tolerate: Tolerance??

    /// So many attempts in flight are beyond any machine's sockets.
    static let mostConcurrency = 100_000
    static let possibleConcurrency = 1...mostConcurrency
    /// A day: longer timeouts are mistakes.
    static let longestTimeout = Duration.seconds(86_400)

    init() {}

    /// Reads all settings of a run, of `defaults` or a job.
    init(reading reader: YAMLMappingReader) {
        readShared(with: reader)
        connectTimeout = reader.field("connectTimeout").flatMap(Self.timeout)
        deadline = reader.field("deadline").flatMap { field in
            field.nullable { $0.duration(atLeast: .milliseconds(1)) }
        }
        concurrency = reader.field("concurrency").flatMap(Self.concurrency)
        rate = reader.field("rate").flatMap { field in field.nullable { $0.rate() } }
        adaptive = reader.field("adaptive").flatMap { $0.boolean() }
        tolerate = reader.field("tolerate").flatMap { field in field.nullable { $0.tolerance() } }
    }

    /// Reads the settings that a lambda may give to its jobs.
    init(readingLambda reader: YAMLMappingReader) {
        readShared(with: reader)
    }

    private mutating func readShared(with reader: YAMLMappingReader) {
        timeout = reader.field("timeout").flatMap(Self.timeout)
        idempotent = reader.field("idempotent").flatMap { $0.boolean() }
        if let mapping = reader.field("retry")?.mapping() { retry = RetryOverrides(reading: mapping) }
    }

    static func concurrency(_ field: YAMLField) -> Int? {
        field.integer(in: possibleConcurrency)
    }

    private static func timeout(_ field: YAMLField) -> Duration? {
        field.duration(atLeast: .milliseconds(1), atMost: longestTimeout)
    }

    func apply(to policy: inout RunPolicy) {
        if let timeout { policy.timeout = timeout }
        if let connectTimeout { policy.connectTimeout = connectTimeout }
        if let deadline { policy.deadline = deadline }
        if let concurrency { policy.concurrency = concurrency }
        if let rate { policy.rate = rate }
        if let adaptive { policy.adaptive = adaptive }
        if let idempotent { policy.idempotent = idempotent }
        if let tolerate { policy.tolerate = tolerate }
        retry.apply(to: &policy.retry)
    }
}

extension YAMLField {
    /// Reads a setting that `null` turns off.
    func nullable<Value>(_ read: (YAMLField) -> Value?) -> Value?? {
        isNull ? .some(nil) : read(self).map { .some($0) }
    }

    /// Failures that are borne: `100` or `5%`.
    func tolerance() -> Tolerance? {
        let expected = "a number of failures such as 100, or a share such as 5%"
        switch node.scalar?.value {
        case .integer(let digits):
            guard let count = Int(digits), count >= 0 else { return mismatch(expected, code: .badValue) }
            return .count(count)
        case .string(let text):
            let digits = text.dropLast()
            guard text.hasSuffix("%"), digits.utf8.allSatisfy({ (48...57).contains($0) || $0 == UInt8(ascii: ".") }),
                let percent = Double(digits)
            else { return mismatch(expected) }
            guard percent <= 100 else { return mismatch("a share between 0% and 100%", code: .badValue) }
            return .percent(percent)
        default:
            return mismatch(expected)
        }
    }
}
