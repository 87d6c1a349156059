import BinarySupport
import Foundation
import Testing

@Suite("Commands of the documentation", .serialized)
struct DocsTests {
    private static let pages: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: SourceTree.root.path + "/docs")) ?? []
        return ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }()

    private static func blocks(of page: String) throws -> [DocumentedCommands.Block] {
        DocumentedCommands(try SourceTree.text(page)).blocks
    }

    @Test(
        "Every command of a page does what it says, in the order of the page, or says why it cannot be run",
        arguments: pages)
    func runs(page: String) async throws {
        let stage = try await DocumentationStage()
        for block in [DocumentationStage.earlier] + (try Self.blocks(of: page)) where block.whyNotRun == nil {
            let result = try await stage.run(block)
            #expect(result.status == 0, "\(page):\(block.line)\n\(block.script)\n\(result.output)")
        }
    }

    @Test("Pages are read as they are meant")
    func reading() {
        let page = """
            text
            ```sh
            fnrun a   # comment
            fnrun b   # exit code 4
            ```
            <!-- not run: needs a moon -->

            ```sh
            fnrun c
            ```
            ```yaml
            fnrun: d
            ```
            ```console
            $ fnrun e |
                jq .
            printed
            ```
            """
        let blocks = DocumentedCommands(page).blocks
        #expect(blocks.map(\.line) == [2, 8, 14] && blocks.map(\.whyNotRun) == [nil, "needs a moon", nil])
        #expect(blocks[0].lines == ["fnrun a   # comment", "fnrun b   # exit code 4"])
        #expect(blocks[2].lines == ["fnrun e |", "    jq ."])
    }

    @Test(
        "A command that ends otherwise than the page says fails its block",
        arguments: [
            ("false", false), ("true", true), ("false # exit code 1", true), ("true # exit code 1", false),
            ("(exit 4) # exit code 4: rejected", true), ("(exit 3) # exit code 4", false), ("false | cat", false),
        ])
    func exits(line: String, isRight: Bool) async throws {
        let block = DocumentedCommands.Block(line: 1, lines: [line, "true"], whyNotRun: nil)
        let result = try await Shell.run(block.script, in: FileManager.default.temporaryDirectory)
        #expect((result.status == 0) == isRight, "\(block.script)\(result.output)")
    }

    @Test("Pages link to what is there", arguments: pages)
    func links(page: String) throws {
        let file = SourceTree.root.appendingPathComponent(page)
        let text = try String(contentsOf: file, encoding: .utf8)
        for match in text.matches(of: /\]\(([^)\s#]+)(#[^)]*)?\)/) where !match.1.contains("://") {
            let target = file.deletingLastPathComponent().appendingPathComponent(String(match.1))
            #expect(FileManager.default.fileExists(atPath: target.path), "\(page): \(match.1)")
        }
    }
}
