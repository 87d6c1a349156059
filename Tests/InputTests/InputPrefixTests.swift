import JSONText
import JobModel
import Testing

@testable import Input

@Suite struct InputPrefixTests {
    /// Reads all rows of a text, as the earlier run did.
    private func prefixes(_ bytes: [UInt8], as format: InputFormat, _ options: InputOptions) throws -> [InputPrefix] {
        let reader = RowReader(
            source: ChunkedByteSource(bytes), name: "test",
            format: try RowReader.rowFormat(format, name: "test", options), limit: options.limit)
        var prefixes: [InputPrefix] = []
        while true {
            let batch = reader.next(limit: 1)
            prefixes.append(InputPrefix(bytes: batch.inputBytes, sha256: batch.inputSHA256))
            if batch.isLast { return prefixes }
        }
    }

    private func check(
        _ prefix: InputPrefix, _ bytes: [UInt8], as format: InputFormat, _ options: InputOptions = InputOptions(),
        block: Int = 4096
    ) throws -> InputError? {
        let rows = try RowReader.rowFormat(format, name: "test", options)
        do throws(InputError) {
            try prefix.check(ChunkedByteSource(bytes, chunk: block), as: rows, name: "test", blockSize: block)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            (.jsonl, "1\n2\n", "1\n2\n"),
            (.jsonl, "1\n2\n", "1\n2\n3\n"),
            (.jsonl, "1\n2\n", "1\n2\nnul"),
            (.jsonl, "1\n2", "1\n2"),
            (.jsonl, "1\n2", "1\n2\n3"),
            (.jsonl, "1\n2", "1\n2\r\n3"),
            (.jsonl, "1\n2", "1\n2\r"),
            (.jsonl, "1\n  ", "1\n  3\n"),
            (.jsonl, "1\n\n\n", "1\n\n\n2\n"),
            (.jsonl, "", "1\n"),
            (.jsonl, "", ""),
            (.jsonl, "\u{FEFF}", "\u{FEFF}1\n"),
            (.csv, "a\n1\n", "a\n1\n2\n"),
            (.csv, "a\n1", "a\n1\n2"),
            (.csv, "a\n1", "a\n1\r2"),
            (.csv, "a\n1\r", "a\n1\r\n2\n"),
            (.csv, "a\n\"1\"", "a\n\"1\"\n\"2\""),
            (.csv, "a\n\"x\ny\"\n", "a\n\"x\ny\"\nz\n"),
            (.csv, "a\n\"x\n", "a\n\"x\n"),
            (.csv, "\u{FEFF}\"a\nb\"\n1\n", "\u{FEFF}\"a\nb\"\n1\n2\n"),
            (.csv, "a,a\n1,2\n", "a,a\n1,2\n"),
            (.tsv, "a\n1", "a\n1\n2"),
            (.json, "[1,2]", "[1,2]"),
            (.json, "[1,2]", "[1,2] \n"),
            (.json, "[1,2]\n", "[1,2]\n\n"),
            (.json, "12", "12\n"),
            (.json, "[1]", "[1]x"),
            (.json, "[1", "[1"),
            (.json, "[1,2", "[1,2"),
            (.json, "[1,nul,3]", "[1,nul,3,4]"),
        ] as [(InputFormat, String, String)])
    func grownInputs(_ format: InputFormat, _ before: String, _ now: String) throws {
        let prefix = try #require(try prefixes(Array(before.utf8), as: format, InputOptions()).last)
        for block in [1, 2, 3, 4096] {
            #expect(try check(prefix, Array(now.utf8), as: format, block: block) == nil)
        }
    }

    @Test(
        arguments: [
            (.jsonl, "12\n34\n", "12\n35\n", "its first 6 bytes are not those of the run that is to be resumed"),
            (.jsonl, "12\n34\n", "12\n", "it has 3 bytes, fewer than the 6 read by the run that is to be resumed"),
            (.jsonl, "12\n", "", "it has 0 bytes"),
            (.jsonl, "12\n34", "12\n345", "its byte 5 is no longer the end of a row"),
            (.jsonl, "12\n34", "12\n34 ", "its byte 5 is no longer"),
            (.jsonl, "12\n34", "12\n34\r5\n", "its byte 5 is no longer"),
            (.jsonl, "\u{FEFF}1\n", "1\n1\n1\n", "its first 5 bytes"),
            (.csv, "a\n1", "a\n12\n", "its byte 3 is no longer"),
            (.csv, "a\n\"1\"", "a\n\"1\"\",2\"", "its byte 5 is no longer"),
            (.csv, "a\n\"x\n", "a\n\"x\ny\"\n", "its byte 5 is no longer"),
            (.csv, "a\n\"x\n", "a\n\"x\n\n", "its byte 5 is no longer"),
            (.csv, "a\nx\"y\n", "a\nx\"z\n", "its first 6 bytes"),
            (.json, "[1,2]", "[1,2,3]", "its first 5 bytes"),
            (.json, "12", "123", "its byte 2 is no longer"),
            (.json, "[1,2", "[1,23]", "its byte 4 is no longer"),
        ] as [(InputFormat, String, String, String)])
    func changedInputs(_ format: InputFormat, _ before: String, _ now: String, _ words: String) throws {
        let prefix = try #require(try prefixes(Array(before.utf8), as: format, InputOptions()).last)
        for block in [1, 2, 3, 4096] {
            let error = try #require(try check(prefix, Array(now.utf8), as: format, block: block))
            #expect(error.code == .changed)
            #expect(error.message.hasPrefix("test: the input has changed: " + words), "\(error.message)")
        }
    }

