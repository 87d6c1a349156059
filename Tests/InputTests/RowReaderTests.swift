import Digest
import Glibc
import JSONText
import JobModel
import TestSupport
import Testing

@testable import Input

@Suite struct RowReaderTests {
    @Test(
        arguments: [
            ("a.csv", InputFormat.csv), ("a.TSV", .tsv), ("dir.json/a.jsonl", .jsonl), ("a.ndjson", .jsonl),
            ("/x/a.json", .json), ("a.csv.gz", .csv), ("a.b.JSONL.GZ", .jsonl), ("a.gz", nil), ("a", nil),
            ("a.csv/b", nil), ("csv", nil), ("", nil), ("a.xlsx", nil), ("a.csv.zip", nil), (".csv", .csv),
        ] as [(String, InputFormat?)])
    func formatByName(_ path: String, _ format: InputFormat?) {
        #expect(InputFormat(path: path) == format)
    }

    @Test func readsAFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("rows.csv", "id,name\n1,Ann\n2,Bob\n".utf8)
        let reader = try RowReader.open(path: path)
        #expect(reader.totalBytes == 20)
        #expect(reader.rawBytesRead == 0)
        let batch = reader.next(limit: 1)
        #expect(batch.rows.map(\.index) == [0])
        #expect(batch.upTo == 1)
        #expect(batch.inputBytes == 14)
        #expect(!batch.isLast)
        #expect(reader.rawBytesRead == 20)
        let rest = reader.next(limit: 10)
        #expect(rest.rows.map(\.line) == [3])
        #expect(rest.isLast)
        let after = reader.next(limit: 10)
        #expect(after.rows.isEmpty && after.isLast && after.upTo == 2)
        #expect(after.inputSHA256 == SHA256.hexadecimal(of: Array("id,name\n1,Ann\n2,Bob\n".utf8)))
    }

    @Test func explicitFormatBeatsTheName() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("rows.csv", "{\"a\":1}\n".utf8)
        let reader = try RowReader.open(path: path, options: InputOptions(format: .jsonl))
        #expect(InputTranscript(reading: reader, of: Array("{\"a\":1}\n".utf8)).rows == [#"0@1 {"a":1}"#])
    }

    @Test(arguments: ["rows.jsonl", "rows.jsonl.gz"]) func compressedFiles(_ name: String) throws {
        let folder = try TemporaryFolder()
        let plain = Array("1\n2\n3\n".utf8)
        let path = try folder.write(name, gzip(plain))
        let reader = try RowReader.open(path: path)
        let transcript = InputTranscript(reading: reader, of: plain)
        #expect(transcript.contents == ["1", "2", "3"])
        #expect(transcript.hashesAreRight)
        #expect(reader.rawBytesRead == reader.totalBytes)
    }

    @Test func namesThatCannotBeOpened() throws {
        let folder = try TemporaryFolder()
        try folder.write("folder.csv/x", "".utf8)
        try folder.write("plain.csv", "".utf8)
        let cases: [(String, InputError.Code, String)] = [
            ("missing.csv", .notFound, "no such file"), ("folder.csv", .isDirectory, "directory"),
            ("plain.csv/x.csv", .notFound, "no such file"), ("rows.dat", .unknownFormat, "csv, tsv, jsonl or json"),
        ]
        for (name, code, words) in cases {
            let path = "\(folder.path)/\(name)"
            let error = #expect(throws: InputError.self) { try RowReader.open(path: path) }
            #expect(error?.code == code)
            #expect(error?.message.contains(path) == true)
            #expect(error?.message.contains(words) == true)
        }
    }

    @Test func aGivenNameIsUsedInMessages() {
        let error = #expect(throws: InputError.self) {
            try RowReader.open(path: "/nonexistent/rows.csv", name: "customers.csv")
        }
        #expect(error?.message == "cannot read customers.csv: there is no such file")
    }

    @Test func aPipeHandsOverWhatItHolds() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/pipe.jsonl"
        try #require(mkfifo(path, 0o600) == 0)
        // Open for both, so that neither opening nor reading waits for a partner.
        let descriptor = Glibc.open(path, O_RDWR)
        defer { close(descriptor) }
        let reader = try RowReader.open(path: path)
        #expect(reader.totalBytes == nil)
        try #require(write(descriptor, "1\n2\n[", 5) == 5)
        let first = reader.next(limit: 100)
        #expect(first.upTo == 2)
        #expect(first.inputBytes == 4)
        #expect(!first.isLast)
        try #require(write(descriptor, "3]\n", 3) == 3)
        #expect(reader.next(limit: 100).upTo == 3)
    }

    @Test func pausesLoseNothing() throws {
        let text = "a,b\n1,\"x\ny\"\n2,3\r\n4,5"
        let whole = try InputTranscript(text, as: .csv)
        for chunk in 1...text.utf8.count {
            let format = try RowReader.rowFormat(.csv, name: "test", InputOptions())
            let reader = RowReader(
                source: ChunkedByteSource(Array(text.utf8), chunk: chunk, pauseAfter: 1), name: "test", format: format,
                blockSize: 8)
            let transcript = InputTranscript(reading: reader, of: Array(text.utf8))
            #expect(transcript.rows == whole.rows, "chunk \(chunk)")
            #expect(transcript.hashesAreRight)
        }
    }

    @Test(arguments: [(0, 0), (1, 1), (2, 2), (3, 3), (4, 3), (Int.max, 3)])
    func onlySoManyRowsAreRead(_ limit: Int, _ rows: Int) throws {
        let bytes = Array("1\n2\n3\n".utf8)
        for batch in [1, 2, 3, 10] {
            let transcript = try InputTranscript(bytes, as: .jsonl, options: InputOptions(limit: limit), batch: batch)
            #expect(transcript.contents == ["1", "2", "3"].prefix(rows).map { $0 })
            #expect(transcript.ends.last == Int64(2 * rows))
            #expect(transcript.hashesAreRight)
            #expect(transcript.failure == nil)
        }
    }

    @Test func theLimitEndsTheInputAtOnce() throws {
        let source = ChunkedByteSource(Array("1\n2\nthe rest is not read".utf8), chunk: 4)
        var stream = RowStream(
            source: source, name: "test", format: LineRows(maximumRowBytes: 100), limit: 2, blockSize: 4)
        #expect(stream.next(limit: 2).isLast)
        #expect(source.reads == 1)
    }

    @Test func inlineItems() throws {
        let number = JSONValue.number(JSONNumber(validText: "1.10"))
        let items: [JSONValue] = [.object(JSONObject([(key: "a", value: number)])), .string("x\n")]
        let bytes = Array("{\"a\":1.10}\n\"x\\n\"\n".utf8)
        let transcript = InputTranscript(reading: RowReader(items: items), batch: 1, of: bytes)
        #expect(transcript.rows == [#"0@1 {"a":1.10}"#, #"1@2 "x\n""#])
        #expect(transcript.hashesAreRight)
        #expect(transcript.ends.last == Int64(bytes.count))
        #expect(RowReader(items: []).next(limit: 5).isLast)
        #expect(RowReader(items: items, limit: 1).next(limit: 5).upTo == 1)
    }

    @Test func oneEmptyRow() {
        let batch = RowReader(items: [.object(JSONObject())]).next(limit: 1000)
        #expect(batch.rows.count == 1)
        #expect(batch.isLast)
        #expect(batch.inputSHA256 == SHA256.hexadecimal(of: Array("{}\n".utf8)))
    }
}
