package import JSONText
package import JobModel
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

    package var source: Source
    /// As the job file says; nil if the file's name tells.
    package var format: InputFormat?
    /// One ASCII character between the cells of CSV and TSV; nil is the format's own.
    package var delimiter: String?
    /// Whether the first line of CSV and TSV names the columns; else they are `c1`, `c2` and so on.
    package var hasHeader: Bool
    /// Labels a row; nil is its index.
    package var key: TextTemplate?

    /// There is one row, `{}`.
    package var isAbsent: Bool {
        if case .none = source { true } else { false }
    }

    package init(
        source: Source = .none, format: InputFormat? = nil, delimiter: String? = nil, hasHeader: Bool = true,
        key: TextTemplate? = nil
    ) {
        self.source = source
        self.format = format
        self.delimiter = delimiter
        self.hasHeader = hasHeader
        self.key = key
    }
}
