import BinarySupport
import Foundation
import Testing

@Suite("Commands of the documentation", .serialized)
struct DocsTests {
    private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static let pages: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path + "/docs")) ?? []
        return ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }()

    private static func blocks(of page: String) throws -> [DocumentedCommands.Block] {
        let text = try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8)
        return DocumentedCommands(text).blocks
    }

    /// A folder with the files that the pages speak of.
    private static func stage() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let source = root.appendingPathComponent("Tests/ExampleTests/Stage")
        for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
            try FileManager.default.copyItem(
                at: source.appendingPathComponent(name), to: folder.url.appendingPathComponent(name))
        }
        try FileManager.default.copyItem(
            at: root.appendingPathComponent("examples"), to: folder.url.appendingPathComponent("examples"))
        return folder
    }

    /// What has happened before a page begins: a run, and yesterday's occurrences.
    private static let earlier = DocumentedCommands.Block(
        line: 0,
        lines: [
            "fnrun run job.yaml --output results.jsonl --quiet",
            "fnrun tick jobs/ --since 2d --quiet # exit code 8: missed hours",
        ], whyNotRun: nil)

    /// The pages' day is yesterday.
    private static func dated(_ script: String) -> String {
        let day = Date.ISO8601FormatStyle().year().month().day()
        return script.replacing("2026-11-22", with: Date.now.addingTimeInterval(-86_400).formatted(day))
            .replacing("2026-11-23", with: Date.now.formatted(day))
    }

    @Test(
        "Every command of a page does what it says, in the order of the page, or says why it cannot be run",
        arguments: pages)
    func runs(page: String) async throws {
        let blocks = try Self.blocks(of: page)
        let sandbox = try await SandboxProcess.start()
        let stage = try Self.stage()
        let path = try BuiltBinary.url.deletingLastPathComponent().path
        for block in [Self.earlier] + blocks where block.whyNotRun == nil {
            // What runs until it is told to stop is told so.
            let script = """
                export PATH='\(path)':"$PATH" LP_DOMAIN_API=\(sandbox.url)
                export LP_ACCOUNT_ID=12345678 LP_CLIENT_ID=client LP_CLIENT_SECRET=secret
                fnrun() {
                    case "$1" in
                        schedule | sandbox) timeout --preserve-status 3 fnrun "$@" || [ $? -eq 143 ] ;;
                        *) command fnrun "$@" ;;
                    esac
                }
                \(Self.dated(block.script))
                """
            let result = try await Shell.run(script, in: stage.url)
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
        let file = Self.root.appendingPathComponent(page)
        let text = try String(contentsOf: file, encoding: .utf8)
        for match in text.matches(of: /\]\(([^)\s#]+)(#[^)]*)?\)/) where !match.1.contains("://") {
            let target = file.deletingLastPathComponent().appendingPathComponent(String(match.1))
            #expect(FileManager.default.fileExists(atPath: target.path), "\(page): \(match.1)")
        }
    }
}
