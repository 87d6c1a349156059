import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("fnrun schedule --listen")
struct StatusPageTests {
    @Test("Serves health, readiness, metrics and a status page")
    func listen() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let daemon = try binary.startSchedule(
            JobFileText(sandbox.url, "schedule: { every: 300ms }"), ["--listen", "127.0.0.1:0"])
        let port = try await daemon.statusPort()
        try await daemon.waitForEnds(2, of: "work")
        #expect(try LoopbackHTTP.get(port: port, path: "/healthz").contains("\"ok\""))
        #expect(try LoopbackHTTP.get(port: port, path: "/readyz").contains("\"ready\""))
        #expect(try LoopbackHTTP.get(port: port, path: "/").contains("work"))
        let status = try Self.status(port)
        #expect(status["phase"] == "running" && status["jobs"]?[0]?["name"] == "work")
        #expect(status["jobs"]?[0]?["schedule"]?.stringValue?.hasPrefix("every ") == true)
        #expect((status["jobs"]?[0]?["ran"]?.intValue ?? 0) >= 2)
        let metrics = try LoopbackHTTP.get(port: port, path: "/metrics").split(separator: "\n")
        func value(_ series: String) -> Double {
            metrics.first { $0.hasPrefix(series + " ") }.flatMap { Double($0.dropFirst(series.utf8.count + 1)) } ?? -1
        }
        #expect(value("fnrun_occurrences_total{job=\"work\",state=\"ran\",reason=\"succeeded\"}") >= 2)
        #expect(value("fnrun_invocations_total{job=\"work\",outcome=\"succeeded\",class=\"none\"}") >= 2)
        #expect(value("fnrun_occurrence_lateness_seconds_count") >= 2)
        #expect(value("fnrun_ledger_write_seconds_count") >= 2)
        #expect(value("fnrun_attempts_total") >= 2 && value("fnrun_retries_total") == 0)
        #expect(value("fnrun_healthy") == 1)
        let second = try await binary.run(
            ["schedule", "job.yaml", "--state", "other", "--listen", "127.0.0.1:\(port)"])
        #expect(second.status == 64 && second.errors.contains("127.0.0.1:\(port)"), "\(second.errors)")
        #expect(await binary.stop(daemon).status == 0)
        #expect(throws: LoopbackHTTP.Failure.self) { try LoopbackHTTP.get(port: port, path: "/healthz") }
    }

    @Test("Status pages tell how runs are coming on, and of retries, while they are going")
    func progressOfRuns() async throws {
        let sandbox = try await SandboxProcess.start(
            script: """
                default:
                  match:
                    - { when: { payload: bad }, then: 503 }
                    - { when: { payload: slow }, latency: 20s }
                """)
        let binary = try BuiltBinary()
        let daemon = try binary.startSchedule(
            JobFileText(
                sandbox.url,
                """
                schedule: { every: 500ms }
                input: { items: [good, bad, slow] }
                payload: "{{ row }}"
                adaptive: false
                retry: { initialInterval: 50ms, maxAttempts: 3 }
                """),
            ["--listen", "127.0.0.1:0", "--shutdown-timeout", "100ms"])
        let port = try await daemon.statusPort()
        try await Polling.until("two rows done") {
            let status = try Self.status(port)
            let run = status["jobs"]?[0]?["going"]?[0]
            return run?["finished"]?.intValue == 2 && run?["failed"]?.intValue == 1 && run?["inFlight"]?.intValue == 1
                && run?["rows"]?.intValue == 3
        }
        try await Polling.until("the next occurrence is skipped") {
            let status = try Self.status(port)
            return status["jobs"]?[0]?["last"]?["reason"] == "overlap"
        }
        let metrics = try LoopbackHTTP.get(port: port, path: "/metrics")
        for line in [
            "fnrun_attempts_total 4", "fnrun_retries_total 2", "fnrun_attempts_in_flight 1", "fnrun_retries_waiting 0",
        ] {
            #expect(metrics.contains(line + "\n"), "\(line)")
        }
        #expect(await binary.stop(daemon).status == 0)
    }

    @Test("What ended without an answer has its class, and the last run its lateness")
    func classes() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { then: reset }")
        let binary = try BuiltBinary()
        let daemon = try binary.startSchedule(
            JobFileText(sandbox.url, "schedule: { every: 300ms }\ndescription: \"resets <all>\""),
            ["--listen", "127.0.0.1:0"])
        let port = try await daemon.statusPort()
        try await daemon.waitForEnds(1, of: "work", "failed")
        let metrics = try LoopbackHTTP.get(port: port, path: "/metrics")
        #expect(
            metrics.contains("fnrun_invocations_total{job=\"work\",outcome=\"unknown\",class=\"network\"}"))
        #expect(!metrics.contains("outcome=\"unknown\",class=\"none\""))
        let job = try Self.status(port)["jobs"]?[0]
        #expect(job?["last"]?["latenessMs"] != nil && job?["description"] == "resets <all>")
        #expect(try LoopbackHTTP.get(port: port, path: "/").contains("resets &lt;all&gt;"))
        #expect(await binary.stop(daemon).status == 0)
    }

    @Test("After a restart, status pages and metrics know how jobs fared before")
    func remembers() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let first = try binary.startSchedule(JobFileText(sandbox.url, "schedule: { every: 300ms }"))
        try await first.waitForEnds(1, of: "work")
        #expect(await binary.stop(first).status == 0)
        let last = try #require(try await binary.history().first { $0.state != "claimed" })
        let second = try binary.startSchedule(
            JobFileText(sandbox.url, "schedule: { every: 10000h }"), ["--listen", "127.0.0.1:0"])
        let port = try await second.statusPort()
        try await Polling.until("the last success") {
            try LoopbackHTTP.get(port: port, path: "/metrics")
                .contains("fnrun_job_last_success_timestamp_seconds{job=\"work\"}")
        }
        let status = try Self.status(port)
        #expect(status["jobs"]?[0]?["last"]?["nominalTime"]?.stringValue == last.nominalTime)
        #expect(status["jobs"]?[0]?["last"]?["result"]?.stringValue == last.result)
        #expect(status["jobs"]?[0]?["ran"]?.intValue == 0)
        #expect(await binary.stop(second).status == 0)
    }

    private static func status(_ port: UInt16) throws -> JSONValue {
        try JSONParser.parse(Array(LoopbackHTTP.get(port: port, path: "/status.json").utf8))
    }
}
