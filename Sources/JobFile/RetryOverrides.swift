import JobModel
import YAMLText

/// The fields of a `retry` block that one place of the file gives.
struct RetryOverrides {
    var maxAttempts: Int?
    var initialInterval: Duration?
    var backoffCoefficient: Double?
    var maximumInterval: Duration?
    var maxElapsed: Duration?
    var jitter: RetryPolicy.Jitter?
    var codes: Set<String>?
    var statuses: Set<Int>?
    var never: Set<Int>?
    var unknown: Bool?

    /// What an HTTP status may be; the platform answers 901.
    static let possibleStatuses = 100...999
    static let possibleAttempts = 1...1_000_000
    static let possibleCoefficients = 1.0...1000

    init() {}

    init(reading reader: YAMLMappingReader) {
        maxAttempts = reader.field("maxAttempts").flatMap { $0.integer(in: Self.possibleAttempts) }
        initialInterval = reader.field("initialInterval").flatMap { $0.duration() }
        backoffCoefficient = reader.field("backoffCoefficient").flatMap { $0.number(in: Self.possibleCoefficients) }
        let maximum = reader.field("maximumInterval")
        maximumInterval = maximum.flatMap { $0.duration() }
        maxElapsed = reader.field("maxElapsed").flatMap { $0.duration() }
        jitter = reader.field("jitter").flatMap { $0.choice(RetryPolicy.Jitter.self) }
        codes = reader.field("codes").flatMap(Self.codes)
        statuses = reader.field("statuses").flatMap(Self.statuses)
        never = reader.field("never").flatMap(Self.statuses)
        unknown = reader.field("unknown").flatMap { $0.boolean() }
        if let maximum, let initialInterval, let maximumInterval, maximumInterval < initialInterval {
            let _: Duration? = maximum.refuse(
                "shorter than initialInterval", hint: "write \(initialInterval.durationText) or more")
        }
        reader.finish()
    }

    private static func codes(_ field: YAMLField) -> Set<String>? {
        field.elements(of: "a list of error codes").map { elements in
            Set(
                elements.compactMap { element -> String? in
                    guard let code = element.text() else { return nil }
                    return code.isEmpty ? element.mismatch("an error code", code: .badValue) : code
                })
        }
    }

    private static func statuses(_ field: YAMLField) -> Set<Int>? {
        field.elements(of: "a list of statuses such as [500, 502]").map { elements in
            Set(elements.compactMap { $0.integer(in: possibleStatuses) })
        }
    }

    func apply(to policy: inout RetryPolicy) {
        if let maxAttempts { policy.maxAttempts = maxAttempts }
        if let initialInterval { policy.initialInterval = initialInterval }
        if let backoffCoefficient { policy.backoffCoefficient = backoffCoefficient }
        if let maximumInterval { policy.maximumInterval = maximumInterval }
        if let maxElapsed { policy.maxElapsed = maxElapsed }
        if let jitter { policy.jitter = jitter }
        if let codes { policy.codes = codes }
        if let statuses { policy.statuses = statuses }
        if let never { policy.never = never }
        if let unknown { policy.unknown = unknown }
    }
}
