import BinarySupport
import JSONText
import Testing

@Suite("Tokens and accounts", .serialized)
struct TokenTests {
    @Test("A thousand invocations that are refused at once see exactly one renewal; none fails")
    func oneRenewal() async throws {
        // The first token is good for 1,000 requests: then all in flight are refused together.
        let sandbox = try await SandboxProcess.start(
            script: "token: { revokeAfter: 1000 }\ndefault: { latency: 20ms }")
        let binary = try BuiltBinary()
        try binary.writeRows(1900)
        let run = try await binary.run(
            JobFileText(
                sandbox.url,
                "input: { file: rows.jsonl }\nconcurrency: 1000\nadaptive: false\nrecord: { response: false }"),
            ["--max-concurrency", "1000"])
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(run.records.summary("succeeded") == 1900 && run.records.reconciles)
        let seen = try sandbox.statistics()
        #expect(seen.unauthorized > 0, "nothing was refused: the test tests nothing")
        #expect(seen.tokens.requested == 2)
        #expect(seen.invocations.duplicateRequestIds == 0)
    }

    @Test("A Sentinel that is dead for a while in mid-run costs no invocation, and no expired token is sent")
    func deadSentinel() async throws {
        let sandbox = try await SandboxProcess.start(
            script: """
                token: { lifetime: 2s, sequence: [ok, 500, reset, 503, 500, ok] }
                default: { latency: 5ms }
                """)
        let binary = try BuiltBinary()
        try binary.writeRows(600)
        let run = try await binary.run(
            JobFileText(sandbox.url, "input: { file: rows.jsonl }\nrate: 150/s\nconcurrency: 16"))
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(run.records.summary("succeeded") == 600 && run.records.reconciles)
        let seen = try sandbox.statistics()
        #expect(seen.tokens.requested >= 6, "the Sentinel never failed: the test tests nothing")
        #expect(seen.unauthorized == 0)
        #expect(seen.deviationCount == 0, "\(seen.deviations.prefix(3))")
    }

    @Test("Token answers of every form are taken", arguments: ["string", "number", "absent"], [false, true])
    func forms(expiresIn: String, isOpaque: Bool) async throws {
        let sandbox = try await SandboxProcess.start(
            script: "token: { expiresIn: \(expiresIn), opaque: \(isOpaque) }")
        let run = try await BuiltBinary().run(JobFileText(sandbox.url))
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(try sandbox.statistics().tokens.requested == 1)
    }

    @Test("Wrong credentials end the run with 4 after one token request, not one per row")
    func rejected() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "accounts: { \"12345678\": { clientId: test-client, clientSecret: right } }")
        let binary = try BuiltBinary()
        try binary.writeRows(500)
        let run = try await binary.run(JobFileText(sandbox.url, "input: { file: rows.jsonl }\nconcurrency: 50"))
        #expect(run.status == 4, "\(run.result.errors)")
        #expect(run.records.isComplete == false && run.records.reconciles)
        #expect(run.records.summary("succeeded") == 0)
        #expect(!run.result.errors.contains(JobFileText.secret))
        let seen = try sandbox.statistics()
        #expect(seen.tokens.requested == 1)
        #expect(seen.invocations.received == 0)
    }

    @Test("An account that the Domain API does not know: 4", arguments: [400, 401])
    func noSuchAccount(status: Int) async throws {
        let sandbox = try await SandboxProcess.start(script: "domainApi: { then: \(status) }")
        let binary = try BuiltBinary()
        try binary.writeRows(50)
        let run = try await binary.run(JobFileText(sandbox.url, "input: { file: rows.jsonl }"))
        #expect(run.status == 4, "\(run.result.errors)")
        #expect(run.result.errors.contains("12345678"))
        #expect(run.records.reconciles)
        let seen = try sandbox.statistics()
        #expect(seen.tokens.requested == 0 && seen.invocations.received == 0)
        #expect((seen.requests["domainApi"] ?? 0) <= 2, "one look-up each for Sentinel and gateway at most")
    }

    @Test("An account without Functions: 4, and the message says what to ask for")
    func noFunctions() async throws {
        let sandbox = try await SandboxProcess.start(script: "domainApi: { hosts: { faasGW: null } }")
        let run = try await BuiltBinary().run(JobFileText(sandbox.url))
        #expect(run.status == 4, "\(run.result.errors)")
        #expect(run.result.errors.contains("faasGW"))
        #expect(run.records.outcomes == ["cancelled"] && run.records.reconciles)
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("A Domain API out of reach: 3 after --auth-timeout, each row that was read accounted for")
    func unreachable() async throws {
        let binary = try BuiltBinary()
        try binary.writeRows(50)
        let port = try LoopbackHTTP.closedPort()
        let run = try await binary.run(
            JobFileText("http://127.0.0.1:\(port)", "input: { file: rows.jsonl }"), ["--auth-timeout", "1s"])
        #expect(run.status == 3, "\(run.result.errors)")
        #expect(run.result.errors.contains("127.0.0.1:\(port)"))
        #expect(run.records.reconciles && run.records.isComplete == false)
        #expect(run.records.summary("succeeded") == 0 && run.records.summary("attempts") == 0)
    }

    @Test("A Sentinel that comes back within --auth-timeout is waited for")
    func lateSentinel() async throws {
        let sandbox = try await SandboxProcess.start(script: "token: { sequence: [503, close, ok] }")
        let run = try await BuiltBinary().run(JobFileText(sandbox.url))
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(try sandbox.statistics().tokens.requested == 3)
    }

    @Test("Jobs of one account share hosts and token")
    func shared() async throws {
        let sandbox = try await SandboxProcess.start()
        var job = JobFileText(sandbox.url, job: "one")
        job.jobs += [("two", ""), ("three", "")]
        let run = try await BuiltBinary().run(job, ["--all"])
        #expect(run.status == 0, "\(run.result.errors)")
        let seen = try sandbox.statistics()
        #expect(seen.invocations.executed == 3)
        #expect(seen.tokens.requested == 1)
    }
}
