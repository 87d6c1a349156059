internal import JSONText
package import JobModel

/// What a `run` record says of a run, as far as runs that go on with it need to know.
package struct RecordedRun: Sendable, Hashable {
    package var runID: String
    package var trigger: Trigger?
    package var nominalTime: Timestamp?
    package var jobHash: String?
    /// Nil is all rows.
    package var shard: Shard?
    /// `failed` of a redrive; nil is all rows.
    package var only: String?
    package var acceptsChanges = false
    /// The input as it is called there, and its format, if that was given.
    package var inputFile: String?
    package var inputFormat: InputFormat?
    /// The input is a result file, whose recorded requests were sent.
    package var readsRecords = false

    init(_ record: borrowing RecordScanner) {
        runID = record.text(.runID) ?? ""
        // Of a run whose first record is missing the others tell no more than its id.
        guard record.kind == .run else { return }
        trigger = record.text(.trigger).flatMap(Trigger.init(rawValue:))
        nominalTime = record.text(.nominalTime).flatMap { Timestamp(rfc3339: $0) }
        jobHash = record.text(.jobHash)
        shard = record.shard
        only = record.text(.only)
        acceptsChanges = record.boolean(.acceptedChanges) == true
        guard let input = try? JSONParser.parse(record.json(.input)) else { return }
        inputFile = input["file"]?.stringValue
        inputFormat = input["format"]?.stringValue.flatMap(InputFormat.init(rawValue:))
        readsRecords = input["records"]?.boolValue == true
    }
}
