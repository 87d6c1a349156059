import JobModel

/// Adds up result files into a report, in memory that grows with two bytes a row of one file.
///
/// Within a file a row's last record counts. Rows belong together if their runs are of one job and, where a
/// schedule started them, of one occurrence: a resumed run goes on with the rows of the run before it, the next
/// occurrence has rows of its own.
package struct ReportBuilder {
    private static let incompleteLimit = 100

    private var report = Report()
    private var jobs: [String: Int] = [:]

    package init() {}

    /// Reads a file to its end; `-` is standard input.
    ///
    /// - Throws: if the file cannot be read. Torn and foreign lines are no errors: the report tells them.
    package mutating func add(_ reader: ResultReader) throws(ResultsError) {
        var tally = FileTally()
        let findings = try reader.read { record, _ in tally.add(record) }
        report.files.append(Report.File(path: reader.path, findings: findings))
        for (name, totals) in tally.finish() {
            if let known = jobs[name] {
                report.jobs[known].totals.merge(totals)
            } else {
                jobs[name] = report.jobs.count
                report.jobs.append(Report.Job(name: name, totals: totals))
            }
        }
        for run in tally.incompleteRuns(file: reader.path) where report.incomplete.count < Self.incompleteLimit {
            report.incomplete.append(run)
        }
    }

    /// What was added so far.
    package func build() -> Report {
        report
    }
}
