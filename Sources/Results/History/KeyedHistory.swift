package import JobModel

/// The recorded rows of a result file by their keys: for a run whose input or job has changed since, and that is to go
/// on all the same.
///
/// A row is found by its key and its ordinal among the rows with an equal key, in the order of their indices. Memory:
/// 24 bytes a row, and one byte while the file is read.
package struct KeyedHistory: Sendable {
    private struct Entry: Sendable {
        var hash: KeyHash
        /// The row's index shifted by one, and whether the row was handed out.
        var row: UInt64

        var index: Int { Int(row >> 1) }
        var isTaken: Bool { row & 1 != 0 }
    }

    /// What the rows were before the change.
    package let history: ResultHistory
    /// By hash, then by index.
    private var entries: [Entry] = []
    /// Reads the keys of the rows that `history` has records of.
    ///
    /// - Parameter reader: of the file that `history` is of.
    /// - Throws: if the file cannot be read.
    package init(_ reader: ResultReader, _ history: ResultHistory) throws(ResultsError) {
        self.history = history
        var entries: [Entry] = []
        var runs = RunFilter(history.runIDs)
        var seen = PagedRows<UInt8>()
        _ = try reader.read { record, _ in
            guard record.kind == .invocation || record.kind == .carried, let index = record.integer(.index),
                runs.contains(record.json(.runID)), seen[index] == 0, history.generation.lastRecord(of: index) != nil
            else { return }
            seen[index] = 1
            entries.append(Entry(hash: KeyHash(record.text(.key) ?? "\(index)"), row: UInt64(index) << 1))
        }
        entries.sort { ($0.hash, $0.row) < ($1.hash, $1.row) }
        self.entries = entries
    }

    /// Rows with a record.
    package var count: Int { entries.count }

    /// Rows in doubt that have no record, and so no key by which they could be found: what they did is lost by
    /// accepting changes.
    package var doubtsWithoutKey: Int {
        var recorded = 0
        history.generation.visit { _, _, isInDoubt in
            if isInDoubt { recorded += 1 }
        }
        return history.inDoubt - recorded
    }

    /// The rows that were not handed out, by what their last record says.
    package var left: RunCounts {
        var left = RunCounts()
        for entry in entries where !entry.isTaken {
            guard let outcome = history.state(of: entry.index).carriedOutcome else { continue }
            left.rows += 1
            left[outcome] += 1
        }
        return left
    }

    /// The next row with this key that was not handed out yet.
    ///
    /// - Parameters:
    ///   - key: nil is the index.
    ///   - index: the row's number in the changed input; rows must be asked for in ascending order.
    /// - Returns: the row's earlier number and what is known of it; nil if there is none.
    package mutating func take(key: String?, index: Int) -> (index: Int, state: RowState)? {
        let hash = KeyHash(key ?? "\(index)")
        // Those handed out stand first among the equal ones.
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            let entry = entries[middle]
            if entry.hash < hash || (entry.hash == hash && entry.isTaken) { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].hash == hash else { return nil }
        entries[low].row |= 1
        return (entries[low].index, history.state(of: entries[low].index))
    }
}
