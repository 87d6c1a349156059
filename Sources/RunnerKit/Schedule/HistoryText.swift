internal import JobModel
internal import Results

/// What the ledger says, for people.
enum HistoryText {
    /// One line for each entry under a line of titles.
    ///
    /// - Parameter usesColor: the state's tells good from bad.
    static func lines(_ entries: [LedgerEntry], width: Int, usesColor: Bool = false) -> [String] {
        let hasSeconds = entries.contains { !isWholeMinute($0.nominalTime) || !isWholeMinute($0.lastNominalTime) }
        let table = TextTable(
            columns: [
                .init(title: "NOMINAL TIME (UTC)"), .init(title: "JOB", isFlexible: true), .init(title: "STATE"),
                .init(title: "LATE", isNumeric: true, room: durationRoom),
                .init(title: "TOOK", isNumeric: true, room: durationRoom),
                .init(title: "RESULTS", isFlexible: true, keepsEnd: true, leastUseful: 16),
            ],
            rows: entries.map { entry in
                [
                    times(of: entry, hasSeconds: hasSeconds), entry.job, state(of: entry),
                    entry.lateness.map(DisplayText.duration) ?? "", took(entry).map(DisplayText.duration) ?? "",
                    entry.results ?? "",
                ]
            })
        return table.lines(width: width) { row, column in
            usesColor && column == stateColumn ? color(of: entries[row].state) : nil
        }
    }

    private static let stateColumn = 2
    /// `59m 59s`
    private static let durationRoom = 7

    private static func color(of state: OccurrenceState) -> TextColor {
        switch state {
        case .claimed: .cyan
        case .ran(.succeeded): .green
        case .ran, .missed: .red
        case .skipped: .yellow
        }
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

    /// `2026-11-22 01:15`, or the first, the last and the number of several.
    private static func times(of entry: LedgerEntry, hasSeconds: Bool) -> String {
        let first = plain(entry.nominalTime, hasSeconds: hasSeconds)
        guard entry.count > 1 else { return first }
        let last = plain(entry.lastNominalTime, hasSeconds: hasSeconds)
        let day = first.prefix(10)
        return "\(first) - \(last.hasPrefix(day) ? String(last.dropFirst(11)) : last) (\(entry.count))"
    }

    private static func plain(_ time: Timestamp, hasSeconds: Bool) -> String {
        let text = String(time.shortestRFC3339.dropLast()).replacing("T", with: " ")
        return hasSeconds ? text : String(text.dropLast(3))
    }

    private static func isWholeMinute(_ time: Timestamp) -> Bool {
        time.shortestRFC3339.hasSuffix(":00Z")
    }

    private static func took(_ entry: LedgerEntry) -> Duration? {
        guard let started = entry.startedAt, let finished = entry.finishedAt else { return nil }
        return finished - started
    }
}
