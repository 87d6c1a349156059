package import JSONText
internal import JobModel
import Synchronization

/// The rows of an input, read as they are asked for: in memory are a block of bytes and the batch that is made.
///
/// ``next(limit:where:)`` is for one queue at a time, as it may wait for a pipe; the other members may be used
/// meanwhile.
package final class RowReader: Sendable {
    /// Size of the blocks in which input is read.
    static let defaultBlockSize = 256 << 10

    /// The file's size as it is stored; nil if that is not known beforehand (a pipe, inline items).
    package let totalBytes: Int64?
    private let counter: ByteCounter
    private let stream: Mutex<RowStream>

    init(
        source: sending any ByteSource, name: String, format: sending any RowFormat, limit: Int? = nil,
        blockSize: Int = defaultBlockSize, totalBytes: Int64? = nil, counter: ByteCounter = ByteCounter()
    ) {
        self.totalBytes = totalBytes
        self.counter = counter
        stream = Mutex(RowStream(source: source, name: name, format: format, limit: limit, blockSize: blockSize))
    }

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - path: `-` is standard input, JSON Lines unless the options say otherwise.
    ///   - name: what messages call it; the path, or `standard input`.
    ///   - prefix: the bytes with which it has to begin, and after which no row may have changed; compared before
    ///     this returns, for which they are read once more. Those of a pipe are kept meanwhile in a temporary file in
    ///     `$TMPDIR`, else `/tmp`.
    /// - Throws: ``InputError`` if it cannot be opened, its format is unknown, or it does not begin with the prefix.
    package static func open(
        path: String, name: String? = nil, options: InputOptions = InputOptions(),
        beginningWith prefix: InputPrefix? = nil
    ) throws(InputError) -> RowReader {
        let name = name ?? (path == "-" ? "standard input" : path)
        guard let format = options.format ?? (path == "-" ? .jsonl : InputFormat(path: path)) else {
            throw InputError(
                .unknownFormat,
                message: "cannot tell the format of \(name) by its name (.csv, .tsv, .jsonl, .ndjson, .json, each "
                    + "also with .gz): give it as csv, tsv, jsonl or json (--input-format, or format: in the job file)")
        }
        let rows = try rowFormat(format, name: name, options)
        let counter = ByteCounter()
        let file = try FileByteSource(path: path, name: name, counter: counter)
        let size = file.size
        let isNamedGzip = path.utf8.count > 3 && path.suffix(3).lowercased() == ".gz"
        var stored: any ByteSource = file
        if let prefix {
            let rewindable: any RewindableByteSource =
                file.isRegular ? file : try SpooledByteSource(file, name: name, counter: counter)
            let inflated = InflatingByteSource(rewindable, name: name, mustBeCompressed: isNamedGzip)
            try prefix.check(inflated, as: try rowFormat(format, name: name, options), name: name)
            try rewindable.rewind()
            stored = rewindable
        }
        return RowReader(
            source: InflatingByteSource(stored, name: name, mustBeCompressed: isNamedGzip), name: name, format: rows,
            limit: options.limit, totalBytes: size, counter: counter)
    }

    /// Inline items as rows, as ``init(items:limit:)`` has them, that have to begin with certain bytes.
    ///
    /// - Throws: ``InputError`` if they do not.
    package convenience init(
        items: [JSONValue], limit: Int? = nil, beginningWith prefix: InputPrefix
    ) throws(InputError) {
        try prefix.check(ItemByteSource(items), as: LineRows(maximumRowBytes: .max), name: "items")
        self.init(items: items, limit: limit)
    }

    /// Inline items as rows. Bytes and hash are those of their compact JSON, each followed by a line feed.
    package convenience init(items: [JSONValue], limit: Int? = nil) {
        self.init(
            source: ItemByteSource(items), name: "items", format: LineRows(maximumRowBytes: .max), limit: limit)
    }

    static func rowFormat(
        _ format: InputFormat, name: String, _ options: InputOptions
    ) throws(InputError) -> any RowFormat {
        switch format {
        case .csv, .tsv:
            DelimitedRows(
                name: name, delimiter: try options.delimiterByte(for: format), hasHeader: options.hasHeader,
                maximumRowBytes: options.maximumRowBytes)
        case .jsonl: LineRows(maximumRowBytes: options.maximumRowBytes)
        case .json: ElementRows(name: name, maximumRowBytes: options.maximumRowBytes)
        }
    }

    /// Reads up to `limit` further rows, fewer at the end of the input and where a pipe holds no more at the moment.
    ///
    /// Waits for at least one row. After a batch that ``RowBatch/isLast`` all are empty and last.
    package func next(limit: Int) -> RowBatch {
        stream.withLock { $0.next(limit: limit) }
    }

    /// Reads up to `limit` further rows that are wanted, and passes over the others much faster than it reads.
    ///
    /// The batch reaches over rows that were passed over, too: they have numbers, bytes and hash as if they had been
    /// read. It may be empty although others follow: where a pipe holds no more at the moment, and after 65,536 rows
    /// or 64 MiB that were passed over.
    ///
    /// - Parameter isWanted: by the row's number from 0; may be asked twice about the same row.
    package func next(limit: Int, where isWanted: @Sendable (Int) -> Bool) -> RowBatch {
        stream.withLock { $0.next(limit: limit, where: isWanted) }
    }

    /// Bytes read from the file so far, as they are stored there: ahead of the rows by up to a block.
    package var rawBytesRead: Int64 {
        counter.bytes.load(ordering: .relaxed)
    }
}
