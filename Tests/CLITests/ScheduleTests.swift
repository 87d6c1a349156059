import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("fnrun schedule")
struct ScheduleTests {
    @Test("Every nominal time is accounted for; runs leave records of their day")
    func firing() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        var file = JobFileText(
            sandbox.url, "schedule: { every: 500ms }\npayload: { at: \"{{ run.nominalTime }}\" }\nmutex: [a, b]")
        file.jobs.append(("phased", "schedule: { every: 1s, phase: 300ms }"))
        let daemon = try binary.startSchedule(file)
        try await daemon.waitForEnds(4, of: "work")
        try await daemon.waitForEnds(2, of: "phased")
        let result = await binary.stop(daemon)
        #expect(result.status == 0 && result.output.isEmpty, "\(result.errors)")
        #expect(result.errors.contains("scheduling 2 jobs"))
        let lines = try await binary.history()
        #expect(lines.of("work").faults(every: 500_000) == [])
        #expect(lines.of("phased").faults(every: 1_000_000) == [])
        #expect(lines.of("phased").allSatisfy { $0.first % 1_000_000 == 300_000 })
        let ran = lines.filter { $0.state == "ran" }
        #expect(ran.allSatisfy { $0.result == "succeeded" && $0.trigger == "schedule" })
        #expect(ran.allSatisfy { ($0.run?.lowerBound ?? 0) >= $0.first })
        #expect(ran.allSatisfy { abs(Double(($0.run?.lowerBound ?? 0) - $0.first) / 1000 - ($0.latenessMs ?? -9)) < 2 })
        #expect(try sandbox.statistics().invocations.executed == ran.count)
        #expect(try sandbox.statistics().deviationCount == 0)
        #expect(try sandbox.statistics().tokens.requested == 1)
        try Self.checkRecords(of: binary, lines.of("work").filter { $0.state == "ran" })
        #expect(try binary.mode(".fnrun") == 0o700 && binary.mode(".fnrun/ledger.sqlite") == 0o600)
    }

    private static func checkRecords(of binary: BuiltBinary, _ ran: [LedgerLine]) throws {
        let records = try binary.results(of: "work")
        #expect(records.types == ran.flatMap { _ in ["run", "window", "invocation", "summary"] })
        #expect(records.runs.map { $0["runId"]?.stringValue } == ran.map(\.runId))
        #expect(records.runs.map { $0["nominalTime"]?.stringValue } == ran.map(\.nominalTime))
        #expect(records.runs.allSatisfy { $0["trigger"] == "schedule" })
        #expect(records.invocations.map { $0["response"]?["at"]?.stringValue } == ran.map(\.nominalTime))
        for line in ran {
            let name = "results/work/\(line.nominalTime.prefix(10)).jsonl"
            #expect(line.results == name)
            #expect(try binary.mode(name) == 0o600)
            #expect(try binary.read(name).contains(line.runId ?? "?"))
        }
    }

    // MARK: - Overlap

    @Test("Overlap policies, with runs that take four periods")
    func overlap() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "remember: { payloads: 10000 }\ndefault: { latency: 400ms }")
        let binary = try BuiltBinary()
        var file = JobFileText(sandbox.url)
        let rows = "input: { items: [1, 2, 3, 4] }\nconcurrency: 1\npayload: \"{{ job.name }} {{ run.id }} {{ row }}\""
        file.jobs = ["skip", "bufferOne", "bufferAll", "cancelOther", "allowAll"].map {
            ($0, "schedule: { every: 400ms }\noverlap: \($0)\n\(rows)")
        }
        let daemon = try binary.startSchedule(file)
        for job in ["skip", "bufferOne", "bufferAll", "allowAll"] { try await daemon.waitForEnds(2, of: job) }
        try await daemon.waitForEnds(2, of: "cancelOther", "failed")
        let result = await binary.stop(daemon)
        #expect(result.status == 0, "\(result.errors)")
        let lines = try await binary.history()
        for job in file.jobs.map(\.name) { #expect(lines.of(job).faults(every: 400_000) == [], "\(job)") }
        for job in ["skip", "bufferOne", "bufferAll", "cancelOther"] { #expect(lines.of(job).overlaps == [], "\(job)") }
        func skipped(_ job: String) -> Int {
            lines.of(job).filter { $0.reason == "overlap" }.reduce(0) { $0 + $1.number }
        }
        #expect(skipped("skip") > 0 && skipped("bufferOne") > 0)
        #expect(skipped("bufferAll") == 0 && skipped("allowAll") == 0)
        // Those that wait are claimed, and stay so.
        #expect(lines.of("bufferAll").contains { $0.state == "claimed" })
        #expect(!lines.of("skip").contains { $0.isGoing })
        // And one that was called off when it had hardly begun waits again.
        #expect(lines.of("bufferOne").count { $0.state == "claimed" } <= 2)
        #expect(lines.of("bufferOne").contains { ($0.latenessMs ?? 0) > 500 && $0.state == "ran" })
        #expect(!lines.of("allowAll").overlaps.isEmpty)
        let cancelled = try binary.results(of: "cancelOther")
        #expect(cancelled.summaries.first?["complete"]?.boolValue == false)
        #expect(cancelled.outcomeCounts["unknown"] == nil)
        #expect(try sandbox.statistics().payloads?.repeated == 0)
        let why = try await binary.why(try #require(lines.of("skip").first { $0.reason == "overlap" }))
        #expect(why.contains("overlap"))
    }

    @Test("Runs that may overlap do not fail for the file that another process's run has, but wait for it")
    func overlapAcrossProcesses() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 700ms }")
        let binary = try BuiltBinary()
        let file = JobFileText(sandbox.url, "schedule: { every: 500ms }\noverlap: allowAll")
        try binary.write(file.text, to: "job.yaml")
        let daemons = try (0..<2).map { _ in try binary.start(["schedule", "job.yaml", "-q"]) }
        try await Polling.until("six runs", within: 60) {
            try sandbox.statistics().invocations.executed >= 6
        }
        for daemon in daemons {
            let result = await binary.stop(daemon)
            #expect(result.status == 0 && !result.errors.contains(" notice "), "\(result.errors)")
        }
        let lines = try await binary.history()
        #expect(lines.count { $0.result == "succeeded" } >= 6 && !lines.contains { $0.result == "failed" })
    }

    @Test("A mutex keeps jobs apart, in one process and in two", arguments: [1, 2])
    func mutex(processes: Int) async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 250ms }")
        let binary = try BuiltBinary()
        let files = ["a", "b"].map { name in
            JobFileText(sandbox.url, job: name, "schedule: { every: 700ms }\nmutex: database")
        }
        for file in files { try binary.write(file.text, to: "\(file.jobs[0].name).yaml") }
        let arguments = processes == 1 ? [["a.yaml", "b.yaml"]] : [["a.yaml"], ["b.yaml"]]
        let daemons = try arguments.map { try binary.start(["schedule", "--state", "state"] + $0) }
        for (position, job) in ["a", "b"].enumerated() {
            try await daemons[min(position, processes - 1)].waitForEnds(3, of: job)
        }
        for daemon in daemons {
            let result = await binary.stop(daemon)
            #expect(result.status == 0, "\(result.errors)")
        }
        let lines = try await binary.history(["--state", "state"])
        #expect(lines.of("a").faults(every: 700_000) == [] && lines.of("b").faults(every: 700_000) == [])
        #expect(try sandbox.statistics().invocations.maxInFlight == 1)
        #expect(lines.contains { $0.state == "ran" && ($0.latenessMs ?? 0) > 100 }, "nothing waited")
    }

    // MARK: - What it tells

    @Test("SIGUSR1 prints a snapshot to stderr and stops nothing")
    func snapshot() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 20s }")
        let binary = try BuiltBinary()
        var file = JobFileText(sandbox.url, "schedule: { every: 200ms }")
        file.jobs.append(("later", "schedule: { at: \"\(TimeText.fromNow(100_000))\" }"))
        let daemon = try binary.startSchedule(file, ["--shutdown-timeout", "100ms"])
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received >= 1 }
        daemon.signal(SIGUSR1)
        try await daemon.waitFor("2 jobs; since ")
        try await daemon.waitFor("  going: work@")
        try await daemon.waitFor(": 0 rows done, 0 failed, 1 in flight")
        try await daemon.waitFor("  account 12345678: 1 in flight")
        #expect(daemon.isRunning)
        #expect(await binary.stop(daemon).status == 0)
    }

    @Test("The service manager is told of readiness, reloads and the stop")
    func notify() async throws {
        let sandbox = try await SandboxProcess.start()
        let socket = try NotifySocket()
        let binary = try BuiltBinary(environment: ["NOTIFY_SOCKET": socket.path])
        let daemon = try binary.startSchedule(JobFileText(sandbox.url, "schedule: { every: 1h }"))
        try await socket.waitFor("READY=1")
        daemon.signal(SIGHUP)
        try await socket.waitFor("RELOADING=1")
        try await socket.waitFor("MONOTONIC_USEC=")
        try await socket.waitFor("READY=1")
        daemon.signal(SIGTERM)
        try await socket.waitFor("STOPPING=1")
        #expect(await daemon.result().status == 0)
    }

    @Test("Webhooks and pings tell how runs end, are repeated, and show their paths to nobody")
    func hooks() async throws {
        let receiver = try HookReceiver(answering: [500])
        let sandbox = try await SandboxProcess.start(
            script: "default: { match: [{ when: { payload: bad }, then: 901 }] }")
        let binary = try BuiltBinary()
        var file = JobFileText(sandbox.url)
        file.jobs = [
            (
                "good",
                """
                schedule: { every: 500ms }
                onSuccess: { webhook: "\(receiver.url)/s3cret-good?key=1" }
                onFailure: { webhook: "\(receiver.url)/s3cret-stopped" }
                ping: "\(receiver.url)/s3cret-ping"
                """
            ),
            (
                "bad",
                """
                schedule: { every: 500ms }
                payload: bad
                onFailure: { webhook: "\(receiver.url)/s3cret-bad" }
                ping: "\(receiver.url)/s3cret-never"
                """
            ),
        ]
        let daemon = try binary.startSchedule(file, ["--log-level", "debug"])
        try await daemon.waitForEnds(2, of: "good")
        try await daemon.waitForEnds(2, of: "bad", "failed")
        let result = await binary.stop(daemon)
        #expect(result.status == 0, "\(result.errors)")
        let lines = try await binary.history()
        // One that has just begun when the daemon is told to stop ends as failed.
        let good = lines.of("good").filter { $0.fate == "ran succeeded" }
        let stopped = lines.of("good").filter { $0.fate == "ran failed" }
        let bad = lines.of("bad").filter { $0.state == "ran" }
        func told(_ line: String) -> [String?] {
            receiver.requests(line).map { $0.body?["runId"]?.stringValue }
        }
        #expect(Set(told("POST /s3cret-good?key=1")) == Set(good.map(\.runId)))
        #expect(Set(told("POST /s3cret-bad")) == Set(bad.map(\.runId)))
        #expect(receiver.requests("GET /s3cret-ping").count >= good.count)
        #expect(!receiver.requests.contains { $0.line.hasSuffix("never") })
        #expect(Set(told("POST /s3cret-stopped")) == Set(stopped.map(\.runId)))
        let expected = 2 * good.count + stopped.count + bad.count + 1
        #expect(receiver.requests.count == expected, "the first was answered with 500")
        let body = try #require(receiver.requests("POST /s3cret-bad").first?.body)
        #expect(body["job"] == "bad" && body["result"] == "failed" && body["counts"]?["failed"]?.intValue == 1)
        #expect(body["occurrence"]?.stringValue == bad.first?.occurrence)
        #expect(!result.errors.contains("s3cret"))
    }

    // MARK: - Files and accounts

    @Test("Accounts of several files: one whose credentials are rejected is paused, the others go on")
    func accounts() async throws {
        let sandbox = try await SandboxProcess.start(
            script: """
                accounts:
                  "11111111": { clientId: test-client, clientSecret: \(JobFileText.secret) }
                  "22222222": { clientId: test-client, clientSecret: other }
                """)
        let binary = try BuiltBinary()
        for (id, job) in [("11111111", "good"), ("22222222", "bad")] {
            var file = JobFileText(sandbox.url, job: job, "schedule: { every: 300ms }")
            file.accountID = id
            try binary.write(file.text, to: "\(job).yaml")
        }
        let daemon = try binary.start(["schedule", "good.yaml", "bad.yaml"])
        try await daemon.waitFor("account 22222222 is paused")
        let ends = daemon.ends(of: "good")
        try await daemon.waitForEnds(ends + 3, of: "good")
        let result = await binary.stop(daemon)
        #expect(result.status == 0 && !result.errors.contains(JobFileText.secret), "\(result.errors)")
        let lines = try await binary.history()
        #expect(lines.of("good").faults(every: 300_000) == [] && lines.of("bad").faults(every: 300_000) == [])
        let skipped = try #require(lines.of("bad").first { $0.reason == "credentialsRejected" })
        #expect(skipped.state == "skipped")
        #expect(lines.of("bad").filter { $0.state == "ran" }.allSatisfy { $0.result == "failed" })
        #expect(lines.of("bad").count { $0.state == "ran" } <= 1)
        #expect(!lines.of("good").contains { $0.reason == "credentialsRejected" })
        #expect(try await binary.why(skipped).contains("rejected the account's credentials"))
        let seen = try sandbox.statistics()
        #expect(seen.tokens.credentialsRejected == 1 && seen.deviationCount == 0)
    }

    @Test("A secret that was wrong and is put right in the file: after the reload its jobs run")
    func rotatedSecret() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "accounts: { \"12345678\": { clientId: test-client, clientSecret: \(JobFileText.secret) } }")
        let binary = try BuiltBinary()
        var file = JobFileText(sandbox.url, "schedule: { every: 300ms }")
        file.clientSecret = "wrong"
        let daemon = try binary.startSchedule(file)
        try await daemon.waitFor("account 12345678 is paused")
        file.clientSecret = JobFileText.secret
        try binary.write(file.text, to: "job.yaml")
        try await daemon.waitFor("reloaded")
        try await daemon.waitForEnds(1, of: "work")
        #expect(await binary.stop(daemon).status == 0)
        #expect(try sandbox.statistics().tokens.credentialsRejected == 1)
    }

    @Test("Names of jobs are unique over all files", arguments: ["schedule", "tick", "plan"])
    func duplicates(command: String) async throws {
        let binary = try BuiltBinary()
        for name in ["one", "two"] {
            try binary.write(JobFileText("http://127.0.0.1:1", "schedule: { every: 1h }").text, to: "\(name).yaml")
        }
        let result = try await binary.run([command, "one.yaml", "two.yaml"])
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains("two.yaml:11:3: error: job 'work' is in one.yaml as well"), "\(result.errors)")
        #expect((try? binary.mode(".fnrun")) == nil, "a ledger was made")
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var arguments: String
        var status: Int32
        var words: String
        var testDescription: String { arguments }
    }

    @Test(
        "What keeps it from starting is told",
        arguments: [
            Refusal(arguments: "", status: 64, words: "file|dir"),
            Refusal(arguments: "not-there.yaml", status: 2, words: "not-there.yaml"),
            Refusal(arguments: "empty", status: 2, words: "no job files"),
            Refusal(arguments: "job.yaml --listen nowhere", status: 64, words: "nowhere"),
            Refusal(arguments: "job.yaml --max-concurrency 0", status: 64, words: "--max-concurrency"),
            Refusal(arguments: "job.yaml --keep forever", status: 64, words: "forever"),
            Refusal(arguments: "broken.yaml", status: 2, words: "broken.yaml:"),
            Refusal(arguments: "job.yaml --state job.yaml/state", status: 7, words: "job.yaml"),
            Refusal(arguments: "job.yaml --state /proc/fnrun-state", status: 7, words: "/proc/fnrun-state"),
        ])
    func refusals(refusal: Refusal) async throws {
        let binary = try BuiltBinary()
        try binary.write(JobFileText("http://127.0.0.1:1", "schedule: { every: 1h }").text, to: "job.yaml")
        try binary.write("jobs: [", to: "broken.yaml")
        try binary.write("", to: "empty/notes.txt")
        let result = try await binary.run(["schedule"] + refusal.arguments.split(separator: " ").map(String.init))
        #expect(result.status == refusal.status, "\(result.errors)")
        #expect(result.errors.contains(refusal.words), "\(result.errors)")
    }

    @Test("Files without a schedule: a warning, and it waits for one")
    func nothingScheduled() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let daemon = try binary.startSchedule(JobFileText(sandbox.url))
        try await daemon.waitFor("no job of these files has a schedule")
        try binary.write(JobFileText(sandbox.url, "schedule: { every: 200ms }").text, to: "job.yaml")
        try await daemon.waitForEnds(1, of: "work")
        #expect(await binary.stop(daemon).status == 0)
    }
}
