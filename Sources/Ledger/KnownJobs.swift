internal import GRDB
internal import JobModel

/// The row ids of jobs by name, which never change.
struct KnownJobs: Sendable {
    struct Job: Sendable {
        let id: Int64
        /// The job file that this process, or else the last one, registered it with.
        var file: Int64?
    }

    private var jobs: [String: Job] = [:]

    subscript(name: String) -> Job? {
        get { jobs[name] }
        set { jobs[name] = newValue }
    }

    /// A job's row; nil if it was never registered.
    mutating func find(_ name: String, in db: Database) throws -> Job? {
        if let known = jobs[name] { return known }
        guard let row = try db.row("SELECT id, file FROM job WHERE name = ?", [name]) else { return nil }
        let job = Job(id: row[0], file: row[1])
        jobs[name] = job
        return job
    }
}
