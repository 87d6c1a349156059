import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Bad input", .serialized)
struct BadInputTests {
    @Test("A job file that is missing, or is a folder: 2", arguments: ["missing.yaml", "folder"])
    func missingFile(path: String) async throws {
        let binary = try BuiltBinary()
        try binary.write("", to: "folder/x")
        let result = try await binary.run(["run", path, "--sandbox"])
        #expect(result.status == 2)
        #expect(result.errors.contains(path), "\(result.errors)")
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        /// What the message must hold.
        var word: String
        var testDescription: String { name }
    }

    private static let head = """
        version: 1
        account: { id: "1", clientId: a, clientSecret: b }
        lambdas: { hello: 6f91f192-c1df-40e0-94f9-8765fd70fd02 }

        """

    @Test(
        "A job file with a mistake: 2, with its place and what to do, and nothing is written",
        arguments: [
            Mistake(name: "empty", text: "", word: "job.yaml"),
            Mistake(name: "not YAML", text: "a: [b", word: "job.yaml:1:"),
            Mistake(name: "tab", text: "version: 1\njobs:\n\ta: b", word: "job.yaml:3:"),
            Mistake(name: "NUL", text: "version: 1\u{0}", word: "job.yaml:1:"),
            Mistake(
                name: "version", text: head.replacingOccurrences(of: "1\n", with: "2\n") + "jobs: {a: {lambda: hello}}",
                word: "version"),
            Mistake(
                name: "unset variable", text: head + "jobs: { a: { lambda: hello, concurrency: \"${NO_SUCH_VAR}\" } }",
                word: "NO_SUCH_VAR"),
            Mistake(
                name: "unset variable of the account",
                text: head.replacingOccurrences(of: "clientSecret: b", with: "clientSecret: \"${NO_SUCH_SECRET}\"")
                    + "jobs: { a: { lambda: hello } }", word: "NO_SUCH_SECRET"),
            Mistake(name: "unknown lambda", text: head + "jobs: { a: { lambda: helo } }", word: "did you mean 'hello'"),
            Mistake(
                name: "duplicate key", text: head + "jobs: { a: { lambda: hello, lambda: hello } }", word: "lambda"),
            Mistake(name: "unknown key", text: head + "jobs: { a: { lambda: hello, retires: {} } }", word: "retires"),
            Mistake(name: "no jobs", text: head + "jobs: {}", word: "jobs"),
            Mistake(
                name: "http to a host that is not loopback",
                text: head.replacingOccurrences(
                    of: "clientSecret: b", with: "clientSecret: b, endpoints: { domainApi: \"http://example.com\" }")
                    + "jobs: { a: { lambda: hello } }", word: "https"),
        ])
    func mistake(mistake: Mistake) async throws {
        let binary = try BuiltBinary()
        try binary.write(mistake.text, to: "job.yaml")
        let result = try await binary.run(["run", "job.yaml", "--output", "out.jsonl"])
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains("error: ") && result.errors.contains(mistake.word), "\(result.errors)")
        #expect(try binary.records().types.isEmpty)
    }

    @Test(
        "An input that is missing, a folder, of no known kind, or no archive: 2, and no host is asked",
        arguments: ["missing.csv", "folder.csv", "rows.xlsx", "rows.csv.gz"])
    func input(file: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.write("", to: "folder.csv/x")
        try binary.write("a\n1\n", to: "rows.xlsx")
        try binary.write("a\n1\n", to: "rows.csv.gz")
        let run = try await binary.run(JobFileText(sandbox.url, "input: { file: \(file) }"))
        #expect(run.status == 2, "\(run.result.errors)")
        #expect(run.result.errors.contains(file), "\(run.result.errors)")
        #expect(try sandbox.statistics().invocations.received == 0)
    }

    @Test(
        "Wrong usage: 64",
        arguments: [
            ["run"], ["run", "job.yaml", "--frobnicate"], ["frobnicate"], ["run", "job.yaml", "--rate", "fast"],
            ["run", "job.yaml", "--concurrency", "0"], ["run", "job.yaml", "--limit", "-1"],
            ["run", "job.yaml", "--set", "noequals"], ["run", "job.yaml", "--job", "a", "--all"],
            ["run", "job.yaml", "--format", "curl"], ["run", "job.yaml", "--input-format", "xml"],
            ["run", "job.yaml", "--nominal-time", "yesterday"], ["run", "job.yaml", "--auth-timeout", "soon"],
            ["sandbox", "--port", "65536"], ["report"], ["validate"],
        ])
    func usage(arguments: [String]) async throws {
        let binary = try BuiltBinary()
        try binary.write(JobFileText("http://127.0.0.1:1").text, to: "job.yaml")
        let result = try await binary.run(arguments)
        #expect(result.status == 64, "\(result.errors)")
        #expect(!result.errors.isEmpty)
        #expect(result.output.isEmpty)
    }

    @Test("An --env-file that is missing or malformed: 2", arguments: ["missing.env", "bad.env"])
    func environmentFile(name: String) async throws {
        let binary = try BuiltBinary()
        try binary.write("this is no assignment\n", to: "bad.env")
        let run = try await binary.run(JobFileText("http://127.0.0.1:1"), ["--sandbox", "--env-file", name])
        #expect(run.status == 2)
        #expect(run.result.errors.contains(name), "\(run.result.errors)")
    }

    @Test("A sandbox script with a mistake: 2, with its place")
    func script() async throws {
        let binary = try BuiltBinary()
        try binary.write("version: 1\ndefault: { then: rset }\n", to: "sandbox.yaml")
        let run = try await binary.run(JobFileText("http://127.0.0.1:1"), ["--sandbox-script", "sandbox.yaml"])
        #expect(run.status == 2)
        #expect(run.result.errors.contains("sandbox.yaml:2:") && run.result.errors.contains("did you mean 'reset'"))
    }

    @Test("Without an account, and without the sandbox: 2")
    func noAccount() async throws {
        let binary = try BuiltBinary()
        try binary.write(
            "version: 1\nlambdas: { f: \(JobFileText.function) }\njobs: { a: { lambda: f } }\n", to: "job.yaml")
        let result = try await binary.run(["run", "job.yaml", "--output", "out.jsonl"])
        #expect(result.status == 2)
        #expect(result.errors.contains("account") && result.errors.contains("--sandbox"))
    }
}
