import Foundation
import Results
import TestSupport
import Testing

@Suite struct ReportFileTests {
    private static func content(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    @Test func replacesAnOldReportWhenItIsWritten() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("r.xml", Array("an old and longer report".utf8))
        let file = try ReportFile.open(path)
        #expect(try Self.content(path) == "an old and longer report")
        try file.write(Array("new".utf8))
        #expect(try Self.content(path) == "new")
    }

    @Test func makesFoldersForItsOwnerAlone() throws {
        let folder = try TemporaryFolder()
        try ReportFile.open("\(folder.path)/a/b/r.xml").write([])
        var status = stat()
        #expect(stat("\(folder.path)/a/b/r.xml", &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(stat("\(folder.path)/a/b", &status) == 0 && status.st_mode & 0o777 == 0o700)
    }

    @Test(arguments: ["", "/", "/dev/null/r.xml", "/proc/r.xml"])
    func saysWhatCannotBeOpened(path: String) {
        #expect(throws: ResultsError.self) { try ReportFile.open(path) }
    }

    @Test func tellsOfAFullDisk() throws {
        let error = #expect(throws: ResultsError.self) { try ReportFile.open("/dev/full").write([1]) }
        #expect(error?.message.contains("/dev/full: the report cannot be written: No space left on device") == true)
    }

    @Test func writesToDevices() throws {
        try ReportFile.open("/dev/null").write([1, 2, 3])
    }
}
