import BinarySupport
import Foundation
import Testing

@Suite("Commands of the help texts", .serialized)
struct HelpExampleTests {
    /// What the examples speak of besides the files of the stage.
    private static let files = DocumentedCommands.Block(
        line: 0,
        lines: [
            "sed 's/^  nightly-sync:/  sync: { lambda: sync }\\n&/' jobs/nightly.yaml > jobs.yaml",
            "sed 's/  nightly-sync:/  weekly:/; s/  heartbeat:/  pulse:/' jobs/nightly.yaml > more.yaml",
            "mkdir -p results && cp results.jsonl results/first.jsonl",
            "{ sed 's/  greets:/  tagged:/' tests/greet.yaml; echo '    tags: [fast]'; } > tests/tagged.yaml",
            "gzip < customers.csv > rows.csv.gz",
            "gzip < events.jsonl > rows.jsonl.gz",
            "echo '{}' > payload.json",
            "echo 'version: 1' > sandbox.yaml",
            "for i in 1 2 3 4; do",
            "fnrun replay job.yaml --from events.jsonl --shard $i/4 --output out.jsonl --quiet",
            "done",
        ], whyNotRun: nil)

    /// The commands under `Examples:`, up to the next empty line.
    static func examples(of help: String) -> [String] {
        help.split(separator: "\n", omittingEmptySubsequences: false).drop { $0 != "Examples:" }.dropFirst()
            .prefix { !$0.isEmpty }.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test(
        "Every example of a help text does what it says, in their order",
        arguments: [
            "", "run", "replay", "smoke", "invoke", "report", "schedule", "tick", "plan", "simulate", "history", "why",
            "init", "validate", "doctor", "explain", "sandbox", "schema", "completions",
        ])
    func runs(command: String) async throws {
        let binary = try BuiltBinary(environment: ["COLUMNS": "200"])
        let help = try await binary.run(command.isEmpty ? ["--help"] : [command, "--help"])
        let examples = Self.examples(of: help.output)
        try #require(!examples.isEmpty && examples.allSatisfy { $0.contains("fnrun") }, "\(help.output)")
        let stage = try await DocumentationStage()
        // Ports of the machine are not the tests' to take.
        let lines = examples.map {
            $0.replacing("127.0.0.1:9464", with: "127.0.0.1:0")
                .replacing(/^fnrun sandbox($| )/, with: { "fnrun sandbox --port 0\($0.1)" })
        }
        let block = DocumentedCommands.Block(line: 0, lines: lines, whyNotRun: nil)
        for block in [DocumentationStage.earlier, Self.files, block] {
            let result = try await stage.run(block)
            #expect(result.status == 0, "\(block.script)\n\(result.output)")
        }
    }
}
