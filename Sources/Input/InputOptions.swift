package import JobModel

/// How an input is read.
///
/// CSV is read as RFC 4180 describes it, and beyond that: lines end with CR LF, LF or CR; a byte order mark and empty
/// lines are skipped; a quote inside a cell that does not begin with one is an ordinary character; spaces belong to
/// cells. TSV differs in its delimiter only. All text is UTF-8.
package struct InputOptions: Sendable, Hashable {
    /// Nil: by the file's extension; JSON Lines for standard input.
    package var format: InputFormat?
    /// One ASCII character between the cells of CSV and TSV, or `\t`; nil is the comma or the tab. Other formats
    /// have no use for it.
    package var delimiter: String?
    /// Whether the first line of CSV and TSV names the columns; otherwise they are `c1`, `c2`, …, as are columns
    /// whose name is empty.
    package var hasHeader: Bool
    /// Only so many rows are read; nil is all.
    package var limit: Int?
    /// A longer row is a bad row. What is held in memory is bounded by about twice that.
    package var maximumRowBytes: Int

    package init(
        format: InputFormat? = nil, delimiter: String? = nil, hasHeader: Bool = true, limit: Int? = nil,
        maximumRowBytes: Int = 16 << 20
    ) {
        self.format = format
        self.delimiter = delimiter
        self.hasHeader = hasHeader
        self.limit = limit
        self.maximumRowBytes = maximumRowBytes
    }

    /// The delimiter's byte.
    ///
    /// - Throws: ``InputError`` if it is not one ASCII character, or one that has a meaning of its own.
    func delimiterByte(for format: InputFormat) throws(InputError) -> UInt8 {
        guard let delimiter else { return UInt8(ascii: format == .tsv ? "\t" : ",") }
        if delimiter == "\\t" { return UInt8(ascii: "\t") }
        let reserved: [UInt8] = [0, UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        guard delimiter.utf8.count == 1, let byte = delimiter.utf8.first, !reserved.contains(byte) else {
            throw InputError(
                .invalidDelimiter,
                message: "the delimiter must be one ASCII character other than a quote or a line end, such as ';'")
        }
        return byte
    }
}
