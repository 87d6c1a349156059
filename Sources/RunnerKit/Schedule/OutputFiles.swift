internal import Results
internal import Synchronization

/// The result files of a scheduler: runs that overlap, or jobs with one output, append to the same open file.
///
/// The lock on a file (flock(2)) keeps other processes out, and would keep out a second opening by this one, too.
final class OutputFiles: Sendable {
    private struct Table {
        var files: [FileIdentity: ResultFile] = [:]
        /// How many files there may be before those that are closed are looked for.
        var limit = 64
    }

    private let table = Mutex(Table())

    /// Opens a file to append to, or takes part in it if it is open; each part is closed for itself.
    func open(_ path: String) throws(ResultsError) -> ResultFile {
        // Nothing else opens or closes meanwhile what is looked for.
        try table.withLock { table throws(ResultsError) in
            if let known = FileIdentity(path).flatMap({ table.files[$0] }), known.share() { return known }
            let file = try ResultFile.open(path, existing: .append)
            guard file.isRegular, !file.isStandardOutput, let identity = FileIdentity(path) else { return file }
            table.files[identity] = file
            if table.files.count > table.limit {
                table.files = table.files.filter { $0.value.isOpen }
                table.limit = 2 * table.files.count + 64
            }
            return file
        }
    }
}
