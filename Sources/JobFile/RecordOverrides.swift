import JobModel
import YAMLText

/// The fields of a `record` block that one place of the file gives.
struct RecordOverrides {
    var request: Bool?
    var response: Bool?
    var maxResponse: Int?

    /// Larger answers are cut by the engine anyway.
    static let largestResponse = 64 << 20

    init() {}

    init(reading reader: YAMLMappingReader) {
        request = reader.field("request").flatMap { $0.boolean() }
        response = reader.field("response").flatMap { $0.boolean() }
        maxResponse = reader.field("maxResponse").flatMap { $0.byteCount(atMost: Self.largestResponse) }
        reader.finish()
    }

    func apply(to policy: inout RecordPolicy) {
        if let request { policy.request = request }
        if let response { policy.response = response }
        if let maxResponse { policy.maxResponse = maxResponse }
    }
}
