/// How an input's bytes are cut into rows.
package enum InputFormat: String, Sendable, Hashable, CaseIterable {
    /// Comma-separated values (RFC 4180).
    case csv
    /// Tab-separated values, quoted as in CSV: the form that spreadsheets and databases export.
    case tsv
    /// JSON Lines: one value of any kind a line.
    case jsonl
    /// One JSON text: an array's elements are the rows, any other value is one row.
    case json

    /// The format that a file's extension names, in any case, `.gz` left aside; nil if it names none.
    package init?(path: String) {
        var name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
        if name.hasSuffix(".gz") { name.removeLast(3) }
        guard let point = name.lastIndex(of: ".") else { return nil }
        switch name[name.index(after: point)...] {
        case "csv": self = .csv
        case "tsv", "tab": self = .tsv
        case "jsonl", "ndjson": self = .jsonl
        case "json": self = .json
        default: return nil
        }
    }
}
