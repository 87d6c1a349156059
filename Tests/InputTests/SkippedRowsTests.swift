import Digest
import JobModel
import TestSupport
import Testing

@testable import Input

/// Passing over rows must leave everything else as it is.
@Suite struct SkippedRowsTests {
    /// Where a batch ended, and what it said about its end.
    private struct End: Hashable {
        var upTo: Int
        var isLast: Bool
        var bytes: Int64
        var sha256: String
        var failure: String?

        init(_ batch: RowBatch) {
            (upTo, isLast, bytes) = (batch.upTo, batch.isLast, batch.inputBytes)
            (sha256, failure) = (batch.inputSHA256, batch.failure)
        }
    }

    private struct Result: Equatable {
        var rows: [Int: String] = [:]
        var ends: Set<End> = []
        var last: End?
        /// A batch that was not what was asked for, or a reader that does not end.
        var problem: String?
    }

    private func read(
        _ bytes: [UInt8], as format: InputFormat, _ options: InputOptions, block: Int = 4096, chunk: Int = .max,
        pauseAfter: Int = .max, batch: Int = 1, where isWanted: @Sendable (Int) -> Bool = { _ in true }
    ) throws -> Result {
        let reader = RowReader(
            source: ChunkedByteSource(bytes, chunk: chunk, pauseAfter: pauseAfter), name: "test",
            format: try RowReader.rowFormat(format, name: "test", options), limit: options.limit, blockSize: block)
        var result = Result()
        for _ in 0...(2 * bytes.count + 2) {
            let next = reader.next(limit: batch, where: isWanted)
            for row in next.rows {
                if !isWanted(row.index) { result.problem = "row \(row.index) was not wanted" }
                switch row.content {
                case .value(let value): result.rows[row.index] = "\(row.line) \(value)"
                case .bad(let error): result.rows[row.index] = "\(row.line) !\(error.message)"
                }
            }
            if SHA256.hexadecimal(of: Array(bytes.prefix(Int(next.inputBytes)))) != next.inputSHA256 {
                result.problem = "the hash is not that of the first \(next.inputBytes) bytes"
            }
            if next.rows.count > batch { result.problem = "\(next.rows.count) rows instead of \(batch)" }
            let end = End(next)
            if next.isLast {
                result.last = end
                return result
            }
            result.ends.insert(end)
        }
        result.problem = "the reader does not end"
        return result
    }

    private func compare(
        _ bytes: [UInt8], as format: InputFormat, _ options: InputOptions, blocks: some Sequence<Int>,
        random: inout SeededGenerator
    ) throws {
        let whole = try read(bytes, as: format, options)
        #expect(whole.problem == nil)
        let rows = whole.rows.count
        let some = Set((0..<rows + 1).filter { _ in Bool.random(using: &random) })
        let subsets: [@Sendable (Int) -> Bool] = [
            { _ in false }, { $0 % 2 == 0 }, { $0 % 3 == 2 }, { $0 == rows - 1 }, { some.contains($0) },
        ]
        for block in blocks {
            for (number, isWanted) in subsets.enumerated() {
                let chunk = Int.random(in: 1...block, using: &random)
                let pauseAfter = number.isMultiple(of: 2) ? Int.max : 1
                let batch = Int.random(in: 1...3, using: &random)
                let result = try read(
                    bytes, as: format, options, block: block, chunk: chunk, pauseAfter: pauseAfter, batch: batch,
                    where: isWanted)
                let place: Comment = "\(format), block \(block), chunk \(chunk), subset \(number)"
                #expect(result.problem == nil, place)
                #expect(result.rows == whole.rows.filter { isWanted($0.key) }, place)
                #expect(result.last == whole.last, place)
                // A pause may come behind blank lines, which belong to no row.
                if pauseAfter == .max { #expect(result.ends.isSubset(of: whole.ends), place) }
            }
        }
    }

    static let documents: [(InputFormat, String)] =
        BlockBoundaryTests.documents + [
            (.csv, "a,b\n1,2\n\n\r\n\"x\r\ny\",\"\"\"\"\n5\" disc,\"x\"\n1\n\"1\"x,2\n3,4"),
            (.csv, "a\r1\r\r2\r\"\n\"\r3"),
            (.csv, "a\n1\r\n2\r3\n\r\n4\n"),
            (.csv, "a,a\n1,2\n"),
            (.csv, "1,2\n\"3\n"),
            (.tsv, "a\tb\r\n1\t2\r\n\r\n\"3\t\r\n\"\t4\r\n5\t6\r\n"),
            (.jsonl, "1\n2\n\n \t\r\n{\"a\":\"\u{E9}\"}\nnul\n\r\n\u{FEFF}3\n[4"),
            (.jsonl, "\n\n\n"),
            (.json, "[{\"a\":[1,{\"b\":\"]\\\"\"}]},\n\n\"\\ud800\",3]"),
            (.json, "[1,\n[\"\(String(repeating: "\\\\", count: 40))\"],2,\n3]"),
            (.json, "[1,,2]"), (.json, "[1,2,]"), (.json, "[1] 2"), (.json, "[]"), (.json, "{\"a\":1}\n{\"a\":2}"),
        ]

    @Test(arguments: documents) func fixedDocuments(_ format: InputFormat, _ text: String) throws {
        var random = SeededGenerator(seed: 1)
        for hasHeader in [true, false] {
            for limit in [nil, 2] {
                let delimiter: String? = text.hasPrefix("a;b") ? ";" : nil
                let options = InputOptions(
                    delimiter: delimiter, hasHeader: hasHeader, limit: limit, maximumRowBytes: 64)
                try compare(
                    Array(text.utf8), as: format, options, blocks: [1, 2, 3, 4, 5, 7, 11, 16, 31, 64, 300],
                    random: &random)
            }
        }
    }

    @Test(arguments: 0..<24) func randomDocuments(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "\"", "\"\"", ",", ",", "\n", "\n", "\n", "\r\n", "\r", "x", "ü", "{", "}", "[", "]", ":", "1", "\\", " ",
            "null", "\t", "\n\n", "{\"a\":1}", "\"b\"", String(repeating: "y", count: 50),
        ]
        // Some have no lone returns, which end the fast path; others no quotes.
        let without: [String] = [[], ["\r"], ["\r", "\""], ["\""]][Int(seed % 4)]
        let usable = pieces.filter { !without.contains($0) }
        for format in InputFormat.allCases {
            var text = format == .json ? "[" : ""
            for _ in 0..<Int.random(in: 1...150, using: &random) { text += usable.randomElement(using: &random) ?? "" }
            let options = InputOptions(
                hasHeader: Bool.random(using: &random), limit: Bool.random(using: &random) ? nil : 5,
                maximumRowBytes: 50)
            let blocks = (0..<8).map { _ in Int.random(in: 1...60, using: &random) }
            try compare(Array(text.utf8), as: format, options, blocks: blocks, random: &random)
        }
    }

