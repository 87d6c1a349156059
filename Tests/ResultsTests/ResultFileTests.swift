import Glibc
import TestSupport
import Testing

@testable import Results

@Suite struct ResultFileTests {
    private static let whole = #"{"type":"window","runId":"r","upTo":1}"# + "\n"

    private func refusal(_ path: String, _ existing: ResultFile.Existing = .refuse) -> ResultsError? {
        do throws(ResultsError) {
            _ = try ResultFile.open(path, existing: existing)
            return nil
        } catch {
            return error
        }
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    private func content(_ path: String) throws -> String {
        Sample.text(try FileBytes.read(path))
    }

    @Test func newFilesAndFoldersAreTheOwnersAlone() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a/b//c/out.jsonl"
        let file = try ResultFile.open(path)
        #expect(file.isRegular && file.initialLength == 0 && file.notice == nil)
        #expect(mode(path) == 0o600)
        for name in ["/a", "/a/b", "/a/b/c"] { #expect(mode(folder.path + name) == 0o700) }
    }

    @Test func runsOfOneProcessShareAFileUntilTheLastHasClosedIt() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        let file = try ResultFile.open(path)
        #expect(file.share())
        let first = LineAppender(file: file, operations: SystemFileOperations())
        let second = LineAppender(file: file, operations: SystemFileOperations())
        try first.append(Array("{\"a\":1}\n".utf8))
        file.close()
        #expect(refusal(path)?.code == .locked)
        try second.append(Array("{}\n".utf8))
        #expect(file.length == 11)
        #expect(try content(path) == "{\"a\":1}\n{}\n")
        file.close()
        #expect(!file.share())
        #expect(refusal(path)?.code == .exists)
    }

    @Test func anEmptyFileIsTaken() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", [])
        #expect(try ResultFile.open(path).initialLength == 0)
    }

    @Test func anExistingFileIsRefusedAndUntouched() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", Self.whole.utf8)
        let error = try #require(refusal(path))
        #expect(error.code == .exists)
        for part in [path, "--append", "--output"] { #expect(error.message.contains(part)) }
        #expect(try content(path) == Self.whole)
    }

    @Test func appendingGoesOnBehindTheLastLine() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", Self.whole.utf8)
        let file = try ResultFile.open(path, existing: .append)
        #expect(file.initialLength == Int64(Self.whole.utf8.count) && file.notice == nil)
        let appender = LineAppender(file: file, operations: SystemFileOperations())
        try appender.append(Array("{}\n".utf8))
        #expect(try content(path) == Self.whole + "{}\n")
    }

    /// Whatever a crash cut off, the lines before it stay and the file ends whole.
    @Test func aTornLastLineIsCutAtEveryByte() throws {
        let folder = try TemporaryFolder()
        let last = #"{"type":"invocation","index":1,"outcome":"failed"}"#
        for length in 1...last.utf8.count {
            let path = try folder.write("out.jsonl", (Self.whole + last.prefix(length)).utf8)
            let file = try ResultFile.open(path, existing: .append)
            let isWhole = length == last.utf8.count
            #expect(try content(path) == (isWhole ? Self.whole + last + "\n" : Self.whole))
            #expect(file.initialLength == Int64(try content(path).utf8.count))
            #expect(file.notice?.contains(isWhole ? "newline" : "torn last line of \(length) bytes") == true)
        }
    }

    @Test func aFileWithoutOneWholeLineIsBegunAnew() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", #"{"type":"ru"#.utf8)
        #expect(try ResultFile.open(path, existing: .append).initialLength == 0)
        #expect(try content(path) == "")
    }

    @Test func zeroBytesAfterAPowerCutAreCut() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", Array(Self.whole.utf8) + [UInt8](repeating: 0, count: 200_000))
        #expect(try ResultFile.open(path, existing: .append).notice?.contains("200000 bytes") == true)
        #expect(try content(path) == Self.whole)
    }

    @Test(arguments: ["notes\n", "notes", #"{"type":"window","upTo":1}"# + "\nnotes", "\n\n"])
    func aForeignFileIsNotDamaged(text: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("notes.txt", text.utf8)
        #expect(refusal(path, .append)?.code == .notRecords)
        #expect(try content(path) == text)
    }

    @Test func aSecondWriterIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        let first = try ResultFile.open(path)
        for existing in [ResultFile.Existing.refuse, .append] {
            let error = try #require(refusal(path, existing))
            #expect(error.code == .locked)
            #expect(error.message.contains("another fnrun writes to this file"))
        }
        first.close()
        first.close()
        #expect(refusal(path) == nil)
    }

    @Test func droppingAFileGivesUpItsLock() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/out.jsonl"
        _ = try ResultFile.open(path)
        #expect(refusal(path) == nil)
    }

    @Test func impossiblePathsSayWhatAndWhere() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("file", [])
        for (path, code) in [
            (folder.path, ResultsError.Code.isFolder), (file + "/out.jsonl", .notWritable), ("", .notWritable),
            ("/proc/no-such-folder/out.jsonl", .notWritable), (file + "/a/b/out.jsonl", .notWritable),
            (folder.path + "/" + String(repeating: "x", count: 300), .notWritable),
        ] {
            let error = try #require(refusal(path))
            #expect(error.code == code, "\(path)")
            #expect(error.message.contains(path))
        }
    }

    @Test func devicesAreNeitherLockedNorSynced() throws {
        let first = try ResultFile.open("/dev/null")
        let second = try ResultFile.open("/dev/null")
        #expect(!first.isRegular && !second.isRegular)
    }

    @Test(arguments: [
        ("a/b/c.jsonl", ["a", "a/b"]), ("c.jsonl", []), ("/c.jsonl", ["/"]), ("/a/c.jsonl", ["/", "/a"]),
        ("a//c.jsonl", ["a"]), ("./c.jsonl", ["."]),
    ])
    func foldersAbove(path: String, expected: [String]) {
        #expect(FolderMaker.folders(above: path) == expected)
    }
}

/// Reads whole files for comparison.
enum FileBytes {
    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError(number: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &block, block.count)
            guard count > 0 else { return bytes }
            bytes += block[..<count]
        }
    }
}
