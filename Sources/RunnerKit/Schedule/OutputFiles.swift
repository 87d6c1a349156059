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

    /// Whoever opens a file holds the turn of its path.
    private final class Turn: Sendable {
        let lock = Mutex(())
    }

    private let table = Mutex(Table())
    /// New files wait for the disk: several at once wait no longer than one.
    private let turns = (0..<8).map { _ in Turn() }

    /// Opens a file to append to, or takes part in it if it is open; each part is closed for itself.
    func open(_ path: String) throws(ResultsError) -> ResultFile {
        guard !FileIdentity.isPipe(path) else {
            throw ResultsError(.notWritable, "\(path): is a pipe; a scheduled run would wait for its reader for ever")
        }
        do throws(ResultsError) {
            return try turn(of: path).lock.withLock { _ throws(ResultsError) in try openAlone(path) }
        } catch {
            guard error.code == .locked else { throw error }
            // It may be open, or being opened, by another of its paths.
            return try openAlone(path, taking: turns[...])
        }
    }

    /// While nobody else opens the path.
    private func openAlone(_ path: String) throws(ResultsError) -> ResultFile {
        if let known = openFile(path) { return known }
        let file = try ResultFile.open(path, existing: .append)
        guard file.isRegular, !file.isStandardOutput, let identity = FileIdentity(path) else { return file }
        table.withLock { table in
            table.files[identity] = file
            if table.files.count > table.limit {
                table.files = table.files.filter { $0.value.isOpen }
                table.limit = 2 * table.files.count + 64
            }
        }
        return file
    }

    private func openFile(_ path: String) -> ResultFile? {
        guard let identity = FileIdentity(path), let known = table.withLock({ $0.files[identity] }) else { return nil }
        return known.share() ? known : nil
    }

    private func turn(of path: String) -> Turn {
        turns[Int(UInt(bitPattern: path.hashValue) % UInt(turns.count))]
    }

    /// While nobody else opens any path: the turns are always taken in the same order, so that nobody waits for each
    /// other.
    private func openAlone(_ path: String, taking turns: ArraySlice<Turn>) throws(ResultsError) -> ResultFile {
        guard let first = turns.first else { return try openAlone(path) }
        return try first.lock.withLock { _ throws(ResultsError) in
            try openAlone(path, taking: turns.dropFirst())
        }
    }
}
