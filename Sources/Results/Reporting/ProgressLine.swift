import JobModel

/// A progress snapshot as one line of text.
package enum ProgressLine {
    /// For a terminal: at most `width` characters, the least important parts left out where it is narrow.
    package static func live(_ snapshot: ProgressSnapshot, width: Int) -> String {
        var line = "\(snapshot.job) \(snapshot.done)"
        if let total = snapshot.total { line += "/\(total)" }
        if let share = snapshot.share { line += " \(DisplayText.percent(share))" }
        // By importance: what no longer fits is left out, and all after it.
        var parts = [DisplayText.rate(snapshot.perSecond), "\(snapshot.failed) failed"]
        if let remaining = snapshot.remaining { parts.append("ETA \(DisplayText.duration(remaining))") }
        parts += ["\(snapshot.inFlight) in flight", DisplayText.count(snapshot.retries, "retry", "retries")]
        for part in parts {
            guard TextFit.width(of: line) + 2 + TextFit.width(of: part) <= width else { break }
            line += "  \(part)"
        }
        return TextFit.cut(line, to: max(0, width))
    }

    /// For logs: everything, in a form that is easy to search.
    package static func plain(_ snapshot: ProgressSnapshot) -> String {
        var line = "\(snapshot.job): \(snapshot.done)"
        if let total = snapshot.total { line += " of \(total)" }
        line += " done"
        if let share = snapshot.share { line += " (\(DisplayText.percent(share)))" }
        line += ", \(DisplayText.rate(snapshot.perSecond)), \(snapshot.inFlight) in flight, \(snapshot.failed) failed"
        line += ", " + DisplayText.count(snapshot.retries, "retry", "retries")
        if let remaining = snapshot.remaining { line += ", ETA \(DisplayText.duration(remaining))" }
        return TextFit.printable(line)
    }
}
