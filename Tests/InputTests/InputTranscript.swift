import Digest
import JSONText
import JobModel

@testable import Input

/// Bytes in memory, handed out in pieces.
final class ChunkedByteSource: ByteSource {
    private var rest: ArraySlice<UInt8>
    private let chunk: Int
    /// What ``isReady`` says from which number of reads on.
    private let pauseAfter: Int
    private(set) var reads = 0

    init(_ bytes: [UInt8], chunk: Int = .max, pauseAfter: Int = .max) {
        rest = bytes[...]
        self.chunk = chunk
        self.pauseAfter = pauseAfter
    }

    var isReady: Bool { reads < pauseAfter }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        reads += 1
        let piece = rest.prefix(min(chunk, buffer.count))
        buffer.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        return piece.count
    }
}

/// All that was read from an input, in a form that tests can compare.
struct InputTranscript: Equatable {
    /// For each row its number, line, and compact JSON or, after `!`, what is wrong.
    var rows: [String] = []
    /// For each batch how far it reaches.
    var ends: [Int64] = []
    var failure: String?
    /// Whether the hash of each batch was that of its bytes.
    var hashesAreRight = true

    /// What stands in the rows, without their numbers and lines.
    var contents: [String] { rows.map { $0.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "" } }

    init(reading reader: RowReader, batch: Int = 1000, of bytes: [UInt8]) {
        while true {
            let next = reader.next(limit: batch)
            for row in next.rows {
                switch row.content {
                case .value(let value): rows.append("\(row.index)@\(row.line) \(value)")
                case .bad(let error): rows.append("\(row.index)@\(row.line) !\(error.errorClass): \(error.message)")
                }
            }
            ends.append(next.inputBytes)
            let covered = Array(bytes.prefix(Int(next.inputBytes)))
            hashesAreRight =
                hashesAreRight && covered.count == next.inputBytes
                && SHA256.hexadecimal(of: covered) == next.inputSHA256 && next.upTo == rows.count
            failure = next.failure
            if next.isLast { return }
            // A reader that gives nothing and does not end would loop for ever.
            guard !next.rows.isEmpty else {
                failure = "an empty batch that is not the last"
                return
            }
        }
    }

    init(
        _ bytes: [UInt8], as format: InputFormat, options: InputOptions = InputOptions(), block: Int = 4096,
        chunk: Int = .max, batch: Int = 1000
    ) throws {
        let reader = RowReader(
            source: ChunkedByteSource(bytes, chunk: chunk), name: "test",
            format: try RowReader.rowFormat(format, name: "test", options), limit: options.limit, blockSize: block)
        self.init(reading: reader, batch: batch, of: bytes)
    }

    init(_ text: String, as format: InputFormat, options: InputOptions = InputOptions()) throws {
        try self.init(Array(text.utf8), as: format, options: options)
    }
}
