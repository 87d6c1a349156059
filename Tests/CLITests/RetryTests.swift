import BinarySupport
import JSONText
import Testing

@Suite("Retries and outcomes", .serialized)
struct RetryTests {
    /// Quick waits, so that only `Retry-After` takes its time.
    private static let quick = "retry: { initialInterval: 10ms, maxAttempts: 3 }"

    struct Fate: Sendable, CustomTestStringConvertible {
        var script: String
        var outcome: String
        var attempts: Int
        var errorClass: String
        var status: Int?
        /// How often the function ran, for all that the caller can know.
        var executed: Int
        var settings = ""
        var testDescription: String { "\(script) \(settings)" }
    }

    @Test(
        "What is answered, torn or lost decides the outcome, and whether it is sent again",
        arguments: [
            Fate(
                script: "sequence: [500, 500, ok]", outcome: "succeeded", attempts: 3, errorClass: "-", status: 200,
                executed: 1),
            Fate(script: "then: 503", outcome: "failed", attempts: 3, errorClass: "platform", status: 503, executed: 0),
            Fate(script: "then: 901", outcome: "failed", attempts: 1, errorClass: "function", status: 901, executed: 1),
            Fate(
                script: "then: 400", outcome: "failed", attempts: 1, errorClass: "badRequest", status: 400,
                executed: 0),
            Fate(
                script: "then: 403", outcome: "failed", attempts: 1, errorClass: "forbidden", status: 403,
                executed: 0),
            Fate(
                script: "then: 404", outcome: "failed", attempts: 1, errorClass: "notFound", status: 404,
                executed: 0),
            Fate(
                script: "then: 500", outcome: "failed", attempts: 1, errorClass: "platform", status: 500, executed: 0,
                settings: "retry: { never: [500] }"),
            Fate(
                script: "sequence: [901, ok]", outcome: "succeeded", attempts: 2, errorClass: "-", status: 200,
                executed: 2, settings: "retry: { statuses: [901], initialInterval: 10ms }"),
            Fate(script: "then: reset", outcome: "unknown", attempts: 1, errorClass: "network", executed: 1),
            Fate(script: "then: close", outcome: "unknown", attempts: 1, errorClass: "network", executed: 1),
            Fate(script: "then: torn", outcome: "unknown", attempts: 1, errorClass: "network", executed: 1),
            Fate(script: "then: garbage", outcome: "unknown", attempts: 1, errorClass: "network", executed: 1),
            Fate(
                script: "then: hang", outcome: "unknown", attempts: 1, errorClass: "timeout", executed: 1,
                settings: "timeout: 300ms"),
            Fate(
                script: "sequence: [reset, torn, ok]", outcome: "succeeded", attempts: 3, errorClass: "-",
                status: 200, executed: 3, settings: "idempotent: true"),
            Fate(
                script: "sequence: [hang, ok]", outcome: "succeeded", attempts: 2, errorClass: "-", status: 200,
                executed: 2, settings: "timeout: 300ms\nidempotent: true"),
            Fate(
                script: "sequence: [close, ok]", outcome: "succeeded", attempts: 2, errorClass: "-", status: 200,
                executed: 2, settings: "retry: { unknown: true, initialInterval: 10ms }"),
            Fate(
                script: "then: { status: 200, body: \"not JSON\" }", outcome: "succeeded", attempts: 1,
                errorClass: "-", status: 200, executed: 1),
            Fate(
                script: "then: { status: 500, body: \"<html>oops</html>\" }", outcome: "failed", attempts: 3,
                errorClass: "platform", status: 500, executed: 0),
        ])
    func fate(fate: Fate) async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { \(fate.script) }")
        let settings = fate.settings.contains("retry") ? fate.settings : "\(Self.quick)\n\(fate.settings)"
        let run = try await BuiltBinary().run(JobFileText(sandbox.url, settings))
        #expect(run.status == (fate.outcome == "succeeded" ? 0 : 1), "\(run.result.errors)")
        #expect(run.records.reconciles)
        let record = try #require(run.records.invocations.first)
        #expect(record["outcome"]?.stringValue == fate.outcome)
        #expect(record["attempts"]?.intValue == fate.attempts)
        #expect(run.records.errorClasses == [fate.errorClass])
        #expect(record["status"]?.intValue == fate.status)
        let seen = try sandbox.statistics()
        #expect(seen.invocations.received == fate.attempts)
        #expect(seen.invocations.executed == fate.executed)
        #expect(seen.invocations.distinctRequestIds == 1, "every attempt has the invocation's X-Request-ID")
        #expect(seen.deviationCount == 0, "\(seen.deviations)")
    }

    @Test("429 waits as long as Retry-After says, does not count as an attempt that is left, and ends well")
    func rateLimited() async throws {
        let limited = "{ status: 429, retryAfter: 1 }"
        let sandbox = try await SandboxProcess.start(script: "default: { sequence: [\(limited), \(limited), ok] }")
        let run = try await BuiltBinary().run(
            JobFileText(sandbox.url, "retry: { maxAttempts: 1, initialInterval: 1ms }"))
        #expect(run.status == 0, "\(run.result.errors)")
        let record = try #require(run.records.invocations.first)
        #expect(record["attempts"]?.intValue == 3)
        #expect((record["durationMs"]?.numberValue?.doubleValue ?? 0) >= 2000)
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    struct Pause: Sendable, CustomTestStringConvertible {
        var fate: String
        /// How long it waits, at least.
        var milliseconds: Double
        var testDescription: String { fate }
    }

    @Test(
        "429 waits at least a second; Retry-After may be a date",
        arguments: [
            Pause(fate: "429", milliseconds: 1000),
            // A date has whole seconds: up to one less than what was asked for, on the wire already.
            Pause(fate: "{ status: 429, retryAfter: { date: 3s } }", milliseconds: 2000),
            Pause(fate: "{ status: 429, retryAfter: \"soon\" }", milliseconds: 1000),
        ])
    func pause(pause: Pause) async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { sequence: [\(pause.fate), ok] }")
        let run = try await BuiltBinary().run(JobFileText(sandbox.url, "retry: { initialInterval: 1ms }"))
        #expect(run.status == 0, "\(run.result.errors)")
        let waited = run.records.invocations.first?["durationMs"]?.numberValue?.doubleValue ?? 0
        #expect(waited >= pause.milliseconds, "\(waited) ms")
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("A Retry-After beyond what is left of maxElapsed fails at once")
    func hopelessRetryAfter() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { then: { status: 429, retryAfter: 3600 } }")
        let run = try await BuiltBinary().run(JobFileText(sandbox.url, "retry: { maxElapsed: 20s }"))
        #expect(run.status == 1)
        #expect(run.records.errorClasses == ["rateLimited"])
        #expect(try sandbox.statistics().invocations.received == 1)
    }

    @Test("A function's own error is recorded with its code and message")
    func functionError() async throws {
        let code = "com.liveperson.faas.handler.custom-failure"
        let sandbox = try await SandboxProcess.start(
            script: "default: { then: { status: 901, code: \(code), message: \"no such \\\"customer\\\" ✗\" } }")
        let run = try await BuiltBinary().run(JobFileText(sandbox.url))
        let error = try #require(run.records.invocations.first?["error"])
        #expect(error["class"]?.stringValue == "function")
        #expect(error["code"]?.stringValue == code)
        #expect(error["message"]?.stringValue?.contains("no such \"customer\" ✗") == true)
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("An event that nothing implements is not found, on either platform", arguments: ["v1", "v2"])
    func orphanedEvent(platform: String) async throws {
        let sandbox = try await SandboxProcess.start(
            script: "platform: \(platform)\nevents: { other: [\(JobFileText.function)] }")
        var job = JobFileText(sandbox.url, "lambda: orphan")
        job.lambdas = ["orphan: { event: nobody_listens }"]
        let run = try await BuiltBinary().run(job)
        #expect(run.status == 1, "\(run.result.errors)")
        #expect(run.records.outcomes == ["failed"])
        #expect(run.records.errorClasses == ["notFound"])
        #expect(try sandbox.statistics().invocations.received == 1)
    }

    @Test("Attempts that all could not be sent: 3, after maxAttempts")
    func nobodyListens() async throws {
        let sandbox = try await SandboxProcess.start()
        var job = JobFileText(sandbox.url, "retry: { maxAttempts: 2, initialInterval: 10ms }")
        job.endpoints = "gateway: http://127.0.0.1:\(try LoopbackHTTP.closedPort())"
        let run = try await BuiltBinary().run(job)
        #expect(run.status == 3, "\(run.result.errors)")
        #expect(run.records.outcomes == ["failed"])
        #expect(run.records.errorClasses == ["network"])
        #expect(run.records.invocations.first?["attempts"]?.intValue == 2)
        #expect(run.records.reconciles)
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("One in twenty answers fails by chance; every row still ends well, none runs twice")
    func chance() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "default: { failures: { rate: 5%, as: [500, 502, 503], seed: 7 } }")
        let binary = try BuiltBinary()
        try binary.writeRows(1000)
        let run = try await binary.run(
            JobFileText(
                sandbox.url,
                "input: { file: rows.jsonl }\nconcurrency: 32\nretry: { initialInterval: 10ms, maxAttempts: 8 }"))
        #expect(run.status == 0, "\(run.result.errors)")
        #expect(run.records.summary("succeeded") == 1000 && run.records.reconciles)
        let seen = try sandbox.statistics()
        #expect(seen.invocations.received > 1000)
        #expect(seen.invocations.received == run.records.summary("attempts"))
        #expect(seen.invocations.executed == 1000 && seen.invocations.duplicateRequestIds == 0)
    }
}
