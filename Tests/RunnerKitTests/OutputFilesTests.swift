import Results
import TestSupport
import Testing

@testable import RunnerKit

@Suite struct OutputFilesTests {
    /// Each round opens a new file: whoever comes second must find it locked by nobody but this process.
    @Test func runsThatOpenAFileAtOnceShareIt() async throws {
        let folder = try TemporaryFolder()
        let outputs = OutputFiles()
        for round in 0..<50 {
            let paths = ["\(folder.path)/\(round).jsonl", "\(folder.path)/./\(round).jsonl"]
            let files = try await withThrowingTaskGroup(of: ResultFile.self) { group in
                for opening in 0..<8 {
                    group.addTask { try outputs.open(paths[opening % 2]) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(files.map(\.descriptor)).count == 1)
            for file in files { file.close() }
            #expect(files.allSatisfy { !$0.isOpen })
        }
    }

    @Test func whatAnotherHoldsIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/results.jsonl"
        let other = try ResultFile.open(path)
        let error = #expect(throws: ResultsError.self) { try OutputFiles().open(path) }
        #expect(error?.code == .locked)
        other.close()
    }

    @Test func whatWasClosedIsOpenedAnew() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/results.jsonl"
        let outputs = OutputFiles()
        let first = try outputs.open(path)
        first.close()
        let second = try outputs.open(path)
        #expect(second.isOpen)
        #expect(first !== second)
        second.close()
    }
}
