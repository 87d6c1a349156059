import JobModel
import Testing

@testable import YAMLText

@Suite struct FileBytesTests {
    @Test func saysWhyNot() {
        #expect(throws: FileBytes.Failure(reason: "No such file or directory", isMissing: true)) {
            try FileBytes.read("/nonexistent/x", limit: 10)
        }
        #expect(throws: FileBytes.Failure(reason: "Is a directory", isMissing: false, isFolder: true)) {
            try FileBytes.read("/", limit: 10)
        }
        #expect(throws: FileBytes.Failure(reason: "a NUL in its name", isMissing: false)) {
            try FileBytes.read("/\0x", limit: 10)
        }
        let sink = DiagnosticSink(file: "/nonexistent/x")
        #expect(SourceText.read("/nonexistent/x", sink: sink)?.file == nil)
        #expect(sink.diagnostics.map(\.message) == ["cannot read the file: No such file or directory"])
    }

    @Test func stopsAtTheLimit() throws {
        #expect(try FileBytes.read("/dev/zero", limit: 100_000).count == 100_001)
        #expect(try FileBytes.read("/dev/null", limit: 100).isEmpty)
        #expect(try !FileBytes.read("/proc/self/status", limit: 1 << 20).isEmpty)
    }
}
