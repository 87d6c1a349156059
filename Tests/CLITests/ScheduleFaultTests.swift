import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Faults of scheduled runs")
struct ScheduleFaultTests {
    @Test("A run begins when the ledger has its claim, and that is how late it is said to be")
    func slowLedger() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        // The ledger names the file of a run before it begins.
        let daemon = try binary.startSchedule(
            JobFileText(sandbox.url, "schedule: { every: 500ms }\noutput: \"{{ run.startedAt }}.jsonl\""))
        try await daemon.waitForEnds(1, of: "work")
        #expect(try await binary.holdLedger(seconds: 2.5) == 0)
        let ends = daemon.ends(of: "work")
        try await daemon.waitForEnds(ends + 2, of: "work")
        #expect(await binary.stop(daemon).status == 0)
        let lines = try await binary.history().of("work").filter { $0.state == "ran" }
        for line in lines {
            let started = TimeText.microseconds(try #require(line.startedAt))
            #expect(abs(Double(started - line.first) / 1000 - (line.latenessMs ?? 0)) < 1)
            let run = try ResultLines(binary.read(try #require(line.results))).runs.first
            #expect(run?["startedAt"]?.stringValue == line.startedAt && run?["runId"]?.stringValue == line.runId)
        }
        #expect(lines.contains { ($0.latenessMs ?? 0) > 1500 }, "\(lines.map(\.latenessMs))")
    }

    // MARK: - Crashes

    /// Runs a daemon until a moment comes, and kills it.
    private static func kill(
        _ binary: BuiltBinary, _ file: JobFileText, when moment: (BuiltBinary.Running) async throws -> Void
    ) async throws {
        try binary.write(file.text, to: "job.yaml")
        let daemon = try binary.start(["schedule", "job.yaml", "--log-level", "info"])
        try await moment(daemon)
        daemon.signal(SIGKILL)
        #expect(await daemon.result().status == 128 + SIGKILL)
    }

    /// As if the process had died before its run left a record.
    private static func loseRecords(_ binary: BuiltBinary) throws {
        try FileManager.default.removeItem(at: binary.folder.appendingPathComponent("results"))
    }

    @Test(
        "Killed before the first attempt: a tick waits for the lease, closes it as crashed, and runs what is due",
        arguments: [true, false])
    func beforeFirstAttempt(hasRecords: Bool) async throws {
        let sandbox = try await SandboxProcess.start(
            script: "remember: { payloads: 1000 }\ntoken: { sequence: [hang], then: ok }")
        let binary = try BuiltBinary()
        let file = JobFileText(
            sandbox.url,
            "schedule: { every: 1s }\npayload: \"{{ run.nominalTime }}\"\nidempotent: true\noverlap: bufferOne")
        try await Self.kill(binary, file) { daemon in
            try await daemon.waitFor(": started (run ")
            try await Polling.until("the result file") { try !binary.resultText(of: "work").isEmpty }
        }
        if !hasRecords { try Self.loseRecords(binary) }
        #expect(try sandbox.statistics().invocations.received == 0)
        let before = try #require(try await binary.history().of("work").first)
        #expect(before.state == "claimed")
        // Until the lease ends it counts as going: the tick's own run waits.
        var told = ""
        for _ in 0..<5 where !told.contains("its process died") {
            let tick = try await binary.run(["tick", "job.yaml"])
            // The crash counts as a failure, unless occurrences were missed as well.
            #expect([0, 1, 8].contains(tick.status), "\(tick.errors)")
            told += tick.errors
        }
        #expect(told.components(separatedBy: "\(before.occurrence): its process died").count == 2, "\(told)")
        let lines = try await binary.history().of("work")
        let line = try #require(lines.first)
        #expect(line.fate == "ran crashed" && line.occurrence == before.occurrence)
        #expect(lines.last?.fate == "ran succeeded" && lines.overlaps == [])
        #expect(lines.faults(every: 1_000_000) == [])
        let received = try sandbox.statistics().invocations.received
        #expect(received == lines.count(of: "ran succeeded"))
        try await Self.resume(line, in: binary)
        #expect(try sandbox.statistics().invocations.received == received + 1)
        #expect(try sandbox.statistics().payloads?.repeated == 0)
    }

    /// Many rows, ten milliseconds apart.
    private static func rows(_ schedule: String, _ settings: String) -> String {
        """
        schedule: { \(schedule) }
        input: { items: [\((0..<300).map { "{n: \($0)}" }.joined(separator: ", "))] }
        rate: 100/s
        payload: { n: "{{ row.n }}", at: "{{ run.nominalTime }}" }
        \(settings)
        """
    }

    /// Waits until a run has recorded some rows.
    private static func waitForRecords(_ binary: BuiltBinary) async throws {
        try await Polling.until("some records", within: 60) {
            try binary.resultText(of: "work").split(separator: "\n").count > 8
        }
    }

    @Test("Killed in mid-run: blocks until the lease ends, then not; onFailure is told; why's command goes on")
    func inMidRun() async throws {
        let receiver = try HookReceiver()
        let sandbox = try await SandboxProcess.start(
            script: "remember: { payloads: 10000 }\ndefault: { latency: 50ms }")
        let binary = try BuiltBinary()
        let settings = Self.rows("every: 1s", "onFailure: { webhook: \"\(receiver.url)/crashed\" }")
        try await Self.kill(binary, JobFileText(sandbox.url, settings)) { _ in
            try await Self.waitForRecords(binary)
        }
        let daemon = try binary.start(["schedule", "job.yaml"])
        try await daemon.waitFor("closed as crashed")
        try await daemon.waitForEnds(1, of: "work")
        let result = await binary.stop(daemon)
        #expect(result.status == 0, "\(result.errors)")
        let lines = try await binary.history().of("work")
        let crashed = try #require(lines.first)
        #expect(crashed.fate == "ran crashed" && crashed.finishedAt != nil)
        #expect(lines.faults(every: 1_000_000) == [])
        #expect(lines.contains { $0.reason == "overlap" }, "\(lines.map(\.fate))")
        #expect(lines.contains { $0.fate == "ran succeeded" })
        let told = receiver.requests("POST /crashed").filter { $0.body?["runId"]?.stringValue == crashed.runId }
        #expect(told.map { $0.body?["result"]?.stringValue } == ["crashed"])
        // Rows that may have been sent are not repeated: nobody knows whether they ran.
        try await Self.resume(crashed, in: binary, status: 1)
        #expect(try sandbox.statistics().payloads?.repeated == 0)
        let own = try binary.results(of: "work").invocations.filter { $0["runId"]?.stringValue == crashed.runId }
        #expect(own.count { $0["outcome"] == "succeeded" } >= 5)
    }

    @Test(
        "onCrash: resume: the next daemon goes on with the run, and repeats no row that left a record",
        arguments: [true, false])
    func resumed(hasRecords: Bool) async throws {
        let sandbox = try await SandboxProcess.start(
            script: "remember: { payloads: 10000 }\ndefault: { latency: 50ms }")
        let binary = try BuiltBinary()
        // A run of the job is going at nearly all times: the one that is gone on with comes before the next.
        try await Self.kill(binary, JobFileText(sandbox.url, Self.rows("every: 1s", "onCrash: resume"))) { _ in
            try await Self.waitForRecords(binary)
        }
        let crashed = try #require(try await binary.history().of("work").first)
        #expect(crashed.state == "claimed" && crashed.startedAt != nil)
        if !hasRecords { try Self.loseRecords(binary) }
        let daemon = try binary.start(["schedule", "job.yaml", "--log-level", "info"])
        try await daemon.waitFor("\(crashed.occurrence): started, going on after a crash")
        try await daemon.waitFor("\(crashed.occurrence): \(hasRecords ? "failed" : "succeeded"): ")
        let result = await binary.stop(daemon)
        #expect(result.status == 0, "\(result.errors)")
        let lines = try await binary.history().of("work")
        let line = try #require(lines.first)
        #expect(line.occurrence == crashed.occurrence && line.runId == crashed.runId && line.resumptions == 1)
        #expect(line.fate == (hasRecords ? "ran failed" : "ran succeeded"))
        #expect(lines.faults(every: 1_000_000) == [])
        let records = try binary.results(of: "work")
        let runs = records.runs.filter { $0["nominalTime"]?.stringValue == line.nominalTime }
            .map { $0["runId"]?.stringValue }
        let ofRun = records.invocations.filter { runs.contains($0["runId"]?.stringValue) }
        #expect(Set(ofRun.compactMap { $0["index"]?.intValue }) == Set(0..<300))
        let outcomes = Set(ofRun.compactMap { $0["outcome"]?.stringValue })
        #expect(outcomes == (hasRecords ? ["succeeded", "unknown"] : ["succeeded"]))
        #expect(ofRun.count { $0["outcome"] == "succeeded" } > 150, "it did not go on")
        if hasRecords { #expect(try sandbox.statistics().payloads?.repeated == 0) }
    }

    @Test("A process that was frozen for longer than its lease ends its run; who takes over waits for that")
    func frozen() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "remember: { payloads: 10000 }\ndefault: { latency: 20ms }")
        let binary = try BuiltBinary()
        let file = JobFileText(
            sandbox.url, Self.rows("at: \"\(TimeText.fromNow(-60))\"", "onCrash: resume\ntimeout: 10m"))
        try binary.write(file.text, to: "job.yaml")
        let first = try binary.start(["tick", "job.yaml", "--since", "1h"])
        try await Self.waitForRecords(binary)
        first.signal(SIGSTOP)
        let second = try binary.start(["schedule", "job.yaml", "--log-level", "info"])
        try await second.waitFor("started, going on after a crash")
        first.signal(SIGCONT)
        #expect(await first.result().status == 0)
        try await second.waitForEnds(1, of: "work")
        let result = await binary.stop(second)
        #expect(result.status == 0, "\(result.errors)")
        #expect(try await binary.history().map(\.fate) == ["ran succeeded"])
        #expect(try sandbox.statistics().payloads?.repeated == 0)
        #expect(try sandbox.statistics().invocations.executed == 300)
    }

    /// Goes on with a crashed run as `why` says.
    private static func resume(
        _ line: LedgerLine, in binary: BuiltBinary, status: Int32 = 0
    ) async throws {
        let why = try await binary.why(line)
        #expect(why.contains("crashed") && why.contains("whose process died"), "\(why)")
        let advice = try #require(why.split(separator: "\n").first { $0.contains("go on with it: fnrun ") }, "\(why)")
        let command = advice.split(separator: " ").drop { $0 != "fnrun" }.dropFirst().map(String.init)
        let result = try await binary.run(command)
        #expect(result.status == status, "\(command): \(result.errors)")
        #expect(try binary.results(of: line.job).isComplete == true)
    }

    // MARK: - Several schedulers

    @Test("Two daemons and ten ticks on one state directory: every occurrence once")
    func contention() async throws {
        let sandbox = try await SandboxProcess.start(
            script: "remember: { payloads: 10000 }\ndefault: { latency: 30ms }")
        let binary = try BuiltBinary()
        var file = JobFileText(sandbox.url)
        let payload = "payload: \"{{ job.name }} {{ run.nominalTime }}\"\nrecord: { response: false }"
        file.jobs = (0..<3).map {
            ("job\($0)", "schedule: { every: 400ms, phase: \($0)00ms }\n\(payload)\noutput: \"-\"")
        }
        try binary.write(file.text, to: "job.yaml")
        let daemons = try (0..<2).map { _ in try binary.start(["schedule", "job.yaml"]) }
        let ticks = try await withThrowingTaskGroup(of: BuiltBinary.Result.self) { group in
            for _ in 0..<10 { group.addTask { try await binary.run(["tick", "job.yaml"]) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(ticks.allSatisfy { [0, 8].contains($0.status) }, "\(ticks.map(\.errors))")
        try await Polling.until("some runs") { try sandbox.statistics().invocations.executed >= 12 }
        var errors = ""
        for daemon in daemons {
            let result = await binary.stop(daemon)
            #expect(result.status == 0, "\(result.errors)")
            errors += result.errors
        }
        let lines = try await binary.history()
        for job in 0..<3 { #expect(lines.of("job\(job)").faults(every: 400_000) == []) }
        let seen = try sandbox.statistics()
        #expect(seen.invocations.maxInFlight <= 3, "runs of one job were beside each other")
        #expect(seen.payloads?.repeated == 0)
        #expect(seen.invocations.executed == lines.count(of: "ran succeeded"))
        // What had begun and not sent anything when a daemon was stopped is the next scheduler's.
        let calledOff = errors.split(separator: "\n").count { $0.contains("called off before anything was sent") }
        #expect(lines.count { $0.state == "claimed" } == calledOff, "\(errors)")
        #expect(!lines.contains { $0.result == "failed" }, "\(errors)")
    }

    @Test("A file in use by another daemon's run: the run fails and says so, the occurrence is accounted for")
    func lockedOutput() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { then: hang }")
        let binary = try BuiltBinary()
        let settings = "schedule: { at: \"\(TimeText.fromNow(-60))\" }\noutput: all.jsonl"
        try binary.write(JobFileText(sandbox.url, job: "one", settings).text, to: "one.yaml")
        try binary.write(JobFileText(sandbox.url, job: "two", settings).text, to: "two.yaml")
        let first = try binary.start(["tick", "one.yaml", "--since", "1h", "--shutdown-timeout", "100ms"])
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received == 1 }
        let second = try await binary.run(["tick", "two.yaml", "--since", "1h"])
        #expect(second.status == 7 && second.errors.contains("all.jsonl"), "\(second.errors)")
        #expect(await binary.stop(first).status == 143)
        let fates = try await binary.history().map { "\($0.job) \($0.fate)" }
        #expect(fates.sorted() == ["one ran failed", "two ran failed"])
    }

    // MARK: - The state directory

    @Test("A full disk: nothing is started, it says so, goes on when there is room, and nothing fires twice")
    func fullDisk() async throws {
        let sandbox = try await SandboxProcess.start(script: "remember: { payloads: 10000 }")
        let binary = try BuiltBinary()
        let file = JobFileText(
            sandbox.url, "schedule: { every: 300ms }\npayload: \"{{ run.nominalTime }}\"\noutput: \"-\"")
        try binary.write(file.text, to: "job.yaml")
        let daemon = try binary.start(["schedule", "job.yaml"])
        try await daemon.waitForEnds(2, of: "work")
        // No file grows beyond what the ledger's log has, which is far more than is on stderr and stdout.
        func limit(_ size: String) async throws {
            let result = try await Shell.run(
                "prlimit --pid \(daemon.processID) --fsize=\(size):unlimited", in: binary.folder)
            #expect(result.status == 0, "\(result.output)")
        }
        let log = binary.folder.appendingPathComponent(".fnrun/ledger.sqlite-wal").path
        let size = try #require(try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int)
        try await limit("\(size)")
        try await daemon.waitFor("nothing is started while the ledger cannot be written")
        #expect(daemon.errorsSoFar.contains(".fnrun/ledger.sqlite"))
        let before = try sandbox.statistics().invocations.executed
        daemon.signal(SIGUSR1)
        try await daemon.waitFor("1 job; since")
        #expect(try sandbox.statistics().invocations.executed == before)
        try await limit("unlimited")
        try await daemon.waitFor("the ledger can be written again")
        try await Polling.until("runs again") { try sandbox.statistics().invocations.executed >= before + 2 }
        let result = await binary.stop(daemon)
        #expect(result.status == 0, "\(result.errors)")
        let lines = try await binary.history()
        #expect(lines.of("work").faults(every: 300_000) == [])
        #expect(!lines.contains { $0.isGoing })
        #expect(try sandbox.statistics().payloads?.repeated == 0)
        #expect(try sandbox.statistics().invocations.executed == lines.count { $0.state == "ran" })
    }

    @Test("A tick that cannot write the ledger: 7, and nothing is sent", arguments: [1, 20_000])
    func fullTick(size: Int) async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let settings = "schedule: { at: \"\(TimeText.fromNow(-60))\" }"
        try binary.write(JobFileText(sandbox.url, settings).text, to: "job.yaml")
        let path = try BuiltBinary.url.path
        // Not into a file: the limit is on that one, too.
        let result = try await Shell.run(
            "set -o pipefail; timeout -s KILL 60 prlimit --fsize=\(size) '\(path)' tick job.yaml --since 1h 2>&1 | cat",
            in: binary.folder)
        #expect(result.status == 7, "\(result.output)")
        #expect(result.output.contains(".fnrun"), "\(result.output)")
        #expect(try sandbox.statistics().invocations.received == 0)
        // With room again it runs, once.
        for _ in 0..<2 {
            let next = try await binary.run(["tick", "job.yaml", "--since", "1h"])
            #expect(next.status == 0, "\(next.errors)")
        }
        #expect(try await binary.history().map(\.fate) == ["ran succeeded"])
        #expect(try sandbox.statistics().invocations.received == 1)
    }

    @Test("A state directory on a file system that is mounted read-only: 7, what and where, and nothing is sent")
    func readOnlyMount() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let settings = "schedule: { at: \"\(TimeText.fromNow(-60))\" }\noutput: \"-\""
        try binary.write(JobFileText(sandbox.url, settings).text, to: "job.yaml")
        try binary.write("", to: "state/.keep")
        let path = try BuiltBinary.url.path
        // In a name space of its own, so that nobody else sees the mount.
        func tick(_ mount: String) async throws -> (status: Int32, output: String) {
            let result = try await Shell.run(
                "unshare --map-root-user --mount sh -c '\(mount); exec timeout -s KILL 60 \"\(path)\" tick job.yaml "
                    + "--state state --since 1h' 2>&1", in: binary.folder)
            return (result.status, result.output)
        }
        let bind = "mount --bind state state && mount -o remount,bind,ro state"
        for _ in 0..<2 {
            let result = try await tick(bind)
            #expect(result.status == 7 && result.output.contains("state"), "\(result.output)")
            #expect(try sandbox.statistics().invocations.received == 0)
            // The second time there is a ledger.
            let other = JobFileText(sandbox.url, job: "other", "schedule: { at: \"\(TimeText.fromNow(-60))\" }")
            try binary.write(other.text, to: "other.yaml")
            #expect(try await binary.run(["tick", "other.yaml", "--state", "state"]).status == 0)
        }
        let result = try await tick("true")
        #expect(result.status == 0, "\(result.output)")
        #expect(try sandbox.statistics().invocations.received == 1)
    }

    @Test("A damaged ledger is moved aside and told; what is not known any more does not run a second time")
    func damaged() async throws {
        let sandbox = try await SandboxProcess.start()
        let binary = try BuiltBinary()
        let settings = "schedule: { at: \"\(TimeText.fromNow(-60))\" }"
        try binary.write(JobFileText(sandbox.url, settings).text, to: "job.yaml")
        #expect(try await binary.run(["tick", "job.yaml", "--since", "1h"]).status == 0)
        let garbage = String(repeating: "no database ", count: 1000)
        try binary.write(garbage, to: ".fnrun/ledger.sqlite")
        let result = try await binary.run(["tick", "job.yaml", "--since", "1h"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("ledger.sqlite was damaged"), "\(result.errors)")
        #expect(try await binary.history().isEmpty)
        #expect(try sandbox.statistics().invocations.received == 1)
        let aside = try FileManager.default.contentsOfDirectory(atPath: binary.folder.path + "/.fnrun")
            .filter { $0.hasPrefix("ledger.sqlite.corrupt-") }
        try #require(aside.count == 1)
        #expect(result.errors.contains(aside[0]))
        #expect(try binary.read(".fnrun/\(aside[0])") == garbage)
        #expect(try await binary.run(["tick", "job.yaml", "--since", "1h"]).errors.contains("damaged") == false)
    }
}
