import JobModel

/// Adds up result files into a report, in memory that grows with three bytes a row of one file, and over all files a
/// bit for each row and eight bytes for each that did not succeed.
///
/// Within a file a row's last record counts. Rows belong together if their runs are of one job and, where a
/// schedule started them, of one occurrence: a resumed run goes on with the rows of the run before it, the next
/// occurrence has rows of its own. Among files the rows of a job add up, but for files that hold nothing but redrives:
/// their rows replace the others'.
package struct ReportBuilder {
    private static let incompleteLimit = 100

    private var report = Report()
    private var jobs: [JobTally] = []
    private var jobOfName: [String: Int] = [:]
    private let inputRows: Int?

    /// - Parameter inputRows: of the input that the files are of: rows without a record are named.
    package init(inputRows: Int? = nil) {
        self.inputRows = inputRows
    }

    /// Reads a file to its end; `-` is standard input.
    ///
    /// - Throws: if the file cannot be read. Torn and foreign lines are no errors: the report tells them.
    package mutating func add(_ reader: ResultReader) throws(ResultsError) {
        var tally = FileTally(file: reader.path)
        let findings = try reader.read { record, _ in tally.add(record) }
        report.files.append(Report.File(path: reader.path, findings: findings))
        report.doubts += tally.finish { name, add in
            let known = jobOfName[name] ?? jobs.count
            if known == jobs.count {
                jobs.append(JobTally(name: name))
                jobOfName[name] = known
            }
            add(&jobs[known])
        }
        for run in tally.incompleteRuns() where report.incomplete.count < Self.incompleteLimit {
            report.incomplete.append(run)
        }
    }

    /// What was added so far.
    package func build() -> Report {
        var report = report
        for tally in jobs {
            let (job, doubts) = tally.finish(inputRows: inputRows)
            report.jobs.append(job)
            report.doubts += doubts
        }
        return report
    }
}
