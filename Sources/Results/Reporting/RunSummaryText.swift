package import JobModel

/// The few lines that a command prints when a run has ended.
package enum RunSummaryText {
    /// Counts are those of the whole result file; a run that went on with one has a line of its own.
    ///
    /// - Parameter output: where the records went; nil to say nothing of it.
    /// - Returns: lines without newlines.
    package static func lines(job: String, end: RunEnd, tally: RunTally, output: String?) -> [String] {
        let counts = end.counts
        let isWhole = end.own == counts
        var first = "\(job): "
        first += isWhole ? work(counts, in: end.duration) : DisplayText.count(counts.rows, "row", "rows")
        first += ": \(counts.succeeded) succeeded, \(counts.failed) failed"
        if counts.unknown > 0 { first += ", \(counts.unknown) unknown (may have run)" }
        if counts.cancelled > 0 { first += ", \(counts.cancelled) cancelled (not sent)" }
        var lines = [first]
        if !isWhole { lines.append("  this run: " + work(end.own, in: end.duration)) }
        let classes = tally.failuresByClass.map { "\($0.errorClass.rawValue) \($0.count)" }
        if !classes.isEmpty { lines.append("  failed: " + classes.joined(separator: ", ")) }
        var talk = "  attempts \(counts.attempts)"
        if !tally.latencies.isEmpty {
            let latencies = tally.latencies
            let percentiles = [("p50", 50.0), ("p90", 90), ("p99", 99)].map { name, percent in
                "\(name) \(DisplayText.duration(microseconds: latencies.percentile(percent)))"
            }
            talk += "; latency " + percentiles.joined(separator: ", ")
            talk += ", max \(DisplayText.duration(microseconds: latencies.maximum))"
        }
        lines.append(talk)
        if let output { lines.append("  results: \(output)") }
        return lines.map(TextFit.printable)
    }

    /// Such as `400 rows in 3.00 s (133/s)`.
    private static func work(_ counts: RunCounts, in duration: Duration) -> String {
        let text = "\(DisplayText.count(counts.rows, "row", "rows")) in \(DisplayText.duration(duration))"
        let seconds = duration.milliseconds / 1000
        guard seconds > 0, counts.attempts > 0 else { return text }
        return text + " (\(DisplayText.rate(Double(counts.finished) / seconds)))"
    }

    /// Why a run ended before its work was done, in one line; nil if it was done.
    package static func reason(_ reason: RunEnd.Reason) -> String? {
        switch reason {
        case .completed: nil
        case .intolerable: "more failures than `tolerate` allows"
        case .deadline: "the deadline passed"
        case .refused(let why): "credentials or account rejected: \(why)"
        case .unreachable(let why): "out of reach: \(why)"
        case .stopped: "told to stop"
        case .input(let why): "the input could not be read to its end: \(why)"
        case .output(let why): "results could not be written: \(why)"
        }
    }
}
