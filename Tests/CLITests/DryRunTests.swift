import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Dry runs", .serialized)
struct DryRunTests {
    /// Nobody listens there: whatever is sent fails.
    private static func job(_ settings: String = "") throws -> JobFileText {
        JobFileText("http://127.0.0.1:\(try LoopbackHTTP.closedPort())", settings)
    }

    @Test("A dry run prints each request, contacts no host and writes no file", arguments: ["text", "json", "curl"])
    func prints(format: String) async throws {
        let binary = try BuiltBinary()
        try binary.writeRows(3)
        let run = try await binary.run(
            Self.job("input: { file: rows.jsonl }\nheaders: { X-N: \"{{ row.n }}\" }"),
            ["--dry-run", "--format", format])
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(run.records.types.isEmpty, "a result file was written")
        let requests = run.result.output.components(separatedBy: "/lambdas/\(JobFileText.function)/invoke").count - 1
        #expect(requests == 3)
        #expect(!run.result.output.contains(JobFileText.secret) && !run.result.errors.contains(JobFileText.secret))
        #expect(run.result.output.contains("LP_TOKEN"))
    }

    @Test("In JSON, each line is one request with its body")
    func json() async throws {
        let binary = try BuiltBinary()
        let run = try await binary.run(
            Self.job("input: { items: [{ a: 1 }], key: k }\npayload: { a: \"{{ row.a }}\" }"),
            ["--dry-run", "--format", "json"])
        let request = try JSONParser.parse(run.result.output)
        #expect(request["index"]?.intValue == 0 && request["key"]?.stringValue == "k")
        #expect(request["method"]?.stringValue == "POST")
        #expect(request["headers"]?["Content-Type"]?.stringValue == "application/json")
        #expect(request["body"]?["payload"]?["a"]?.intValue == 1)
    }

    @Test("A row whose userId renders to nothing fails: the platform would refuse it")
    func emptyUserID() async throws {
        let binary = try BuiltBinary()
        let job = "input: { items: [{ u: \"\" }, { u: x }] }\nuserId: \"{{ row.u }}\""
        let dry = try await binary.run(Self.job(job), ["--dry-run", "--format", "json"])
        #expect(dry.status == 1 && dry.result.errors.contains("userId is empty"), "\(dry.result.errors)")
        let run = try await binary.run(Self.job(job), ["--sandbox"])
        let failed = try #require(run.records.invocations.first { $0["index"]?.intValue == 0 })
        #expect(failed["outcome"] == "failed" && failed["error"]?["class"] == "template" && failed["attempts"] == 0)
        #expect(!run.result.errors.contains("deviation"), "\(run.result.errors)")
    }

    @Test("As curl, whatever stands in a row is data to the shell")
    func curl() async throws {
        let binary = try BuiltBinary()
        let evil = "it's $(touch pwned) `touch pwned` \\\" ! \\u0000 é"
        try binary.write("{\"v\":\"\(evil)\"}\n", to: "rows.jsonl")
        let run = try await binary.run(
            Self.job("input: { file: rows.jsonl }\nuserId: \"{{ row.v }}\"\nheaders: { X-V: \"{{ row.v }}\" }"),
            ["--dry-run", "--format", "curl"])
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(run.result.output.contains("$LP_TOKEN"))
        try binary.write(run.result.output, to: "requests.sh")
        let syntax = try await Shell.run("bash -n requests.sh", in: binary.folder)
        #expect(syntax.status == 0, "\(syntax.output)")
        // A function in place of curl prints its last argument: the body, as a server would get it.
        let ran = try await Shell.run(
            "curl() { printf '%s' \"${@: -1}\"; }; . ./requests.sh; ls pwned 2>/dev/null", in: binary.folder)
        let body = try JSONParser.parse(ran.output)
        #expect(body["payload"]?["v"]?.stringValue == "it's $(touch pwned) `touch pwned` \" ! \u{0} é")
        #expect(!ran.output.contains("\npwned"))
    }

    @Test("The curl commands work: sent to a sandbox, they are what the platform wants")
    func curlWorks() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        var job = JobFileText(sandbox.url, "payload: { a: 1 }")
        job.endpoints = "gateway: \(sandbox.url)"
        let run = try await binary.run(job, ["--dry-run", "--format", "curl"])
        #expect(run.status == 0, "\(run.result.errors)")
        try binary.write(run.result.output, to: "requests.sh")
        let form = "grant_type=client_credentials&client_id=a&client_secret=b"
        let script = """
            LP_TOKEN=$(curl -s "\(sandbox.url)/sentinel/api/account/12345678/app/token?v=2.0" -d '\(form)' |
              sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
            LP_ACCOUNT_ID=12345678
            . ./requests.sh
            """
        let answer = try await Shell.run(script, in: binary.folder)
        #expect(answer.output == "{\"a\":1}")
        let seen = try sandbox.statistics()
        #expect(seen.invocations.executed == 1 && seen.deviationCount == 0, "\(seen.deviations)")
    }

    @Test("A row that cannot be rendered: 1, and the other rows are still shown", arguments: ["text", "json", "curl"])
    func badRow(format: String) async throws {
        let run = try await BuiltBinary().run(
            Self.job("input: { items: [{ a: 1 }, {}, { a: 3 }] }\npayload: { a: \"{{ row.a }}\" }"),
            ["--dry-run", "--format", format])
        #expect(run.status == 1)
        #expect(run.result.errors.contains("row 1"))
        #expect(run.result.output.contains("{\"a\":1}") && run.result.output.contains("{\"a\":3}"))
    }

    @Test("Unset variables inside account are no error of a dry run; the placeholders say what is missing")
    func unsetAccount() async throws {
        let binary = try BuiltBinary()
        let text = try Self.job().text.replacingOccurrences(of: "\"12345678\"", with: "${LP_ACCOUNT_ID}")
            .replacingOccurrences(of: JobFileText.secret, with: "${LP_CLIENT_SECRET}")
        try binary.write(text, to: "job.yaml")
        let result = try await binary.run(["run", "job.yaml", "--dry-run"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("$LP_ACCOUNT_ID"))
    }
}
