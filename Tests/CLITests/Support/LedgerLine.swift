import Foundation

/// An entry of `history --format json`.
struct LedgerLine: Decodable, Sendable, Hashable {
    var job: String
    var occurrence: String
    var nominalTime: String
    var state: String
    var reason: String?
    var result: String?
    var runId: String?
    var trigger: String?
    var startedAt: String?
    var finishedAt: String?
    var latenessMs: Double?
    var results: String?
    var message: String?
    var resumptions: Int?
    var count: Int?
    var lastNominalTime: String?

    /// `ran succeeded`, `missed catchup`, `claimed`; of several with their number: `missed catchup x4`.
    var fate: String {
        ([state, result, reason].compactMap(\.self) + (count.map { ["x\($0)"] } ?? [])).joined(separator: " ")
    }

    /// A process has its run. What had hardly begun when a scheduler was stopped is claimed, and the next one's.
    var isGoing: Bool { state == "claimed" && startedAt != nil }

    /// How many occurrences it stands for.
    var number: Int { count ?? 1 }
    var first: Int { TimeText.microseconds(nominalTime) }
    var last: Int { lastNominalTime.map(TimeText.microseconds) ?? first }
    /// From the start of its run to the end, in microseconds of Unix time; nil if it did not run to an end.
    var run: ClosedRange<Int>? {
        guard let startedAt, let finishedAt else { return nil }
        let (start, end) = (TimeText.microseconds(startedAt), TimeText.microseconds(finishedAt))
        return start <= end ? start...end : nil
    }
}

extension [LedgerLine] {
    /// Oldest first.
    func of(_ job: String) -> [LedgerLine] {
        filter { $0.job == job }.sorted { $0.first < $1.first }
    }

    func count(of fate: String) -> Int {
        filter { $0.fate == fate }.reduce(0) { $0 + $1.number }
    }

    /// What is wrong if each occurrence of one job, one every so many microseconds, shall be there exactly once.
    func faults(every period: Int) -> [String] {
        let lines = sorted { $0.first < $1.first }
        var faults = lines.filter { $0.last - $0.first != ($0.number - 1) * period }.map { "\($0.occurrence): count" }
        for (line, next) in zip(lines, lines.dropFirst()) where next.first - line.last != period {
            faults.append("\(next.occurrence) follows \(line.occurrence)")
        }
        return faults
    }

    /// Pairs of runs of which the later began before the earlier had ended.
    var overlaps: [String] {
        let runs = compactMap { line in line.run.map { (line.occurrence, $0) } }
            .sorted { $0.1.lowerBound < $1.1.lowerBound }
        return zip(runs, runs.dropFirst()).filter { $1.1.lowerBound < $0.1.upperBound }.map { "\($0.0), \($1.0)" }
    }
}
