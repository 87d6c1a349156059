import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Secrets and permissions", .serialized)
struct SecretTests {
    @Test("Neither secret nor token appears in logs, records, messages or arguments", arguments: ["text", "json"])
    func nowhere(logFormat: String) async throws {
        let sandbox = try await SandboxProcess.start(
            script: "token: { revokeAfter: 12 }\ndefault: { latency: 20ms, sequence: [500, ok], per: function }")
        let binary = try BuiltBinary(environment: ["LP_CLIENT_SECRET": JobFileText.secret])
        try binary.writeRows(20)
        var job = JobFileText(
            sandbox.url,
            "input: { file: rows.jsonl }\nrecord: { request: true }\nretry: { initialInterval: 10ms }\nconcurrency: 2")
        job.clientSecret = "${LP_CLIENT_SECRET}"
        let arguments = try binary.arguments(for: job, ["--log-level", "trace", "--log-format", logFormat])
        let process = try binary.start(arguments)
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received > 0 }
        let commandLine = try? String(contentsOfFile: "/proc/\(process.processID)/cmdline", encoding: .utf8)
        let result = await process.result()
        #expect(try sandbox.statistics().tokens.issued > 1, "no token was renewed: the test tests too little")
        #expect(result.status == 0, "\(result.errors)")
        let records = try binary.read(BuiltBinary.resultName)
        #expect(!records.isEmpty && !result.errors.isEmpty)
        for (name, text) in [
            ("stdout", result.output), ("stderr", result.errors), ("records", records),
            ("arguments", commandLine ?? ""),
        ] {
            #expect(!text.contains(JobFileText.secret), "the client secret is in \(name)")
            #expect(!text.contains("eyJ"), "a token is in \(name)")
            #expect(!text.contains("Bearer e"), "a token is in \(name)")
        }
    }

    @Test("Refused credentials are told of without the secret")
    func refused() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "accounts: { \"12345678\": { clientId: test-client, clientSecret: right } }")
        let run = try await BuiltBinary().run(JobFileText(sandbox.url), ["--log-level", "trace"])
        #expect(run.status == 4)
        #expect(!(run.result.errors + run.result.output).contains(JobFileText.secret))
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("A secret in the wrong place of a job file is not shown with the error")
    func wrongPlace() async throws {
        let binary = try BuiltBinary(environment: ["LP_CLIENT_SECRET": JobFileText.secret])
        var job = JobFileText("http://127.0.0.1:1", "concurrency: ${LP_CLIENT_SECRET}")
        job.clientSecret = "${LP_CLIENT_SECRET}"
        let run = try await binary.run(job)
        #expect(run.status == 2)
        #expect(!run.result.errors.contains(JobFileText.secret), "\(run.result.errors)")
        job.jobs[0].settings = "expect: [{ path: \"${LP_CLIENT_SECRET}.x\", exists: true }]"
        let expecting = try await binary.run(job)
        #expect(expecting.status == 2 && expecting.result.errors.contains("expected a path below"))
        #expect(!expecting.result.errors.contains(JobFileText.secret), "\(expecting.result.errors)")
    }

    @Test("Files are made 0600 and folders 0700, whatever the umask")
    func permissions() async throws {
        let binary = try BuiltBinary()
        try binary.write(
            JobFileText("http://127.0.0.1:1", "output: new/er/out.jsonl").text, to: "job.yaml")
        let program = try BuiltBinary.url.path
        let ran = try await Shell.run("umask 000; '\(program)' run job.yaml --sandbox", in: binary.folder)
        #expect(ran.status == 0, "\(ran.output)")
        let made = try await Shell.run("'\(program)' init made/deep", in: binary.folder)
        #expect(made.status == 0, "\(made.output)")
        let listed = try await Shell.run("find new made -printf '%y %m %p\\n' | sort", in: binary.folder).output
        let lines = listed.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("f ") }.count == 7, "\(listed)")
        #expect(lines.allSatisfy { $0.hasPrefix("f 600 ") || $0.hasPrefix("d 700 ") }, "\(listed)")
    }
}
