package import JobModel

/// What result files say of one job, or of all jobs together.
package struct ReportTotals: Sendable {
    package var runs = 0
    /// Runs that ended before their input did, or without a word.
    package var incompleteRuns = 0
    /// Rows by the outcome of their last record.
    package var succeeded = 0
    package var failed = 0
    package var unknown = 0
    package var cancelled = 0
    /// Invocation records, superseded ones included.
    package var records = 0
    /// HTTP requests, of every record.
    package var attempts = 0
    /// Attempts beyond the first, of every record.
    package var retries = 0
    /// Records of invocations that were sent.
    package var sent = 0
    /// Of every record's last attempt.
    package var latencies = LatencyHistogram()
    /// Rows by the status of their last record.
    package var statuses: [Int: Int] = [:]
    /// Rows by the error class of their last record.
    package var failures: [ErrorClass: Int] = [:]
    /// Error codes of every record.
    package var codes: [CodeKey: CodeTally] = [:]
    /// When runs were going, in microseconds since the epoch.
    private(set) var spans: [Range<Int64>] = []

    package struct CodeKey: Hashable, Sendable {
        package var errorClass: ErrorClass
        /// The platform's code; nil if the failure has none, or there were too many different ones.
        package var code: String?
    }

    package struct CodeTally: Sendable, Equatable {
        package var records = 0
        /// The first message that came with the code.
        package var message: String
    }

    package init() {}

    package var rows: Int { succeeded + failed + unknown + cancelled }

    /// Functions choose their codes: more different ones than this share one entry.
    private static let codeLimit = 200

    mutating func count(_ error: InvocationError) {
        var key = CodeKey(errorClass: error.errorClass, code: error.code)
        if codes[key] == nil && codes.count >= Self.codeLimit { key.code = nil }
        codes[key, default: CodeTally(message: error.message)].records += 1
    }

    /// Counts a row by its last record.
    ///
    /// - Parameter number: 1, or −1 to take it back.
    mutating func count(_ row: ReportedRow, _ number: Int) {
        switch row.code.outcome {
        case .succeeded: succeeded += number
        case .failed: failed += number
        case .unknown: unknown += number
        case .cancelled: cancelled += number
        }
        if row.status > 0 {
            let rows = statuses[Int(row.status), default: 0] + number
            statuses[Int(row.status)] = rows == 0 ? nil : rows
        }
        if let errorClass = row.code.errorClass {
            let rows = failures[errorClass, default: 0] + number
            failures[errorClass] = rows == 0 ? nil : rows
        }
    }

    mutating func addSpan(from start: Timestamp, to end: Timestamp) {
        spans.append(start.microseconds..<max(start.microseconds, end.microseconds))
    }

    mutating func merge(_ other: ReportTotals) {
        runs += other.runs
        incompleteRuns += other.incompleteRuns
        succeeded += other.succeeded
        failed += other.failed
        unknown += other.unknown
        cancelled += other.cancelled
        records += other.records
        attempts += other.attempts
        retries += other.retries
        sent += other.sent
        latencies.merge(other.latencies)
        statuses.merge(other.statuses, uniquingKeysWith: +)
        failures.merge(other.failures, uniquingKeysWith: +)
        codes.merge(other.codes) { CodeTally(records: $0.records + $1.records, message: $0.message) }
        spans += other.spans
    }

    // MARK: - Derived

    package var startedAt: Timestamp? { spans.map(\.lowerBound).min().map(Timestamp.init(microseconds:)) }
    package var finishedAt: Timestamp? { spans.map(\.upperBound).max().map(Timestamp.init(microseconds:)) }

    /// How long at least one run was going: parallel shards count once, pauses between runs not at all.
    package var duration: Duration {
        var total: Int64 = 0
        var reached = Int64.min
        for span in spans.sorted(by: { $0.lowerBound < $1.lowerBound }) where span.upperBound > reached {
            total += span.upperBound - max(span.lowerBound, reached)
            reached = span.upperBound
        }
        return .microseconds(total)
    }

    /// Invocations sent per second of ``duration``; nil if there is none.
    package var perSecond: Double? {
        let seconds = duration.milliseconds / 1000
        return seconds > 0 ? Double(sent) / seconds : nil
    }

    /// Classes with their codes, most frequent first.
    package var failureTable: [(errorClass: ErrorClass, rows: Int, codes: [(code: String?, tally: CodeTally)])] {
        let classes = Set(failures.keys).union(codes.keys.map(\.errorClass))
        return classes.map { errorClass in
            let own = codes.filter { $0.key.errorClass == errorClass }
            let sorted = own.sorted { ($1.value.records, $0.key.code ?? "") < ($0.value.records, $1.key.code ?? "") }
            return (errorClass, failures[errorClass] ?? 0, sorted.map { ($0.key.code, $0.value) })
        }.sorted { ($1.rows, $0.errorClass.position) < ($0.rows, $1.errorClass.position) }
    }
}
