package import JobModel

/// What one or several result files say; several count as shards or occurrences and are added
/// up; a redrive replaces the rows that it is of.
package struct Report: Sendable {
    /// A run that did not go through its whole input.
    package struct IncompleteRun: Sendable, Equatable {
        package enum Reason: String, Sendable {
            /// It crashed, or is still going.
            case noSummary
            /// Its summary says `"complete":false`.
            case stopped
        }

        package var file: String
        package var runID: String
        package var job: String
        package var reason: Reason
        /// A later run of the file went through the same rows to the end.
        package var isResumed: Bool
        /// The part of the input that it took; nil is all.
        package var shard: Shard?
    }

    package struct File: Sendable {
        package var path: String
        package var findings: ResultReader.Findings
    }

    package struct Job: Sendable {
        package var name: String
        package var totals: ReportTotals
        /// Shards of which no file was given; of more than 1000 shards only those among the first.
        package var absentShards: [Shard] = []
        /// Nil if the number of the input's rows was not given.
        package var input: InputCheck?
    }

    /// Rows of a job that a file announced and has no record of that stands: they may have been sent.
    package struct Doubt: Sendable, Equatable {
        package var file: String
        package var job: String
        package var rows: Int
    }

    /// In the order in which they were given.
    package var files: [File] = []
    /// In the order in which the files name them.
    package var jobs: [Job] = []
    /// The first of them; ``ReportTotals/incompleteRuns`` counts all.
    package var incomplete: [IncompleteRun] = []

    package var doubts: [Doubt] = []

    package init() {}

    /// All jobs together.
    package var total: ReportTotals {
        jobs.reduce(into: ReportTotals()) { $0.merge($1.totals) }
    }
}
