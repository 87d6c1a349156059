import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Inputs", .serialized)
struct InputTests {
    struct Format: Sendable, CustomTestStringConvertible {
        var file: String
        var text: String
        /// The line of the one row, the second, that is bad.
        var badLine: Int
        var testDescription: String { file }
    }

    @Test(
        "A bad row is a failed invocation with its line; the others run",
        arguments: [
            Format(file: "rows.csv", text: "id,name\n1,\"a\nb\"\n2\n3,ü\n", badLine: 4),
            Format(file: "rows.tsv", text: "id\tname\n1\ta b\n2\n3\tü\n", badLine: 3),
            Format(file: "rows.jsonl", text: "{\"id\":\"1\"}\n{\"id\":\n\n{\"id\":\"3\"}\n", badLine: 2),
        ], [false, true])
    func badRow(format: Format, isCompressed: Bool) async throws {
        let binary = try BuiltBinary()
        try binary.write(format.text, to: format.file)
        var file = format.file
        if isCompressed {
            let (status, output) = try await Shell.run("gzip \(file)", in: binary.folder)
            #expect(status == 0, "\(output)")
            file += ".gz"
        }
        let run = try await binary.run(
            JobFileText("http://127.0.0.1:1", "input: { file: \(file) }\npayload: \"{{ row.id }}\""), ["--sandbox"])
        #expect(run.status == 1, "\(run.result.errors)")
        #expect(run.records.outcomes == ["succeeded", "failed", "succeeded"])
        #expect(run.records.errorClasses == ["-", "input", "-"])
        #expect(run.records.byIndex.map { $0["response"]?.stringValue } == ["1", nil, "3"])
        let bad = try #require(run.records.byIndex.dropFirst().first)
        #expect(bad["error"]?["message"]?.stringValue?.contains("line \(format.badLine)") == true, "\(bad)")
        #expect(bad["attempts"]?.intValue == 0)
        #expect(run.records.reconciles && run.records.isComplete == true)
    }

    @Test("A JSON array runs; where it is no JSON its elements cannot be told apart: the run ends there with 2")
    func array() async throws {
        let binary = try BuiltBinary()
        let job = JobFileText("http://127.0.0.1:1", "input: { file: rows.json }\npayload: \"{{ row.id }}\"")
        try binary.write("[{\"id\":\"1\"},\n {\"id\":\"]\"}\n]", to: "rows.json")
        let whole = try await binary.run(job, ["--sandbox"])
        #expect(whole.status == 0, "\(whole.result.errors)")
        #expect(whole.records.byIndex.map { $0["response"]?.stringValue } == ["1", "]"])
        try binary.write("[{\"id\":\"1\"},\n{\"id\":nope},\n{\"id\":\"3\"}]", to: "rows.json")
        let broken = try await binary.run(job, ["--sandbox", "--output", "broken.jsonl"])
        #expect(broken.status == 2)
        let records = try binary.records("broken.jsonl")
        #expect(records.outcomes == ["succeeded", "failed"] && records.errorClasses == ["-", "input"])
        #expect(records.reconciles && records.isComplete == false)
        #expect(broken.result.errors.contains("line 2"), "\(broken.result.errors)")
    }

    @Test("Rows come from stdin, as JSON Lines or as --input-format says", arguments: ["jsonl", "csv"])
    func standardInput(format: String) async throws {
        let binary = try BuiltBinary()
        let text = format == "csv" ? "n\n1\n2\n" : "{\"n\":\"1\"}\n{\"n\":\"2\"}\n"
        let run = try await binary.run(
            JobFileText("http://127.0.0.1:1", "input: { file: \"-\" }"),
            ["--sandbox"] + (format == "csv" ? ["--input-format", "csv"] : []), input: text)
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(run.records.byIndex.map { $0["response"]?["n"]?.stringValue } == ["1", "2"])
    }

    @Test("An input without rows is a complete run of none", arguments: ["", "\n\n"])
    func noRows(text: String) async throws {
        let binary = try BuiltBinary()
        try binary.write(text, to: "rows.jsonl")
        let run = try await binary.run(
            JobFileText("http://127.0.0.1:1", "input: { file: rows.jsonl }"), ["--sandbox"])
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(run.records.types == ["run", "summary"])
        #expect(run.records.summary("rows") == 0 && run.records.isComplete == true)
    }

    @Test("Numbers keep every digit, there and back")
    func digits() async throws {
        let binary = try BuiltBinary()
        let number = "12345678901234567890.10"
        try binary.write("{\"v\":\(number)}\n", to: "rows.jsonl")
        let run = try await binary.run(
            JobFileText("http://127.0.0.1:1", "input: { file: rows.jsonl }\npayload: { v: \"{{ row.v }}\" }"),
            ["--sandbox"])
        #expect(run.status == 0)
        #expect(run.records.byIndex.first?["response"]?["v"]?.numberValue?.text == number)
    }

    @Test("A row whose template has nothing to fill in fails alone")
    func missingPath() async throws {
        let binary = try BuiltBinary()
        let run = try await binary.run(
            JobFileText(
                "http://127.0.0.1:1", "input: { items: [{ a: 1 }, { b: 2 }] }\npayload: { a: \"{{ row.a }}\" }"),
            ["--sandbox"])
        #expect(run.status == 1)
        #expect(run.records.errorClasses == ["-", "template"])
        #expect(run.records.byIndex.last?["error"]?["message"]?.stringValue?.contains("a") == true)
    }

    @Test("A compressed input that is cut off ends the run with 2; the rows before it are recorded")
    func truncatedArchive() async throws {
        let binary = try BuiltBinary()
        try binary.writeRows(20_000)
        _ = try await Shell.run("gzip rows.jsonl && truncate -s -20 rows.jsonl.gz", in: binary.folder)
        let run = try await binary.run(
            JobFileText("http://127.0.0.1:1", "input: { file: rows.jsonl.gz }"), ["--dry-run"])
        #expect(run.status == 2)
        #expect(run.result.errors.contains("rows.jsonl.gz"))
        #expect(run.result.errors.contains("cut off"))
        #expect(run.result.lines.count > 1000)
    }

    @Test("An input that may not be read: 2, and nothing is sent")
    func forbidden() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let job = JobFileText(sandbox.url, "input: { file: rows.csv }")
        try binary.write(job.text, to: "job.yaml")
        try binary.write("a\n1\n", to: "rows.csv")
        // Root may read anything, unless it gives that up (capabilities(7)).
        let result = try await Shell.run(
            """
            chmod 000 rows.csv
            [ "$(id -u)" -ne 0 ] || as='setpriv --bounding-set=-dac_override,-dac_read_search'
            $as '\(try BuiltBinary.url.path)' run job.yaml --output out.jsonl
            """, in: binary.folder)
        #expect(result.status == 2, "\(result.output)")
        #expect(result.output.contains("rows.csv") && result.output.contains("ermission"), "\(result.output)")
        #expect(try sandbox.statistics().invocations.received == 0)
    }
}
