import JobModel

extension Report {
    /// The report as tables for people, every line ended by a newline.
    ///
    /// - Parameter width: of the terminal, in characters; names and messages are cut to it, numbers never.
    package func text(width: Int) -> String {
        var lines: [String] = []
        func section(_ section: [String]) {
            guard !section.isEmpty else { return }
            if !lines.isEmpty { lines.append("") }
            lines += section
        }
        section(totalsTable.lines(width: width))
        if let table = latencyTable { section(table.lines(width: width)) }
        if let table = failuresTable { section(Self.failureLines(table, width: width)) }
        let statuses = total.statuses.sorted { $0.key < $1.key }.map { "\($0) × \($1)" }
        if !statuses.isEmpty { section(["statuses: " + statuses.joined(separator: ", ")]) }
        section(notes)
        return lines.map { TextFit.printable($0) + "\n" }.joined()
    }

    private var namedTotals: [(name: String, totals: ReportTotals)] {
        jobs.map { ($0.name, $0.totals) } + (jobs.count == 1 ? [] : [("total", total)])
    }

    private var totalsTable: TextTable {
        let titles = ["runs", "rows", "succeeded", "failed", "unknown", "cancelled", "time", "rate"]
        var table = TextTable(columns: [.init(title: "job", isFlexible: true)])
        table.columns += titles.map { .init(title: $0, isNumeric: true) }
        for (name, totals) in namedTotals {
            let numbers = [
                totals.runs, totals.rows, totals.succeeded, totals.failed, totals.unknown, totals.cancelled,
            ]
            table.rows.append(
                [name] + numbers.map(String.init)
                    + [DisplayText.duration(totals.duration), totals.perSecond.map(DisplayText.rate) ?? "-"])
        }
        return table
    }

    private var latencyTable: TextTable? {
        var table = TextTable(columns: [.init(title: "requests", isFlexible: true)])
        table.columns += ["attempts", "retries", "p50", "p90", "p95", "p99", "max"]
            .map { .init(title: $0, isNumeric: true) }
        for (name, totals) in namedTotals where !totals.latencies.isEmpty {
            let values = [50, 90, 95, 99].map { totals.latencies.percentile($0) } + [totals.latencies.maximum]
            table.rows.append(
                [name, String(totals.attempts), String(totals.retries)]
                    + values.map { DisplayText.duration(microseconds: $0) })
        }
        return table.rows.isEmpty ? nil : table
    }

    private static let codesPerClass = 5

    private var failuresTable: TextTable? {
        var table = TextTable(columns: [
            .init(title: "failures", isFlexible: true), .init(title: "class"), .init(title: "rows", isNumeric: true),
            .init(title: "records", isNumeric: true), .init(title: "code", isFlexible: true),
            .init(title: "message", isFlexible: true),
        ])
        for job in jobs {
            for failure in job.totals.failureTable {
                if failure.codes.isEmpty {
                    table.rows.append([job.name, failure.errorClass.rawValue, String(failure.rows), "", "", ""])
                }
                for (position, entry) in failure.codes.prefix(Self.codesPerClass).enumerated() {
                    let isFirst = position == 0
                    table.rows.append([
                        isFirst ? job.name : "", isFirst ? failure.errorClass.rawValue : "",
                        isFirst ? String(failure.rows) : "", String(entry.tally.records), entry.code ?? "-",
                        entry.tally.message,
                    ])
                }
                if failure.codes.count > Self.codesPerClass {
                    table.rows.append(["", "", "", "", "\(failure.codes.count - Self.codesPerClass) more codes", ""])
                }
            }
        }
        return table.rows.isEmpty ? nil : table
    }

    /// Codes and messages have columns, or where the terminal is too narrow for them, lines of their own.
    private static func failureLines(_ table: TextTable, width: Int) -> [String] {
        guard table.naturalWidth > width else { return table.lines(width: width) }
        var narrow = table
        narrow.columns.removeLast(2)
        narrow.rows = table.rows.map { $0.dropLast(2) }
        let lines = narrow.lines(width: width)
        return [lines[0]]
            + zip(lines.dropFirst(), table.rows).flatMap { line, row in
                let text = row.suffix(2).filter { !$0.isEmpty && $0 != "-" }.joined(separator: ": ")
                let rest = text.isEmpty ? [] : ["  " + TextFit.cut(text, to: width - 2)]
                return (line.isEmpty ? [] : [line]) + rest
            }
    }

    private static let notesPerKind = 10

    private var notes: [String] {
        var notes: [String] = []
        for run in incomplete.prefix(Self.notesPerKind) {
            let what =
                switch run.reason {
                case .noSummary: "has no summary: it crashed or is still going"
                case .stopped: "was stopped before the end of its input"
                }
            let cure = run.isResumed ? "a later run finished it" : "go on with --resume \(run.file)"
            let shard = run.shard.map { " (shard \($0.text))" } ?? ""
            notes.append("incomplete: run \(run.runID) of \(run.job)\(shard) in \(run.file) \(what); \(cure)")
        }
        let others = jobs.reduce(0) { $0 + $1.totals.incompleteRuns } - min(incomplete.count, Self.notesPerKind)
        if others > 0 { notes.append("incomplete: " + DisplayText.count(others, "more run", "more runs")) }
        for doubt in doubts.prefix(Self.notesPerKind) {
            notes.append(
                "in doubt: \(DisplayText.count(doubt.rows, "row", "rows")) of \(doubt.job) in \(doubt.file): announced and "
                    + "without a record; resume with --resume \(doubt.file)")
        }
        for job in jobs {
            let absent = job.absentShards
            for shard in absent.prefix(Self.notesPerKind) {
                notes.append("incomplete: \(job.name): shard \(shard.text): no file given")
            }
            if absent.count > Self.notesPerKind {
                let others = absent.count - Self.notesPerKind
                notes.append("incomplete: \(job.name): no file given of \(others) more shards")
            }
            if let input = job.input { notes.append((jobs.count > 1 ? "\(job.name): " : "") + input.text) }
        }
        for file in files {
            if file.findings.records == 0 { notes.append("note: \(file.path): holds no records") }
            if file.findings.tornBytes > 0 {
                notes.append("note: \(file.path): a torn last line of \(file.findings.tornBytes) bytes was left out")
            }
            if let bad = file.findings.firstBadLine {
                let count = DisplayText.count(file.findings.badLines, "line is no record", "lines are no records")
                notes.append("note: \(file.path): \(count), the first is line \(bad.number): \(bad.reason)")
            }
        }
        return notes
    }
}
