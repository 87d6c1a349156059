import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("fnrun tick", .serialized)
struct TickTests {
    /// A job that was due so many minutes ago, oldest first.
    private static func due(_ minutes: Int..., settings: String = "") -> String {
        let times = minutes.map { "  - { at: \"\(TimeText.fromNow(Double(-60 * $0)))\" }" }
        return "schedule:\n\(times.joined(separator: "\n"))\n\(settings)"
    }

    /// Writes a job file and calls `tick` on a ledger that looks an hour back for what it does not know.
    private static func tick(
        _ binary: BuiltBinary, _ file: JobFileText, _ arguments: [String] = ["--since", "1h"]
    ) async throws -> BuiltBinary.Result {
        try binary.write(file.text, to: "job.yaml")
        return try await binary.run(["tick", "job.yaml"] + arguments)
    }

    @Test("What is due runs once, however often tick is called, and leaves records, ledger and summary")
    func once() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let file = JobFileText(
            sandbox.url, Self.due(10, settings: "payload: { at: \"{{ run.nominalTime }}\" }"))
        let first = try await Self.tick(binary, file)
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.isEmpty)
        #expect(first.errors.contains("1 ran, 0 skipped, 0 missed"))
        let lines = try await binary.history()
        #expect(lines.map(\.fate) == ["ran succeeded"])
        let line = try #require(lines.first)
        #expect(line.trigger == "tick")
        #expect(abs((line.latenessMs ?? 0) - 600_000) < 120_000)
        let records = try binary.results(of: "work")
        #expect(records.types == ["run", "window", "invocation", "summary"])
        #expect(records.runs.first?["trigger"] == "tick")
        #expect(records.runs.first?["nominalTime"]?.stringValue == line.nominalTime)
        #expect(records.runs.first?["runId"]?.stringValue == line.runId)
        #expect(records.invocations.first?["response"]?["at"]?.stringValue == line.nominalTime)
        #expect(line.results == "results/work/\(line.nominalTime.prefix(10)).jsonl")
        for _ in 0..<2 {
            let next = try await Self.tick(binary, file)
            #expect(next.status == 0, "\(next.errors)")
            #expect(next.errors.contains("0 ran, 0 skipped, 0 missed"))
            let told = try await Self.tick(binary, file, ["--format", "json"])
            #expect(
                told.errors.contains(#"{"type":"tick","ran":0,"failed":0,"skipped":0,"missed":0}"#), "\(told.errors)")
        }
        #expect(try await binary.history() == lines)
        let seen = try sandbox.statistics()
        #expect(seen.invocations.received == 1 && seen.deviationCount == 0)
    }

    @Test("On a fresh ledger nothing before now is due; from then on all is, and --since changes that no more")
    func fresh() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let file = JobFileText(sandbox.url, Self.due(30, 10))
        for arguments in [[], ["--since", "1h"]] {
            let result = try await Self.tick(binary, file, arguments)
            #expect(result.status == 0, "\(result.errors)")
        }
        #expect(try await binary.history().isEmpty)
        // A job that the ledger does not know is looked for all the same.
        var more = file
        more.jobs.append(("new", Self.due(10)))
        let result = try await Self.tick(binary, more)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await binary.history().map { "\($0.job) \($0.fate)" } == ["new ran succeeded"])
    }

    @Test("Time between two ticks is accounted for without gaps")
    func between() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let file = JobFileText(sandbox.url, "schedule: { every: 200ms }\ncatchup: all\ncatchupWindow: 1h")
        #expect(try await Self.tick(binary, file, []).status == 0)
        var status: Int32 = 0
        for _ in 0..<50 where try sandbox.statistics().invocations.received < 3 {
            status = max(status, try await Self.tick(binary, file, []).status)
        }
        let lines = try await binary.history()
        #expect(!lines.isEmpty && lines.faults(every: 200_000) == [])
        #expect(lines.allSatisfy { ["ran succeeded"].contains($0.fate) || $0.fate.hasPrefix("missed catchup") })
        #expect(status == (lines.contains { $0.state == "missed" } ? 8 : 0))
        #expect(try sandbox.statistics().invocations.received == lines.count(of: "ran succeeded"))
    }

    struct CatchUp: Sendable, CustomTestStringConvertible {
        var settings: String
        /// Oldest first.
        var fates: [String]
        var status: Int32
        var testDescription: String { settings.replacing("\n", with: ", ") }
    }

    @Test(
        "Catch-up of what was due 50, 40, 30, 20 and 10 minutes ago",
        arguments: [
            CatchUp(settings: "", fates: ["missed catchup x4", "ran succeeded"], status: 8),
            CatchUp(
                settings: "catchup: latest\ncatchupWindow: 5m", fates: ["missed catchup x4", "missed window"],
                status: 8),
            CatchUp(
                settings: "catchup: all\ncatchupWindow: 2h", fates: Array(repeating: "ran succeeded", count: 5),
                status: 0),
            CatchUp(
                settings: "catchup: all\ncatchupWindow: 25m",
                fates: ["missed window x3", "ran succeeded", "ran succeeded"], status: 8),
            CatchUp(
                settings: "catchup: all\ncatchupWindow: 2h\ncatchupMax: 2",
                fates: ["missed catchup x3", "ran succeeded", "ran succeeded"], status: 8),
            CatchUp(settings: "catchup: none", fates: ["missed catchup x5"], status: 8),
            CatchUp(settings: "suspend: true", fates: ["skipped suspended x5"], status: 0),
        ])
    func catchUp(catchUp: CatchUp) async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 20ms }")
        let binary = try BuiltBinary()
        let file = JobFileText(sandbox.url, Self.due(50, 40, 30, 20, 10, settings: catchUp.settings))
        let result = try await Self.tick(binary, file)
        #expect(result.status == catchUp.status, "\(result.errors)")
        let lines = try await binary.history().of("work")
        #expect(lines.map(\.fate) == catchUp.fates)
        #expect(lines.overlaps == [])
        #expect(lines.map { $0.run?.lowerBound ?? 0 } == lines.map { $0.run?.lowerBound ?? 0 }.sorted())
        #expect(try sandbox.statistics().invocations.maxInFlight <= 1)
        // What was missed or skipped stays so.
        var again = file
        again.jobs[0].settings = again.jobs[0].settings.replacing("suspend: true", with: "suspend: false")
        let next = try await Self.tick(binary, again)
        #expect(next.status == 0, "\(next.errors)")
        #expect(try await binary.history().of("work") == lines)
    }

    struct Ending: Sendable, CustomTestStringConvertible {
        var script: String
        var settings = ""
        var status: Int32
        var fate = "ran failed"
        var testDescription: String { "\(status)" }
    }

    @Test(
        "Exit codes: the decisive one of what the runs amount to",
        arguments: [
            Ending(script: "default: { then: 901 }", status: 1),
            Ending(
                script: "default: { then: 901 }", settings: "input: { items: [1, 2, 3] }\ntolerate: 1", status: 5),
            Ending(
                script: "default: { match: [{ when: { payload: 2 }, then: 901 }] }",
                settings: "input: { items: [1, 2, 3] }\ntolerate: 1", status: 0, fate: "ran succeeded"),
            Ending(
                script: "domainApi: { hosts: { faasGW: \"127.0.0.1:9\" } }", settings: "retry: { maxAttempts: 1 }",
                status: 3),
            Ending(script: "token: { then: 401 }", status: 4),
            Ending(script: "domainApi: { then: 400 }", status: 4),
            Ending(script: "default: { reply: ok }", settings: "input: { file: not-there.csv }", status: 2),
            Ending(script: "default: { reply: ok }", settings: "output: job.yaml/x.jsonl", status: 7),
        ])
    func exitCodes(ending: Ending) async throws {
        let sandbox = try await SandboxProcess.start(script: ending.script)
        let binary = try BuiltBinary()
        let result = try await Self.tick(
            binary, JobFileText(sandbox.url, Self.due(10, settings: ending.settings)),
            ["--since", "1h", "--auth-timeout", "2s"])
        #expect(result.status == ending.status, "\(result.errors)")
        #expect(try await binary.history().map(\.fate) == [ending.fate])
        // Once is once: a failure is not tried again.
        let next = try await Self.tick(binary, JobFileText(sandbox.url, Self.due(10, settings: ending.settings)), [])
        #expect(next.status == 0, "\(next.errors)")
        #expect(try await binary.history().count == 1)
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("Of a missed occurrence and a failure, the missed one decides; rejected credentials go before both")
    func decisive() async throws {
        let sandbox = try await SandboxProcess.start(
            script: """
                accounts:
                  "12345678": { clientId: test-client, clientSecret: \(JobFileText.secret) }
                  "87654321": { clientId: test-client, clientSecret: right }
                default: { then: 901 }
                """)
        let binary = try BuiltBinary()
        let file = JobFileText(sandbox.url, Self.due(20, 10))
        let result = try await Self.tick(binary, file)
        #expect(result.status == 8, "\(result.errors)")
        var wrong = JobFileText(sandbox.url, job: "other", Self.due(10))
        wrong.accountID = "87654321"
        wrong.jobs += (1...20).map { ("other\($0)", Self.due(10)) }
        try binary.write(wrong.text, to: "wrong.yaml")
        let both = try await binary.run(
            ["tick", "wrong.yaml", "job.yaml", "--since", "1h", "--state", "elsewhere"])
        #expect(both.status == 4, "\(both.errors)")
        #expect(both.errors.contains("87654321"))
        #expect(try sandbox.statistics().tokens.credentialsRejected == 1, "one request, not one a run")
        let lines = try await binary.history(["--state", "elsewhere"])
        #expect(lines.of("work").map(\.fate) == ["missed catchup", "ran failed"])
        #expect(lines.count { $0.job.hasPrefix("other") } == 21)
    }

    @Test("A run that an earlier tick has begun and that is still going: overlap decides, skip does not wait")
    func overlapBetweenTicks() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 8s }")
        let binary = try BuiltBinary()
        try binary.write(JobFileText(sandbox.url, "schedule: { every: 1s }").text, to: "job.yaml")
        let first = try binary.start(["tick", "job.yaml", "--since", "1s"])
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received == 1 }
        var fates: [String] = []
        // The next occurrence is due within a second.
        for _ in 0..<100 where !fates.contains("skipped overlap") {
            #expect(try await [0, 8].contains(binary.run(["tick", "job.yaml"]).status))
            fates = try await binary.history().map(\.fate)
        }
        #expect(fates.contains("skipped overlap"))
        #expect(first.isRunning)
        #expect(try sandbox.statistics().invocations.received == 1)
        #expect(await binary.stop(first).status == 143)
    }

    @Test("Ten ticks at once: each occurrence once")
    func concurrent() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "remember: { payloads: 1000 }\ndefault: { latency: 30ms }")
        let binary = try BuiltBinary()
        var file = JobFileText(sandbox.url)
        let settings = "catchup: all\ncatchupWindow: 2h\npayload: \"{{ job.name }} {{ run.nominalTime }}\""
        file.jobs = (0..<5).map { ("job\($0)", Self.due(50, 40, 30, 20, 10, settings: settings)) }
        try binary.write(file.text, to: "job.yaml")
        let results = try await withThrowingTaskGroup(of: BuiltBinary.Result.self) { group in
            for _ in 0..<10 { group.addTask { try await binary.run(["tick", "job.yaml", "--since", "1h"]) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.map(\.status) == Array(repeating: 0, count: 10), "\(results.map(\.errors))")
        let lines = try await binary.history()
        #expect(lines.count == 25 && Set(lines.map(\.occurrence)).count == 25)
        #expect(lines.allSatisfy { $0.fate == "ran succeeded" }, "\(Set(lines.map(\.fate)))")
        let seen = try sandbox.statistics()
        #expect(seen.invocations.maxInFlight <= 5, "runs of one job were beside each other")
        #expect(seen.invocations.executed == 25 && seen.payloads?.distinct == 25 && seen.payloads?.repeated == 0)
        let records = try (0..<5).map { try binary.results(of: "job\($0)") }
        #expect(records.map(\.summaries.count) == Array(repeating: 5, count: 5))
    }

    @Test("A weekend of a job that runs every second is one row, and takes no longer than a minute of it")
    func weekend() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let result = try await Self.tick(
            binary, JobFileText(sandbox.url, "schedule: { every: 1s }"), ["--since", "60h"])
        #expect(result.status == 8, "\(result.errors)")
        let lines = try await binary.history().of("work")
        let missed = try #require(lines.first)
        #expect(missed.state == "missed" && missed.reason == "catchup")
        #expect((216_000 - 2...216_000).contains(missed.number), "\(missed.number)")
        #expect(lines.faults(every: 1_000_000) == [])
        // The latest may have been too late on a slow machine.
        #expect(lines.count <= 2 && lines.count(of: "ran succeeded") <= 1)
        #expect(result.errors.split(separator: "\n").count < 10, "a line for each: \(result.errors.prefix(2000))")
    }

    @Test("A signal drains, closes what ran, and leaves the rest to the next tick")
    func signal() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 300ms }")
        let binary = try BuiltBinary()
        let file = JobFileText(sandbox.url, Self.due(30, 20, 10, settings: "catchup: all\ncatchupWindow: 2h"))
        try binary.write(file.text, to: "job.yaml")
        let tick = try binary.start(["tick", "job.yaml", "--since", "1h"])
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received == 1 }
        let result = await binary.stop(tick)
        #expect(result.status == 143, "\(result.errors)")
        #expect(try sandbox.statistics().invocations.received == 1)
        #expect(try await binary.history().of("work").map(\.fate) == ["ran succeeded", "claimed", "claimed"])
        let next = try await Self.tick(binary, file)
        #expect(next.status == 0, "\(next.errors)")
        #expect(try await binary.history().map(\.fate) == Array(repeating: "ran succeeded", count: 3))
        #expect(try sandbox.statistics().invocations.received == 3)
    }

    @Test("Records to stdout")
    func standardOutput() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let result = try await Self.tick(binary, JobFileText(sandbox.url, Self.due(10, settings: "output: \"-\"")))
        #expect(result.status == 0, "\(result.errors)")
        #expect(try ResultLines(result.output).types == ["run", "window", "invocation", "summary"])
    }

    @Test("--sandbox needs no account")
    func embeddedSandbox() async throws {
        let binary = try BuiltBinary()
        try binary.write(
            """
            version: 1
            lambdas: { f: \(JobFileText.function) }
            jobs:
              work:
                lambda: f
                schedule: { at: "\(TimeText.fromNow(-600))" }
            """, to: "jobs/work.yaml")
        let result = try await binary.run(["tick", "jobs", "--since", "1h", "--sandbox"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await binary.history(["--state", "jobs/.fnrun"]).map(\.fate) == ["ran succeeded"])
        let other = try await binary.run(["tick", "jobs", "--state", "other", "--since", "1h"])
        #expect(other.status == 2 && other.errors.contains("lacks 'account'"), "\(other.errors)")
    }
}
