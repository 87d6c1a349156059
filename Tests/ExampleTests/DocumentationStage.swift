import BinarySupport
import Foundation

/// Where documented commands are run: a folder with the files that they speak of, and a local LivePerson.
struct DocumentationStage {
    /// What has happened before a page begins: a run, and yesterday's occurrences.
    static let earlier = DocumentedCommands.Block(
        line: 0,
        lines: [
            "fnrun run job.yaml --output results.jsonl --quiet",
            "fnrun tick jobs/ --since 2d --quiet # exit code 8: missed hours",
        ], whyNotRun: nil)

    private let sandbox: SandboxProcess
    private let folder: TemporaryFolder

    init() async throws {
        sandbox = try await SandboxProcess.start()
        folder = try TemporaryFolder()
        let source = SourceTree.root.appendingPathComponent("Tests/ExampleTests/Stage")
        for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
            try FileManager.default.copyItem(
                at: source.appendingPathComponent(name), to: folder.url.appendingPathComponent(name))
        }
        try FileManager.default.copyItem(
            at: SourceTree.root.appendingPathComponent("examples"), to: folder.url.appendingPathComponent("examples"))
    }

    /// Runs a block in the folder, where the blocks before it have left their files.
    func run(_ block: DocumentedCommands.Block) async throws -> (status: Int32, output: String) {
        // What runs until it is told to stop is told so.
        let script = """
            export PATH='\(try BuiltBinary.url.deletingLastPathComponent().path)':"$PATH" LP_DOMAIN_API=\(sandbox.url)
            export LP_ACCOUNT_ID=12345678 LP_CLIENT_ID=client LP_CLIENT_SECRET=secret
            fnrun() {
                case "$1" in
                    schedule | sandbox) timeout --preserve-status 3 fnrun "$@" || [ $? -eq 143 ] ;;
                    *) command fnrun "$@" ;;
                esac
            }
            \(Self.dated(block.script))
            """
        return try await Shell.run(script, in: folder.url)
    }

    /// The pages' day is yesterday.
    private static func dated(_ script: String) -> String {
        let day = Date.ISO8601FormatStyle().year().month().day()
        return script.replacing("2026-11-22", with: Date.now.addingTimeInterval(-86_400).formatted(day))
            .replacing("2026-11-23", with: Date.now.formatted(day))
    }
}
