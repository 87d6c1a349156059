import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("fnrun schedule: reloading")
struct ScheduleReloadTests {
    @Test("A file that changes is read again: jobs come, go and change; a broken one keeps the plan")
    func reload() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        var file = JobFileText(sandbox.url)
        file.jobs = [("stays", "schedule: { every: 300ms }"), ("goes", "schedule: { every: 300ms }")]
        let daemon = try binary.startSchedule(file)
        try await daemon.waitForEnds(1, of: "stays")
        try await daemon.waitForEnds(1, of: "goes")
        file.jobs[1] = ("comes", "schedule: { every: 200ms }")
        try binary.write(file.text, to: "job.yaml")
        try await daemon.waitForEnds(2, of: "comes")
        #expect(daemon.errorsSoFar.contains("+ comes") && daemon.errorsSoFar.contains("- goes"))
        try binary.write(file.text.replacing("schedule: {", with: "schedle: {"), to: "job.yaml")
        try await daemon.waitFor("the new files are wrong; the plan in force stays")
        #expect(daemon.errorsSoFar.contains("job.yaml:13:5: error: "), "\(daemon.errorsSoFar)")
        let ends = daemon.ends(of: "stays")
        try await daemon.waitForEnds(ends + 2, of: "stays")
        file.jobs[0].settings = "schedule: { every: 250ms }\noverlap: bufferOne"
        try binary.write(file.text, to: "job.yaml")
        try await daemon.waitFor("~ stays: schedule, overlap, catch-up or mutex")
        let result = await binary.stop(daemon)
        #expect(result.status == 0, "\(result.errors)")
        let lines = try await binary.history()
        let (goes, comes) = (lines.of("goes"), lines.of("comes"))
        #expect(goes.faults(every: 300_000) == [] && comes.faults(every: 200_000) == [])
        #expect((goes.last?.last ?? 0) < (comes.first?.first ?? 0))
        #expect(!lines.contains { $0.state == "missed" || $0.isGoing })
    }

    @Test("With logs as JSON every line is an object: signals, snapshots and wrong files, too")
    func linesOfJSON() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let file = JobFileText(sandbox.url, "schedule: { every: 1h }")
        let daemon = try binary.startSchedule(file, ["--log-format", "json", "--listen", "127.0.0.1:0"])
        let port = try await daemon.statusPort()
        try await daemon.waitFor("scheduling 1 job")
        daemon.signal(SIGUSR1)
        try await daemon.waitFor("\"phase\":\"running\"")
        try binary.write(file.text.replacing("schedule: {", with: "schedle: {"), to: "job.yaml")
        try await daemon.waitFor("the plan in force stays")
        let status = try JSONParser.parse(Array(LoopbackHTTP.get(port: port, path: "/status.json").utf8))
        let problem = status["reload"]?["problem"]?.stringValue ?? ""
        #expect(problem.hasPrefix("job.yaml:") && problem.contains("schedle"), "\(problem)")
        let result = await binary.stop(daemon)
        #expect(result.status == 0 && result.errors.contains("SIGTERM"))
        for line in result.errors.split(separator: "\n") {
            #expect((try? JSONParser.parse(Array(line.utf8)))?.objectValue != nil, "\(line)")
        }
    }

    @Test("A file that changes while the daemon starts is read again", arguments: ["job.yaml", "."])
    func changeDuringTheStart(path: String) async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.write(JobFileText(sandbox.url, "schedule: { every: 1h }").text, to: "job.yaml")
        #expect(try await binary.run(["tick", path]).status == 0)
        // The daemon has read its files when it waits for the ledger.
        async let held = binary.holdLedger()
        try await Polling.until("the lock") { binary.ledgerIsHeld }
        let daemon = try binary.start(["schedule", path])
        try await Polling.until("the ledger is opened") {
            let descriptors = "/proc/\(daemon.processID)/fd"
            return try FileManager.default.contentsOfDirectory(atPath: descriptors).contains { name in
                let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\(name)")
                return target?.hasSuffix("/ledger.sqlite") == true
            }
        }
        try binary.write(JobFileText(sandbox.url, job: "renamed", "schedule: { every: 1h }").text, to: "job.yaml")
        try binary.releaseLedger()
        #expect(try await held == 0)
        try await daemon.waitFor("+ renamed")
        #expect(daemon.errorsSoFar.contains("- work"))
        #expect(await binary.stop(daemon).status == 0)
    }

    @Test("SIGHUP reads the files again, and a run under way ends as it began")
    func hangup() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { latency: 1s }")
        let binary = try BuiltBinary()
        var file = JobFileText(sandbox.url, "schedule: { every: 100ms }\npayload: before")
        let daemon = try binary.startSchedule(file)
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received >= 1 }
        daemon.signal(SIGHUP)
        try await daemon.waitFor("reloaded: no job differs")
        file.jobs[0].settings = "schedule: { every: 100ms }\npayload: after"
        try binary.write(file.text, to: "job.yaml")
        daemon.signal(SIGHUP)
        try await daemon.waitFor("~ work: what is sent")
        let ends = daemon.ends(of: "work")
        try await daemon.waitForEnds(ends + 2, of: "work")
        let result = await binary.stop(daemon)
        #expect(result.status == 0, "\(result.errors)")
        let lines = try await binary.history()
        #expect(lines.of("work").faults(every: 100_000) == [])
        #expect(lines.of("work").overlaps == [])
        let responses = try binary.results(of: "work").invocations.compactMap { $0["response"]?.stringValue }
        #expect(responses.first == "before" && responses.last == "after")
    }

    @Test("A folder is watched: files that come and go")
    func folder() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        try binary.write(JobFileText(sandbox.url, job: "one", "schedule: { every: 300ms }").text, to: "jobs/one.yaml")
        let daemon = try binary.start(["schedule", "jobs"])
        try await daemon.waitForEnds(1, of: "one")
        try binary.write(JobFileText(sandbox.url, job: "two", "schedule: { every: 300ms }").text, to: "jobs/two.yaml")
        try await daemon.waitForEnds(1, of: "two")
        try FileManager.default.removeItem(at: binary.folder.appendingPathComponent("jobs/one.yaml"))
        try await daemon.waitFor("- one")
        // A name that is there already: the files together are wrong.
        try binary.write(JobFileText(sandbox.url, job: "two", "schedule: { every: 1s }").text, to: "jobs/more.yaml")
        try await daemon.waitFor("the plan in force stays")
        #expect(daemon.errorsSoFar.contains("job 'two' is in jobs/more.yaml as well"))
        let result = await binary.stop(daemon)
        #expect(result.status == 0, "\(result.errors)")
        let lines = try await binary.history(["--state", "jobs/.fnrun"])
        #expect(Set(lines.map(\.job)) == ["one", "two"])
    }

    @Test("A client secret that changes in its file is read again")
    func secretFile() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "accounts: { \"12345678\": { clientId: test-client, clientSecret: right } }")
        let binary = try BuiltBinary()
        let text = JobFileText(sandbox.url, "schedule: { every: 300ms }").text
        try binary.write(
            text.replacing("clientSecret: \(JobFileText.secret)", with: "clientSecretFile: secret"), to: "job.yaml")
        try binary.write("wrong\n", to: "secret")
        let daemon = try binary.start(["schedule", "job.yaml"])
        try await daemon.waitFor("account 12345678 is paused")
        try binary.write("right\n", to: "secret")
        try await daemon.waitForEnds(2, of: "work")
        let result = await binary.stop(daemon)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await binary.history().contains { $0.reason == "credentialsRejected" })
    }
}
