import JobModel
import TestSupport

@testable import Results

/// A result file as a list of events, as runs would have written it.
struct HistoryScript {
    enum Event {
        case run(String, job: String, trigger: Trigger, at: Int64, shard: Shard?, only: String?, accepts: Bool)
        case window(Int)
        case record(Int, Outcome, ErrorClass?)
        case carried(Int, Outcome)
        case summary
    }

    var events: [Event] = []
    private(set) var bytes: [UInt8] = []
    /// Where each event's line ends.
    private(set) var ends: [Int] = []
    private var encoder = RecordEncoder(run: Sample.run(), policy: policy)

    private static let policy = {
        var policy = RecordPolicy()
        policy.request = true
        return policy
    }()

    mutating func run(
        _ id: String, job: String = "job", trigger: Trigger = .manual, at second: Int64 = 0, shard: Shard? = nil,
        only: String? = nil, accepts: Bool = false, hash: String = "c0ffee"
    ) {
        var run = Sample.run(id: id, job: job, trigger: trigger)
        run.nominalTime = run.nominalTime + .seconds(second)
        (run.shard, run.only, run.acceptsChanges, run.jobHash) = (shard, only, accepts, hash)
        encoder = RecordEncoder(run: run, policy: Self.policy)
        encoder.appendRun(version: "1.0.0", to: &bytes)
        note(.run(id, job: job, trigger: trigger, at: second, shard: shard, only: only, accepts: accepts))
    }

    mutating func window(_ upTo: Int, input: Int64? = nil) {
        encoder.appendWindow(
            upTo: upTo, inputBytes: input ?? Int64(upTo * 10), inputSHA256: "sha\(upTo)", to: &bytes)
        note(.window(upTo))
    }

    mutating func record(
        _ index: Int, _ outcome: Outcome = .succeeded, _ errorClass: ErrorClass? = nil, key: String? = nil,
        body: String = #"{"payload":{"id":1}}"#
    ) {
        let errorClass = errorClass ?? (outcome == .succeeded ? nil : .function)
        var result = Sample.result(
            index, outcome, error: errorClass.map { InvocationError($0, code: "c.d", message: "boom") })
        result.row = Sample.row(index, key: key, body: body)
        encoder.append(result, to: &bytes)
        note(.record(index, outcome, errorClass))
    }

    mutating func carried(_ index: Int, _ outcome: Outcome, key: String? = nil, _ errorClass: ErrorClass? = nil) {
        encoder.appendCarried(index: index, key: key, outcome: outcome, errorClass: errorClass, to: &bytes)
        note(.carried(index, outcome))
    }

    mutating func summary() {
        encoder.appendSummary(Sample.end(), isComplete: true, latencies: LatencyHistogram(), to: &bytes)
        note(.summary)
    }

    private mutating func note(_ event: Event) {
        events.append(event)
        ends.append(bytes.count)
    }

    func read(job: String = "job", nominalTime: Timestamp? = nil) throws -> ResultHistory {
        try Self.read(bytes, job: job, nominalTime: nominalTime)
    }

    static func read(
        _ bytes: some Sequence<UInt8>, job: String = "job", nominalTime: Timestamp? = nil
    ) throws -> ResultHistory {
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", bytes)
        return try ResultHistory.read(ResultReader(path: path), job: job, nominalTime: nominalTime)
    }

    func states(_ count: Int, job: String = "job", nominalTime: Timestamp? = nil) throws -> [String] {
        let history = try read(job: job, nominalTime: nominalTime)
        return (0..<count).map { Self.letter(history.state(of: $0)) }
    }

    /// `-` unrecorded, `?` in doubt, else the outcome's first letter.
    static func letter(_ state: RowState) -> String {
        switch state {
        case .unrecorded: "-"
        case .inDoubt: "?"
        case .recorded(let outcome, _): String(outcome.rawValue.prefix(1))
        }
    }
}
