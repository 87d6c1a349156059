package import JobModel

/// What a run's end does not say and its summary tells: how long attempts took and why rows failed.
package struct RunTally: Sendable {
    /// Of each invocation's last attempt.
    package private(set) var latencies: LatencyHistogram
    /// Rows that ended `failed`, by class; indexed as `ErrorClass.allCases`.
    private var failures = [Int](repeating: 0, count: ErrorClass.allCases.count)
    /// Of this run alone: rows by outcome and class; indexed as both `allCases`, the outcome first.
    private var own = [Int](repeating: 0, count: Outcome.allCases.count * ErrorClass.allCases.count)

    package init() {
        self.init(latencies: LatencyHistogram())
    }

    init(latencies: LatencyHistogram) {
        self.latencies = latencies
    }

    package mutating func add(_ result: borrowing InvocationResult) {
        if let latency = result.latency { latencies.record(latency) }
        guard let errorClass = result.error?.errorClass else { return }
        own[result.outcome.position * ErrorClass.allCases.count + errorClass.position] += 1
        if result.outcome == .failed { failures[errorClass.position] += 1 }
    }

    /// Notes that a row failed, without an attempt.
    mutating func addFailure(_ code: RowCode) {
        guard code.outcome == .failed, let errorClass = code.errorClass else { return }
        failures[errorClass.position] += 1
    }

    /// Takes back a row's earlier failure: another record replaces its own.
    package mutating func replace(_ errorClass: ErrorClass) {
        failures[errorClass.position] = max(0, failures[errorClass.position] - 1)
    }

    /// The classes that occurred and how often, most frequent first.
    package var failuresByClass: [(errorClass: ErrorClass, count: Int)] {
        Self.byClass(failures)
    }

    /// The classes with which rows of this run ended so, and how often, most frequent first; what earlier runs have left
    /// in the file does not count.
    package func ownErrors(_ outcome: Outcome) -> [(errorClass: ErrorClass, count: Int)] {
        let first = outcome.position * ErrorClass.allCases.count
        return Self.byClass(own[first..<first + ErrorClass.allCases.count])
    }

    private static func byClass(_ counts: some Sequence<Int>) -> [(errorClass: ErrorClass, count: Int)] {
        zip(ErrorClass.allCases, counts).filter { $1 > 0 }.sorted { $0.1 > $1.1 }.map { ($0, $1) }
    }
}

extension ErrorClass {
    /// The position among `allCases`, without a search.
    var position: Int {
        switch self {
        case .function: 0
        case .rateLimited: 1
        case .unauthorized: 2
        case .forbidden: 3
        case .notFound: 4
        case .badRequest: 5
        case .platform: 6
        case .timeout: 7
        case .network: 8
        case .template: 9
        case .input: 10
        case .response: 11
        case .cancelled: 12
        }
    }
}