    @Test(arguments: 0..<8) func garbage(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bytes = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &random) }
        for format in InputFormat.allCases {
            try compare(bytes, as: format, InputOptions(), blocks: [1, 13, 400], random: &random)
        }
    }

    @Test func aCallPassesOverSoManyRowsOnly() {
        let bytes = [UInt8](repeating: UInt8(ascii: "1"), count: 140_000).enumerated().map {
            $0.offset % 2 == 0 ? $0.element : UInt8(ascii: "\n")
        }
        let reader = RowReader(
            source: ChunkedByteSource(bytes), name: "test", format: LineRows(maximumRowBytes: 100), blockSize: 4096)
        let first = reader.next(limit: 10) { $0 == 69_999 }
        #expect(first.rows.isEmpty && !first.isLast)
        #expect(first.upTo == 65_536)
        #expect(first.inputBytes == 131_072)
        #expect(first.inputSHA256 == SHA256.hexadecimal(of: Array(bytes[..<131_072])))
        let second = reader.next(limit: 10) { $0 == 69_999 }
        #expect(second.rows.map(\.index) == [69_999])
        #expect(second.rows.map(\.line) == [70_000])
        #expect(second.isLast)
    }

    @Test func aCallPassesOverSoManyBytesOnly() {
        var row = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        row[row.count - 1] = UInt8(ascii: "\n")
        let reader = RowReader(
            source: RepeatingByteSource(row), name: "test", format: LineRows(maximumRowBytes: 2 << 20),
            blockSize: 1 << 20)
        let batch = reader.next(limit: 1) { _ in false }
        #expect(batch.upTo == 64)
        #expect(!batch.isLast)
    }

    @Test func rowsOfAPipeThatWerePassedOverAreReported() {
        let reader = RowReader(
            source: ChunkedByteSource(Array("1\n2\n3\n4\n".utf8), chunk: 4, pauseAfter: 1), name: "test",
            format: LineRows(maximumRowBytes: 100), blockSize: 4)
        let batch = reader.next(limit: 10) { _ in false }
        #expect(batch.rows.isEmpty && !batch.isLast)
        #expect(batch.upTo == 2)
        #expect(batch.inputBytes == 4)
    }

    @Test func theLimitCountsRowsThatArePassedOver() {
        let reader = RowReader(
            source: ChunkedByteSource(Array("1\n2\n3\n4\n".utf8)), name: "test",
            format: LineRows(maximumRowBytes: 100), limit: 3)
        let batch = reader.next(limit: 10) { $0 >= 2 }
        #expect(batch.rows.map(\.index) == [2])
        #expect(batch.isLast && batch.upTo == 3)
    }
}

/// The same bytes again and again, without an end.
private final class RepeatingByteSource: ByteSource {
    private let bytes: [UInt8]
    private var rest: ArraySlice<UInt8> = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    let isReady = true

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
        if rest.isEmpty { rest = bytes[...] }
        let piece = rest.prefix(buffer.count)
        buffer.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        return piece.count
    }
}
