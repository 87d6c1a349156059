import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Failures for programs")
struct FailureTests {
    private static let broken = """
        version: 1
        account: { id: "1", clientId: c, clientSecret: s }
        jobs:
          work:
            lamda: f

        """

    @Test(
        "--format json tells what is wrong with job files as one line of JSON on stderr",
        arguments: [
            ["run", "job.yaml"], ["replay", "job.yaml", "--from", "rows.jsonl"], ["schedule", "job.yaml"],
            ["tick", "job.yaml"], ["smoke", "job.yaml"], ["plan", "job.yaml"],
            ["simulate", "job.yaml", "--from", "2026-01-01T00:00:00Z", "--for", "1h"],
        ])
    func jobFile(command: [String]) async throws {
        let binary = try BuiltBinary()
        try binary.write(Self.broken, to: "job.yaml")
        let result = try await binary.run(command + ["--format", "json"])
        #expect(result.status == 2 && result.output.isEmpty, "\(result.errors)")
        let failure = try JSONParser.parse(Array(result.errors.utf8))
        #expect(failure["type"] == "error" && failure["error"] == "invalid" && failure["exitCode"]?.intValue == 2)
        #expect(failure["message"] == "2 problems")
        let diagnostics = failure["diagnostics"]?.arrayValue ?? []
        #expect(diagnostics.map { $0["code"]?.stringValue } == ["missing-key", "unknown-key"], "\(result.errors)")
        #expect(diagnostics.last?["line"]?.intValue == 5 && diagnostics.last?["file"] == "job.yaml")
        #expect(diagnostics.last?["hint"]?.stringValue?.contains("lambda") == true)
    }

    @Test("Other failures have their message, and no diagnostics")
    func message() async throws {
        let binary = try BuiltBinary()
        let result = try await binary.run(["history", "--format", "json", "--state", "no\"where"])
        #expect(result.status == 2)
        let failure = try JSONParser.parse(Array(result.errors.utf8))
        #expect(failure["exitCode"]?.intValue == 2 && failure["diagnostics"] == nil)
        #expect(failure["message"]?.stringValue?.contains("no\"where: there is no ledger here") == true)
    }

    @Test(
        "explain says what codes mean",
        arguments: [("unknown-key", "misspelled"), ("6", "resume was refused"), ("0", "All is well")])
    func explain(code: String, words: String) async throws {
        let result = try await BuiltBinary().run(["explain", code])
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(result.output.hasPrefix("\(code): ") && result.output.contains(words), "\(result.output)")
        #expect(result.output.contains("\n  = help: "))
    }

    @Test(
        "explain of no code: 64, and what is meant",
        arguments: [("unknow-key", "'unknown-key'"), ("9", "exit codes: 0, 1")])
    func unknownCode(code: String, words: String) async throws {
        let result = try await BuiltBinary().run(["explain", code])
        #expect(result.status == 64 && result.output.isEmpty && result.errors.contains(words), "\(result.errors)")
    }
}
