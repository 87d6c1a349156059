import BinarySupport
import Foundation
import Testing

@Suite("What a terminal shows", .serialized)
struct ScreenTests {
    private static let folder = "Tests/CLITests/Fixtures/Golden/screens"

    @Test("The scenes in 80 and in 120 columns are as recorded; 'make screens' records them")
    func scenes() async throws {
        let shown = try TemporaryFolder()
        let script = "scripts/record-screens '\(try BuiltBinary.url.path)' '\(shown.url.path)'"
        let result = try await Shell.run(script, in: SourceTree.root)
        try #require(result.status == 0, "\(result.output)")
        let names = try FileManager.default.contentsOfDirectory(atPath: shown.url.path).sorted()
        let recorded = try SourceTree.paths(below: Self.folder, endingIn: [".txt"])
        #expect(recorded == names.map { "\(Self.folder)/\($0)" } && !names.isEmpty)
        for name in names {
            let text = try String(contentsOf: shown.url.appendingPathComponent(name), encoding: .utf8)
            #expect(try SourceTree.golden("\(Self.folder)/\(name)", for: text) == text, "FNRUN_RECORD=1 records")
        }
    }
}
