import JobModel

/// What the files of a report say of one job.
///
/// The rows of several files add up, as shards or occurrences do; those of a redrive replace the rows that they are
/// the redrive of.
struct JobTally: Sendable {
    let name: String
    private var totals = ReportTotals()
    /// Rows that did not succeed, by group.
    private var open: [ReportedRows] = []
    private var redrives: [ReportedRows] = []
    /// Rows with a record of a run that is no redrive.
    private var recorded = RowSet()
    /// Numbers by total.
    private var shards: [Int: Set<Int>] = [:]

    init(name: String) {
        self.name = name
    }

    mutating func merge(_ other: ReportTotals) {
        totals.merge(other)
    }

    mutating func add(_ shard: Shard) {
        shards[shard.total, default: []].insert(shard.number)
    }

    /// Adds the rows of a group of runs of all rows, or of redrives.
    mutating func add(_ group: ReportedRows, of history: HistoryGeneration, statuses: PagedRows<UInt16>) {
        var group = group
        let isRedrive = history.ordinary == nil && history.redrive != nil
        history.visit { index, code, _ in
            let row = ReportedRow(index: index, code: code, status: statuses[index])
            if isRedrive || code.outcome != .succeeded { group.rows.append(row) }
            guard !isRedrive else { return }
            recorded.insert(index)
            totals.count(row, 1)
        }
        group.rows.sort()
        if isRedrive {
            group.announced = { index in history.isAnnounced(index) }
            redrives.append(group)
        } else if !group.rows.isEmpty {
            open.append(group)
        }
    }

    // MARK: - The end

    /// The job's part of a report, and the rows that redrives announced and have no record of.
    func finish(inputRows: Int?) -> (job: Report.Job, doubts: [Report.Doubt]) {
        var job = Report.Job(name: name, totals: totals)
        var candidates = open
        var recorded = self.recorded
        var doubts: [Report.Doubt] = []
        for redrive in redrives.sorted(by: { $0.startedAt ?? .init(seconds: 0) < $1.startedAt ?? .init(seconds: 0) }) {
            let doubted = Self.doubts(of: redrive, in: candidates)
            if doubted > 0 { doubts.append(Report.Doubt(file: redrive.file, job: name, rows: doubted)) }
            var added = ReportedRows(file: redrive.file)
            for row in redrive.rows {
                if let (group, position) = Self.find(row.index, in: candidates) {
                    job.totals.count(candidates[group].rows[position], -1)
                    // Nobody replaces it again: what it was is the redrive's row now.
                    candidates[group].rows[position] = row
                } else if recorded.contains(row.index) {
                    // It succeeded: by an earlier redrive, or by a run that went on with the file itself.
                    continue
                } else {
                    added.rows.append(row)
                }
                recorded.insert(row.index)
                job.totals.count(row, 1)
            }
            candidates.append(added)
        }
        job.absentShards = absentShards
        if let inputRows { job.input = Report.InputCheck(recorded, inputRows: inputRows) }
        return (job, doubts)
    }

    /// The last group in which a row is open.
    private static func find(_ index: Int, in groups: [ReportedRows]) -> (group: Int, position: Int)? {
        for group in groups.indices.reversed() {
            guard let position = groups[group].position(of: index),
                groups[group].rows[position].code.outcome != .succeeded
            else { continue }
            return (group, position)
        }
        return nil
    }

    private static func doubts(of redrive: ReportedRows, in groups: [ReportedRows]) -> Int {
        groups.reduce(0) { total, group in
            total
                + group.rows.count { row in
                    let isRedriven = row.code.outcome == .failed || row.code.outcome == .cancelled
                    return isRedriven && redrive.announced(row.index) && redrive.position(of: row.index) == nil
                }
        }
    }

    private static let longestShardList = 1000

    private var absentShards: [Shard] {
        shards.sorted { $0.key < $1.key }.flatMap { total, numbers in
            (1...min(total, Self.longestShardList)).filter { !numbers.contains($0) }
                .compactMap { Shard(number: $0, total: total) }
        }
    }
}