    /// Whatever a run had read when it stopped, its input is still the same; one changed byte makes it another one.
    @Test(arguments: SkippedRowsTests.documents) func everyBatch(_ format: InputFormat, _ text: String) throws {
        let bytes = Array(text.utf8)
        for hasHeader in [true, false] {
            let delimiter: String? = text.hasPrefix("a;b") ? ";" : nil
            let options = InputOptions(delimiter: delimiter, hasHeader: hasHeader, maximumRowBytes: 64)
            for prefix in try prefixes(bytes, as: format, options) {
                #expect(try check(prefix, bytes, as: format, options, block: 5) == nil, "\(prefix.bytes) bytes")
                guard prefix.bytes > 0 else { continue }
                for position in [0, Int(prefix.bytes) / 2, Int(prefix.bytes) - 1] {
                    var other = bytes
                    other[position] ^= 1
                    #expect(try check(prefix, other, as: format, options, block: 5)?.code == .changed)
                }
                let shorter = Array(bytes[..<(Int(prefix.bytes) - 1)])
                #expect(try check(prefix, shorter, as: format, options)?.code == .changed)
            }
        }
    }

    @Test(arguments: [Int64.min, -1, 3, Int64.max]) func countsThatCannotBe(_ bytes: Int64) throws {
        let prefix = InputPrefix(bytes: bytes, sha256: "")
        #expect(try check(prefix, Array("1\n".utf8), as: .jsonl)?.code == .changed)
    }

    @Test func aPipeIsNotWaitedForWithoutNeed() throws {
        let bytes = Array("1\n2\n3\n".utf8)
        let prefix = try #require(try prefixes(Array(bytes[..<4]), as: .jsonl, InputOptions()).last)
        let source = ChunkedByteSource(bytes)
        try prefix.check(source, as: LineRows(maximumRowBytes: 100), name: "test")
        #expect(source.reads == 1)
    }

    @Test func compressedInputsMayGrowByAMember() throws {
        let plain = Array(GzipTests.text.utf8)
        let prefix = try #require(try prefixes(plain, as: .jsonl, InputOptions()).last)
        func check(_ compressed: [UInt8]) -> InputError? {
            do throws(InputError) {
                let source = InflatingByteSource(
                    ChunkedByteSource(compressed, chunk: 100), name: "test.gz", mustBeCompressed: true)
                try prefix.check(source, as: LineRows(maximumRowBytes: 1000), name: "test.gz", blockSize: 64)
                return nil
            } catch {
                return error
            }
        }
        #expect(check(gzip(plain)) == nil)
        #expect(check(gzip(plain) + gzip(Array("1\n".utf8))) == nil)
        #expect(check(gzip(Array(plain[..<1000])) + gzip(Array(plain[1000...]))) == nil)
        #expect(check(gzip(Array(plain.dropLast())))?.code == .changed)
        #expect(check(Array(gzip(plain).prefix(300)))?.code == .compression, "unreadable, not changed")
    }

    @Test func inlineItems() throws {
        let reader = RowReader(items: [1, "a"])
        let batch = reader.next(limit: 1)
        let prefix = InputPrefix(bytes: batch.inputBytes, sha256: batch.inputSHA256)
        #expect(try RowReader(items: [1, "b"], beginningWith: prefix).next(limit: 5).upTo == 2)
        #expect(try RowReader(items: [1, "b"], limit: 1, beginningWith: prefix).next(limit: 5).upTo == 1)
        let error = #expect(throws: InputError.self) { try RowReader(items: [2, "a"], beginningWith: prefix) }
        #expect(error?.code == .changed)
    }
}
