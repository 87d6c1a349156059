import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Examples", .serialized)
struct ExampleTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var folder: String
        /// The golden file of the records that a command of the README makes.
        var goldens: [String: String]
        /// What stands among what a command prints.
        var phrases: [String: String] = [:]
        var testDescription: String { folder }
    }

    private static let examples = [
        Example(
            folder: "01-hello",
            goldens: ["fnrun run examples/01-hello/job.yaml --sandbox --output -": "expected.jsonl"]),
        Example(
            folder: "02-countries",
            goldens: ["fnrun run examples/02-countries/job.yaml --sandbox --output countries.jsonl": "expected.jsonl"]),
        Example(
            folder: "03-retries",
            goldens: [
                "fnrun run examples/03-retries/job.yaml --sandbox-script examples/03-retries/sandbox.yaml"
                    + " --output charges.jsonl": "expected.jsonl",
                "fnrun run examples/03-retries/idempotent.yaml --sandbox-script examples/03-retries/sandbox.yaml"
                    + " --output lookups.jsonl": "expected-idempotent.jsonl",
            ]),
        Example(
            folder: "04-replay",
            goldens: [
                "fnrun replay examples/04-replay/job.yaml --from archived.jsonl --only failed"
                    + " --input examples/04-replay/conversations.jsonl --sandbox --output again.jsonl": "expected.jsonl"
            ],
            phrases: [
                "fnrun report archived.jsonl": "no summary: it crashed",
                "fnrun report archived.jsonl again.jsonl --input examples/04-replay/conversations.jsonl":
                    "input 240 rows: 240 recorded, 0 missing",
                "fnrun report half-1-of-2.jsonl --input examples/04-replay/conversations.jsonl":
                    "input 240 rows: 120 recorded, 120 missing",
                "fnrun report half-1-of-2.jsonl half-2-of-2.jsonl --input examples/04-replay/conversations.jsonl":
                    "input 240 rows: 240 recorded, 0 missing",
            ]),
        Example(
            folder: "05-schedule", goldens: [:],
            phrases: [
                "fnrun plan examples/05-schedule/jobs.yaml --from 2027-03-28T00:50:00Z --to 2027-03-29T12:00:00Z":
                    "2027-03-28T03:00:00+02:00  2027-03-28T01:00:00Z  nightly-sync   02:30 does not exist: moved to the jump",
                "fnrun simulate examples/05-schedule/jobs.yaml --from 2027-01-01T00:00:00Z --for 1y --latency 2s":
                    "35457 runs, at most 2 at a time (first at 2027-01-01T01:30:00Z)",
                "fnrun history --state examples/05-schedule/.fnrun": "ran: succeeded",
                "timeout --preserve-status 3 fnrun schedule examples/05-schedule/jobs.yaml --sandbox":
                    "scheduling 3 jobs; the next occurrence fires at ",
            ]),
        Example(
            folder: "06-smoke",
            goldens: [
                "fnrun smoke examples/06-smoke/job.yaml --sandbox-script examples/06-smoke/sandbox.yaml"
                    + " --job greets-by-name --output greetings.jsonl": "expected.jsonl"
            ],
            phrases: [
                "fnrun smoke examples/06-smoke/job.yaml --sandbox-script examples/06-smoke/sandbox.yaml --retries 1":
                    "3 passed, 1 failed, 1 flaky"
            ]),
    ]

    /// The root of the source tree: two folders above this file's.
    private static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// A folder with copies of `examples` and `jobs`, so that no run leaves anything in the source tree.
    private static func copiedTree() throws -> BuiltBinary {
        let binary = try BuiltBinary()
        for name in ["examples", "jobs"] {
            try FileManager.default.copyItem(
                at: root.appendingPathComponent(name), to: binary.folder.appendingPathComponent(name))
        }
        return binary
    }

    @Test("Every example has a test")
    func complete() throws {
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent("examples").path)
        #expect(Set(folders.filter { !$0.hasPrefix(".") && !$0.hasSuffix(".md") }) == Set(Self.examples.map(\.folder)))
    }

    @Test("The commands of a README do what it says, and record what the golden files hold", arguments: examples)
    func readme(example: Example) async throws {
        let binary = try Self.copiedTree()
        let folder = Self.root.appendingPathComponent("examples/\(example.folder)")
        let readme = try String(contentsOf: folder.appendingPathComponent("README.md"), encoding: .utf8)
        let commands = ReadmeCommands(readme).commands
        #expect(Set(example.goldens.keys).union(example.phrases.keys).isSubset(of: commands.map(\.text)))
        for command in commands {
            let result = try await Self.run(command, binary)
            #expect(result.status == command.status, "\(command.text)\n\(result.errors)")
            if let phrase = example.phrases[command.text] {
                #expect(result.output.contains(phrase), "\(command.text)\n\(result.output)")
            }
            guard let golden = example.goldens[command.text] else { continue }
            let output = command.output ?? "-"
            let records = try GoldenRecords.normalized(output == "-" ? result.output : binary.read(output))
            let file = folder.appendingPathComponent(golden)
            if ProcessInfo.processInfo.environment["FNRUN_RECORD"] == "1" {
                try records.write(to: file, atomically: true, encoding: .utf8)
            }
            let expected = try String(contentsOf: file, encoding: .utf8)
            let differing = zip(records.split(separator: "\n"), expected.split(separator: "\n")).first { $0 != $1 }
            #expect(
                records == expected,
                "first difference: \(differing.map { "\($0)\nexpected: \($1)" } ?? "in length"); FNRUN_RECORD=1 records"
            )
        }
    }

    /// Runs a command as a shell would that has fnrun on its path.
    private static func run(
        _ command: ReadmeCommands.Command, _ binary: BuiltBinary
    ) async throws -> (status: Int32, output: String, errors: String) {
        guard command.isWrapped else {
            let result = try await binary.run(command.arguments)
            return (result.status, result.output, result.errors)
        }
        let path = try BuiltBinary.url.deletingLastPathComponent().path
        let (status, output) = try await Shell.run(
            "PATH='\(path)':$PATH; \(command.text); exit $?", in: binary.folder)
        return (status, output, output)
    }

    @Test(
        "Every job file validates without credentials", arguments: examples.map { "examples/\($0.folder)" } + ["jobs"])
    func validates(folder: String) async throws {
        let binary = try Self.copiedTree()
        let names = try FileManager.default.contentsOfDirectory(
            atPath: binary.folder.appendingPathComponent(folder).path
        ).filter { $0.hasSuffix(".yaml") && $0 != "sandbox.yaml" }
        #expect(!names.isEmpty)
        let result = try await binary.run(["validate"] + names.map { "\(folder)/\($0)" })
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test("Every job of the folder that the image runs goes through in the sandbox")
    func jobs() async throws {
        let binary = try Self.copiedTree()
        let names = try FileManager.default.contentsOfDirectory(
            atPath: binary.folder.appendingPathComponent("jobs").path
        ).filter { $0.hasSuffix(".yaml") }
        for name in names {
            let result = try await binary.run(["run", "jobs/\(name)", "--all", "--sandbox", "--output", "-"])
            #expect(result.status == 0, "\(name): \(result.errors)")
            #expect(result.output.contains("\"outcome\":\"succeeded\""))
        }
    }

    @Test("Normalised records keep what matters")
    func normalisation() throws {
        let invocation = #"{"type":"invocation","runId":"r","index":%d,"outcome":"failed","error":%e}"#
        let network = #"{"class":"network","message":"curl 7"}"#
        let function = #"{"class":"function","message":"card declined"}"#
        let lines = [(1, network), (0, function)].map { index, error in
            invocation.replacingOccurrences(of: "%d", with: "\(index)").replacingOccurrences(of: "%e", with: error)
        }
        #expect(
            try GoldenRecords.normalized((lines + [#"{"type":"window","upTo":2}"#]).joined(separator: "\n")) == """
                {"type":"invocation","index":0,"outcome":"failed","error":{"class":"function","message":"card declined"}}
                {"type":"invocation","index":1,"outcome":"failed","error":{"class":"network"}}

                """)
    }
}
