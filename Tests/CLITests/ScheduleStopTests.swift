import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("fnrun schedule: stopping")
struct ScheduleStopTests {
    @Test("SIGTERM and SIGINT drain what is in flight, start nothing new, and exit 0", arguments: [SIGTERM, SIGINT])
    func drain(signal: Int32) async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 700ms }")
        let binary = try BuiltBinary()
        let daemon = try binary.startSchedule(
            JobFileText(sandbox.url, "schedule: { every: 100ms }\ninput: { items: [1, 2, 3] }\nconcurrency: 1"))
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received >= 1 }
        daemon.signal(signal)
        let result = await daemon.result()
        #expect(result.status == 0, "\(result.errors)")
        let records = try binary.results(of: "work")
        #expect(records.runs.count == 1 && records.reconciles && records.summary("unknown") == 0)
        #expect(records.outcomes.first == "succeeded")
        let lines = try await binary.history()
        #expect(lines.of("work").faults(every: 100_000) == [])
        #expect(lines.count { $0.state == "ran" } == 1 && !lines.contains { $0.state == "claimed" })
        #expect(try sandbox.statistics().invocations.received == records.summary("attempts"))
    }

    @Test("A run that the ledger lets begin after SIGTERM is called off")
    func afterTheStop() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { then: hang }")
        let binary = try BuiltBinary()
        let due = Date.now.addingTimeInterval(12)
        let daemon = try binary.startSchedule(
            JobFileText(sandbox.url, "schedule: { at: \"\(TimeText.fromNow(12))\" }"))
        try await daemon.waitFor("scheduling 1 job")
        // Nobody can write the ledger when the job is due: the claim waits.
        async let held = binary.holdLedger(from: due.timeIntervalSince1970 - 4)
        try await Polling.until("the claim") {
            binary.ledgerIsHeld && Date.now > due
        }
        daemon.signal(SIGTERM)
        try await daemon.waitFor("SIGTERM")
        try binary.releaseLedger()
        #expect(try await held == 0)
        let result = await daemon.result()
        #expect(result.status == 0 && result.errors.contains("called off before anything was sent"), "\(result.errors)")
        #expect(try sandbox.statistics().invocations.received == 0)
    }

    @Test("A run that is stopped before it has sent anything is the next scheduler's", arguments: ["schedule", "tick"])
    func calledOff(command: String) async throws {
        let dead = try await SandboxProcess.start(script: "token: { then: hang }")
        let binary = try BuiltBinary()
        let receiver = try HookReceiver()
        let settings =
            "schedule: { every: 1h }\ncatchup: latest\ncatchupWindow: 2h\nonFailure: { webhook: \(receiver.url) }"
        try binary.write(JobFileText(dead.url, settings).text, to: "job.yaml")
        let first = try binary.start(["tick", "job.yaml", "--since", "1h", "--log-level", "debug"])
        try await Polling.until("a token request") { try dead.statistics().tokens.requested >= 1 }
        first.signal(SIGTERM)
        let result = await first.result()
        #expect(result.status == 143, "\(result.errors)")
        #expect(result.errors.contains("called off before anything was sent"))
        let waiting = try #require(try await binary.history().first)
        #expect(waiting.state == "claimed" && waiting.startedAt == nil && waiting.runId == nil)
        #expect(receiver.requests.isEmpty)

        let sandbox = try await SandboxProcess.start()
        try binary.write(JobFileText(sandbox.url, settings).text, to: "job.yaml")
        let next = try binary.start([command, "job.yaml"])
        if command == "schedule" {
            try await next.waitForEnds(1, of: "work")
            next.signal(SIGTERM)
        }
        let ended = await next.result()
        #expect(ended.status == 0, "\(ended.errors)")
        let lines = try await binary.history()
        #expect(lines.map(\.fate) == ["ran succeeded"] && lines.map(\.occurrence) == [waiting.occurrence])
        #expect(try sandbox.statistics().invocations.executed == 1)
    }

    @Test("--shutdown-timeout bounds the drain, a second signal ends it; the exit code is 0", arguments: [true, false])
    func cutShort(byTimeout: Bool) async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { then: hang }")
        let binary = try BuiltBinary()
        let daemon = try binary.startSchedule(
            JobFileText(sandbox.url, "schedule: { every: 100ms }"),
            byTimeout ? ["--shutdown-timeout", "300ms"] : [])
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received >= 1 }
        daemon.signal(SIGTERM)
        if !byTimeout {
            try await daemon.waitFor("SIGTERM")
            daemon.signal(SIGTERM)
        }
        let result = await daemon.result()
        #expect(result.status == 0, "\(result.errors)")
        #expect(try binary.results(of: "work").outcomes == ["unknown"])
        let lines = try await binary.history()
        #expect(lines.count(of: "ran failed") == 1 && !lines.contains { $0.state == "claimed" })
    }
}
