package import JSONText
package import Templating

/// Where a job's rows come from and how they are read.
package struct JobInput: Sendable {
    package enum Source: Sendable {
        /// One row, `{}`.
        case none
        /// Inline rows.
        case items([JSONValue])
        /// A file; `written` is the path in the job file, `path` the one to open.
        case file(written: String, path: String)
    }

    package enum Format: String, Sendable, Hashable, CaseIterable {
        case csv, tsv, jsonl, json

        /// The format that a file's name tells by its extension, after `.gz`; nil if it tells nothing.
        package init?(fileName: String) {
            var name = fileName.lowercased()[...]
            if name.hasSuffix(".gz") { name = name.dropLast(3) }
            guard let dot = name.lastIndex(of: "."), !name[dot...].contains("/") else { return nil }
            switch name[name.index(after: dot)...] {
            case "csv": self = .csv
            case "tsv": self = .tsv
            case "jsonl", "ndjson": self = .jsonl
            case "json": self = .json
            default: return nil
            }
        }
    }

    package var source: Source
    /// As the job file says; nil if the file's name tells.
    package var format: Format?
    /// One ASCII character between the cells of CSV and TSV; nil is the format's own.
    package var delimiter: String?
    /// Whether the first line of CSV and TSV names the columns; else they are `c1`, `c2` and so on.
    package var hasHeader: Bool
    /// Labels a row; nil is its index.
    package var key: TextTemplate?

    package init(
        source: Source = .none, format: Format? = nil, delimiter: String? = nil, hasHeader: Bool = true,
        key: TextTemplate? = nil
    ) {
        self.source = source
        self.format = format
        self.delimiter = delimiter
        self.hasHeader = hasHeader
        self.key = key
    }
}
