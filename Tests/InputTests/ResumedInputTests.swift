import Digest
import Glibc
import JobModel
import Synchronization
import TestSupport
import Testing

@testable import Input

/// Opening files and pipes that have to begin with certain bytes.
@Suite struct ResumedInputTests {
    private static func prefix(_ text: String) -> InputPrefix {
        let bytes = Array(text.utf8)
        return InputPrefix(bytes: Int64(bytes.count), sha256: SHA256.hexadecimal(of: bytes))
    }

    @Test func aFileIsReadFromItsBeginningAgain() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("rows.jsonl", "1\n2\n3\n".utf8)
        let reader = try RowReader.open(path: path, beginningWith: Self.prefix("1\n2\n"))
        #expect(reader.totalBytes == 6)
        #expect(reader.rawBytesRead == 0)
        let transcript = InputTranscript(reading: reader, of: Array("1\n2\n3\n".utf8))
        #expect(transcript.contents == ["1", "2", "3"])
        #expect(transcript.hashesAreRight)
        #expect(reader.rawBytesRead == 6)
    }

    @Test func aChangedFileIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("rows.jsonl", "1\n3\n3\n".utf8)
        let error = #expect(throws: InputError.self) {
            try RowReader.open(path: path, name: "rows", beginningWith: Self.prefix("1\n2\n"))
        }
        #expect(error?.code == .changed)
        #expect(
            error?.message
                == "rows: the input has changed: its first 4 bytes are not those of the run that is to be resumed")
    }

    @Test func compressedFiles() throws {
        let folder = try TemporaryFolder()
        let first = Array(GzipTests.text.utf8)
        let compressed = gzip(first) + gzip(Array("{}\n".utf8))
        let path = try folder.write("rows.jsonl.gz", compressed)
        let reader = try RowReader.open(path: path, beginningWith: Self.prefix(GzipTests.text))
        #expect(reader.rawBytesRead == 0)
        let transcript = InputTranscript(reading: reader, of: first + Array("{}\n".utf8))
        #expect(transcript.rows.count == 201)
        #expect(transcript.hashesAreRight)
        #expect(reader.rawBytesRead == Int64(compressed.count))
    }

    @Test(arguments: [false, true]) func pipes(_ isCompressed: Bool) throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/pipe.jsonl"
        try #require(mkfifo(path, 0o600) == 0)
        // Open for both, so that opening waits for no partner.
        var descriptor = Glibc.open(path, O_RDWR)
        defer { if descriptor >= 0 { close(descriptor) } }
        let stored = isCompressed ? gzip(Array("1\n2\n".utf8)) + gzip(Array("3\n".utf8)) : Array("1\n2\n3\n".utf8)
        try #require(write(descriptor, stored, stored.count) == stored.count)
        let reader = try RowReader.open(path: path, beginningWith: Self.prefix("1\n2\n"))
        #expect(reader.totalBytes == nil)
        #expect(reader.rawBytesRead == 0)
        close(descriptor)
        descriptor = -1
        let transcript = InputTranscript(reading: reader, of: Array("1\n2\n3\n".utf8))
        #expect(transcript.contents == ["1", "2", "3"])
        #expect(transcript.hashesAreRight)
        #expect(reader.rawBytesRead == Int64(stored.count))
    }

    @Test func aChangedPipeIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/pipe.jsonl"
        try #require(mkfifo(path, 0o600) == 0)
        let descriptor = Glibc.open(path, O_RDWR)
        defer { close(descriptor) }
        try #require(write(descriptor, "1\n3\n", 4) == 4)
        let error = #expect(throws: InputError.self) {
            try RowReader.open(path: path, beginningWith: Self.prefix("1\n2\n"))
        }
        #expect(error?.code == .changed)
    }

    /// `{ read -r line; fnrun … --from -; } < file`
    @Test func standardInputMayBeAFileThatWasReadInPart() throws {
        let folder = try TemporaryFolder()
        let file = Glibc.open(try folder.write("rows", "read before\n1\n2\n3\n".utf8), O_RDONLY)
        defer { close(file) }
        try #require(lseek(file, 12, SEEK_SET) == 12)
        let saved = dup(STDIN_FILENO)
        try #require(dup2(file, STDIN_FILENO) == STDIN_FILENO)
        defer {
            if saved >= 0 {
                dup2(saved, STDIN_FILENO)
                close(saved)
            }
        }
        let reader = try RowReader.open(path: "-", beginningWith: Self.prefix("1\n2\n"))
        #expect(reader.totalBytes == 6)
        let transcript = InputTranscript(reading: reader, of: Array("1\n2\n3\n".utf8))
        #expect(transcript.contents == ["1", "2", "3"])
        #expect(transcript.hashesAreRight)
    }

    @Test(arguments: [1, 3, 4, 100]) func aSpoolRepeatsWhatWasReadAndGoesOn(_ chunk: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = Array("0123456789".utf8)
        let source = ChunkedByteSource(bytes, chunk: chunk, pauseAfter: 2)
        let counter = ByteCounter()
        let spool = try SpooledByteSource(source, name: "test", counter: counter, folder: folder.path)
        #expect(Self.isEmpty(folder.path), "the file is unlinked")
        var first: [UInt8] = []
        while first.count < 4 { first += try Self.read(spool, 4 - first.count) }
        #expect(first == Array("0123".utf8))
        try spool.rewind()
        #expect(counter.bytes.load(ordering: .relaxed) == 0)
        var all: [UInt8] = []
        while true {
            // The copy is ready whatever the source says.
            #expect(spool.isReady == (all.count < 4 || source.isReady))
            let piece = try Self.read(spool, 3)
            if all.count < 4 { #expect(counter.bytes.load(ordering: .relaxed) == Int64(all.count + piece.count)) }
            all += piece
            if piece.isEmpty { break }
        }
        #expect(all == bytes)
    }

    @Test func anEndIsNotAskedForTwice() throws {
        let source = ChunkedByteSource([1, 2])
        let spool = try SpooledByteSource(source, name: "test", counter: ByteCounter())
        #expect(try Self.read(spool, 10) == [1, 2])
        #expect(try Self.read(spool, 10) == [])
        try spool.rewind()
        #expect(try Self.read(spool, 10) == [1, 2])
        #expect(spool.isReady)
        #expect(try Self.read(spool, 10) == [])
        #expect(source.reads == 2)
    }

    @Test func aSpoolThatCannotBeMadeSaysWhatToDo() {
        let error = #expect(throws: InputError.self) {
            try SpooledByteSource(
                ChunkedByteSource([]), name: "standard input", counter: ByteCounter(), folder: "/nonexistent/folder")
        }
        #expect(error?.code == .temporaryFile)
        #expect(error?.message.contains("standard input in /nonexistent/folder") == true)
        #expect(error?.message.contains("No such file or directory; set TMPDIR to") == true)
    }

    private static func read(_ source: some ByteSource, _ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let read = try bytes.withUnsafeMutableBytes { try source.read(into: $0) }
        return Array(bytes[..<read])
    }

    private static func isEmpty(_ folder: String) -> Bool {
        guard let entries = opendir(folder) else { return false }
        defer { closedir(entries) }
        var count = 0
        while readdir(entries) != nil { count += 1 }
        return count == 2
    }
}
