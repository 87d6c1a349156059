import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("What newcomers type", .serialized)
struct UsageTests {
    struct Line: Sendable, CustomTestStringConvertible {
        var words: [String]
        var status: Int32
        /// What the message says, in one piece each.
        var phrases: [String]
        var testDescription: String { words.joined(separator: " ") }

        init(_ line: String, _ status: Int32, _ phrases: String...) {
            words = line.split(separator: " ").map(String.init)
            self.status = status
            self.phrases = phrases
        }
    }

    @Test(
        "Says what is wrong, where, and what to do",
        arguments: [
            Line("foo", 64, "there is no command 'foo'", "'fnrun --help'"),
            Line("runn", 64, "did you mean 'run'?"),
            Line("help runn", 64, "did you mean 'run'?"),
            Line("version", 64, "'fnrun --version'"),
            Line("-V", 64, "'fnrun --version'"),
            Line("run", 64, "Missing expected argument '<file>'", "Usage: fnrun run <file> [<options>]\n"),
            Line("run nofile.yaml", 2, "nofile.yaml: error: ", "check the path; 'fnrun init' writes a first job file"),
            Line("run folder", 2, "folder: error: ", "name one of the files in it"),
            Line("run job.yaml --concurency 3", 64, "Did you mean '--concurrency'?"),
            Line("run job.yaml --job", 64, "Missing value for '--job <name>'"),
            Line("run job.yaml --job nope --sandbox", 64, "job.yaml has no job 'nope'; it has work"),
            Line("run job.yaml --limit -1", 64, "--limit wants a number of rows, 0 or more, not -1"),
            Line("run job.yaml --concurrency -3", 64, "--concurrency wants a number from 1 to 100000, not -3"),
            Line("run job.yaml --progress fancy", 64, "'auto', 'plain' or 'none'"),
            Line("run job.yaml --auth-timeout soon", 64, "such as 30s"),
            Line("run job.yaml --rate fast", 64, "50/s"),
            Line("smoke empty", 2, "empty: has no job files (*.yaml, *.yml); 'fnrun init empty' writes a first one"),
            Line("plan empty", 2, "'fnrun init empty'"),
            Line("plan job.yaml --from tomorrow", 64, "'tomorrow'", "RFC 3339, such as 2026-11-22T01:15:00Z"),
            Line("replay job.yaml", 64, "Missing expected argument '--from <file>'", "--from <file> [<options>]\n"),
            Line("schedule", 64, "Usage: fnrun schedule <file|dir> ... [<options>]\n"),
            Line("history", 2, "there is no ledger here; give --state DIR"),
            Line("why", 64, "Usage: fnrun why <job> <time> [<options>]\n"),
            Line("why job yesterday", 64, "such as 2026-11-22T01:15:00Z"),
            Line("report nope", 2, "nope: there is no such result file"),
            Line("invoke", 64, "The function's UUID, or an event id."),
            Line("invoke some_event", 2, "LP_ACCOUNT_ID", "--sandbox"),
            Line("doctor", 64, "Usage: fnrun doctor <file> [<options>]\n"),
            Line("completions tcsh", 64, "'bash', 'zsh' or 'fish'"),
            Line("plan job.yaml --count -1", 64, "--count wants a number from 1 on, not -1"),
            Line("plan job.yaml --format curl", 64, "--format curl is for --dry-run only"),
            Line("invoke some_event --sandbox --format curl", 64, "--format curl: only with --dry-run"),
            Line(
                "run --format json", 64, #"{"type":"error","error":"usage","exitCode":64,"message":"Missing expected"#),
            Line(
                "runn --format=json", 64, #""exitCode":64,"message":"fnrun: there is no command 'runn'; did you mean"#),
            Line("simulate job.yaml", 64, "How long it lasts, such as 30d or 1y."),
        ])
    func line(line: Line) async throws {
        let binary = try BuiltBinary()
        try binary.write(JobFileText("http://127.0.0.1:1").text, to: "job.yaml")
        try binary.write("", to: "folder/notes.txt")
        try binary.write("", to: "empty/notes.txt")
        let result = try await binary.run(line.words)
        #expect(result.status == line.status && result.output.isEmpty, "\(result.output)")
        for phrase in line.phrases { #expect(result.errors.contains(phrase), "\(result.errors)") }
    }

    @Test("Without a command, the overview goes to stdout")
    func nothing() async throws {
        let result = try await BuiltBinary().run([])
        #expect(result.status == 0 && result.output.contains("RUN SUBCOMMANDS:") && result.errors.isEmpty)
    }

    @Test("explain tells programs the same")
    func explain() async throws {
        let result = try await BuiltBinary().run(["explain", "unknown-key", "--format", "json"])
        let answer = try JSONParser.parse(result.output)
        #expect(answer["code"] == "unknown-key")
        #expect(answer["cause"]?.stringValue?.isEmpty == false && answer["cure"]?.stringValue?.isEmpty == false)
    }

    @Test("doctor of a file that is not there says what to do about that, not about its content")
    func doctor() async throws {
        let result = try await BuiltBinary().run(["doctor", "nope.yaml"])
        #expect(result.status == 2 && result.output.contains("cure:  check the path"), "\(result.output)")
    }
}
