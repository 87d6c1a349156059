internal import JobModel
internal import Results

/// What the ledger says, for people.
enum HistoryText {
    /// One line for each entry under a line of titles.
    static func lines(_ entries: [LedgerEntry], width: Int) -> [String] {
        let table = TextTable(
            columns: [
                .init(title: "NOMINAL TIME (UTC)"), .init(title: "JOB", isFlexible: true), .init(title: "STATE"),
                .init(title: "LATE", isNumeric: true), .init(title: "TOOK", isNumeric: true),
                .init(title: "RESULTS", isFlexible: true),
            ],
            rows: entries.map { entry in
                [
                    times(of: entry), entry.job, state(of: entry),
                    entry.lateness.map(DisplayText.duration) ?? "", took(entry).map(DisplayText.duration) ?? "",
                    entry.results ?? "",
                ]
            })
        return table.lines(width: width)
    }

    /// `ran: succeeded`, `missed: catchup`, `claimed: waiting`.
    static func state(of entry: LedgerEntry) -> String {
        switch entry.state {
        case .claimed: entry.startedAt == nil ? "claimed: waiting" : "claimed: running"
        case .ran(let result): "ran: \(result.rawValue)"
        case .skipped(let reason): "skipped: \(reason.rawValue)"
        case .missed(let reason): "missed: \(reason.rawValue)"
        }
    }

    /// `2026-11-22 01:15:00`, or the first, the last and the number of several.
    private static func times(of entry: LedgerEntry) -> String {
        let first = plain(entry.nominalTime)
        guard entry.count > 1 else { return first }
        let last = plain(entry.lastNominalTime)
        let day = first.prefix(10)
        return "\(first) - \(last.hasPrefix(day) ? String(last.dropFirst(11)) : last) (\(entry.count))"
    }

    private static func plain(_ time: Timestamp) -> String {
        String(time.shortestRFC3339.dropLast()).replacing("T", with: " ")
    }

    private static func took(_ entry: LedgerEntry) -> Duration? {
        guard let started = entry.startedAt, let finished = entry.finishedAt else { return nil }
        return finished - started
    }
}
