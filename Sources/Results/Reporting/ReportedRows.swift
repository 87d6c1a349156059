import JobModel

/// The rows of one group of runs of one file, as far as a report of several files needs to know them one by one.
struct ReportedRows: Sendable {
    var file: String
    /// Of the group's first run.
    var startedAt: Timestamp?
    /// By index. Of redrives all rows; else only those that did not succeed, which a redrive may replace.
    var rows: [ReportedRow] = []
    /// Runs of all rows announced these, redrives those.
    var announced: @Sendable (_ index: Int) -> Bool = { _ in false }

    /// The position of a row; nil if it is not among them.
    func position(of index: Int) -> Int? {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].index < index { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low].index == index ? low : nil
    }
}
