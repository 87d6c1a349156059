import BinarySupport
import Foundation
import JSONText
import Testing

@Suite("Signals", .serialized)
struct SignalTests {
    struct Stop: Sendable, CustomTestStringConvertible {
        var signal: Int32
        var status: Int32
        var testDescription: String { "signal \(signal)" }
    }

    /// A run of many rows, under way.
    private struct Scene {
        var sandbox: SandboxProcess
        var binary: BuiltBinary
        var process: BuiltBinary.Running

        /// - Parameter started: how many invocations the sandbox has seen by then.
        static func start(script: String, settings: String, started: Int) async throws -> Scene {
            let sandbox = try await SandboxProcess.start(script: script)
            let binary = try BuiltBinary()
            try binary.writeRows(20_000)
            let process = try binary.start(
                binary.arguments(for: JobFileText(sandbox.url, "input: { file: rows.jsonl }\n\(settings)")))
            try await Polling.until("\(started) invocations") {
                try sandbox.statistics().invocations.received >= started
            }
            return Scene(sandbox: sandbox, binary: binary, process: process)
        }
    }

    @Test(
        "The first signal drains: every row that was read has one record, nothing in flight is lost",
        arguments: [Stop(signal: SIGTERM, status: 143), Stop(signal: SIGINT, status: 130)])
    func drain(stop: Stop) async throws {
        let scene = try await Scene.start(
            script: "default: { latency: 50ms, failures: { rate: 10%, as: [500, 901] } }",
            settings: "concurrency: 16", started: 50)
        scene.process.signal(stop.signal)
        let result = await scene.process.result()
        #expect(result.status == stop.status, "\(result.errors)")
        let records = try scene.binary.records()
        #expect(records.reconciles)
        #expect(records.isComplete == false)
        #expect(records.summary("unknown") == 0)
        #expect(records.summary("rows") < 20_000)
        #expect(records.summary("succeeded") > 0)
        #expect(try scene.sandbox.statistics().invocations.received == records.summary("attempts"))
    }

    @Test("Signals end a run whose stderr nobody reads")
    func fullPipe() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { then: hang }")
        let binary = try BuiltBinary()
        let file = JobFileText(sandbox.url)
        let words = [try BuiltBinary.url.path] + (try binary.arguments(for: file, []))
        let script = """
            import fcntl, json, os, signal, subprocess, sys, time, urllib.request
            reader, writer = os.pipe()
            size = fcntl.fcntl(writer, 1031, 4096)  # F_SETPIPE_SZ
            os.write(writer, b"." * size)
            run = subprocess.Popen(sys.argv[2:], stderr=writer)
            def received():
                return json.load(urllib.request.urlopen(sys.argv[1]))["invocations"]["received"]
            while received() == 0: time.sleep(0.01)
            run.send_signal(signal.SIGTERM)
            time.sleep(0.05)
            run.send_signal(signal.SIGTERM)
            sys.exit(run.wait(60))
            """
        try binary.write(script, to: "stuck.py")
        let quoted = (["\(sandbox.url)/__stats"] + words).map { "'\($0)'" }.joined(separator: " ")
        let result = try await Shell.run("python3 stuck.py \(quoted)", in: binary.folder)
        #expect(result.status == 143, "\(result.output)")
    }

    @Test("A second signal aborts: what is in flight is unknown, and the file is whole")
    func abort() async throws {
        let scene = try await Scene.start(
            script: "default: { then: hang }", settings: "concurrency: 8", started: 8)
        scene.process.signal(SIGTERM)
        try await Polling.until("the first signal's notice") { scene.process.errorsSoFar.contains("SIGTERM") }
        scene.process.signal(SIGTERM)
        let result = await scene.process.result()
        #expect(result.status == 143, "\(result.errors)")
        let records = try scene.binary.records()
        #expect(records.reconciles)
        #expect(records.summary("unknown") == 8)
        #expect(records.isComplete == false)
        #expect(try scene.sandbox.statistics().invocations.received == 8)
    }

    @Test("SIGUSR1 tells how far the run has come, and stops nothing")
    func snapshot() async throws {
        let scene = try await Scene.start(
            script: "default: { then: hang }", settings: "concurrency: 8", started: 8)
        scene.process.signal(SIGUSR1)
        try await Polling.until("a snapshot on stderr") { scene.process.errorsSoFar.contains("8 in flight") }
        #expect(scene.process.isRunning)
        #expect(try scene.binary.records().summaries.isEmpty)
        #expect(try scene.sandbox.statistics().invocations.received == 8)
    }

    @Test("--shutdown-timeout bounds the drain")
    func boundedDrain() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { then: hang }")
        let binary = try BuiltBinary()
        let process = try binary.start(
            binary.arguments(for: JobFileText(sandbox.url), ["--shutdown-timeout", "200ms"]))
        try await Polling.until("an invocation") { try sandbox.statistics().invocations.received == 1 }
        process.signal(SIGINT)
        let result = await process.result()
        #expect(result.status == 130, "\(result.errors)")
        #expect(try binary.records().outcomes == ["unknown"])
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("A signal while the platform is out of reach ends the wait; what was read is cancelled")
    func beforeAnything() async throws {
        let sandbox = try await SandboxProcess.start(script: "token: { then: 503 }")
        let binary = try BuiltBinary()
        try binary.writeRows(100)
        let process = try binary.start(
            binary.arguments(for: JobFileText(sandbox.url, "input: { file: rows.jsonl }")))
        try await Polling.until("a token request") { try sandbox.statistics().tokens.requested >= 1 }
        process.signal(SIGTERM)
        let result = await process.result()
        #expect(result.status == 143, "\(result.errors)")
        let records = try binary.records()
        #expect(records.reconciles && records.summary("cancelled") == records.summary("rows"))
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("A retry that waits when the signal comes ends with its last outcome")
    func waitingRetry() async throws {
        let sandbox = try await SandboxProcess.start(script: "default: { then: { status: 503, retryAfter: 60 } }")
        let binary = try BuiltBinary()
        let process = try binary.start(binary.arguments(for: JobFileText(sandbox.url)))
        try await Polling.until("an answer") { try sandbox.statistics().statuses["503"] == 1 }
        process.signal(SIGTERM)
        let result = await process.result()
        #expect(result.status == 143, "\(result.errors)")
        let records = try binary.records()
        #expect(records.outcomes == ["failed"] && records.errorClasses == ["platform"])
        #expect(records.reconciles)
        #expect(try sandbox.statistics().deviationCount == 0)
    }

    @Test("After kill -9 the file holds whole lines but for one torn one, and whatever was sent was announced")
    func kill() async throws {
        let scene = try await Scene.start(
            script: "default: { latency: 5ms }", settings: "concurrency: 32", started: 200)
        scene.process.signal(SIGKILL)
        let result = await scene.process.result()
        #expect(result.status == 128 + SIGKILL)
        let text = try scene.binary.read(BuiltBinary.resultName)
        let whole = text[...(text.lastIndex(of: "\n") ?? text.startIndex)]
        let records = try ResultLines(String(whole))
        #expect(records.types.first == "run" && records.summaries.isEmpty)
        let announced = records.windows.last?["upTo"]?.intValue ?? 0
        #expect(try scene.sandbox.statistics().invocations.received <= announced)
        #expect(Set(records.invocations.compactMap { $0["index"]?.intValue }).count == records.invocations.count)
        let next = try await scene.binary.run(
            scene.binary.arguments(
                for: JobFileText(scene.sandbox.url, "input: { file: rows.jsonl }"), ["--append", "--limit", "3"]))
        #expect(next.status == 0, "\(next.errors)")
        let both = try scene.binary.records()
        #expect(both.runs.count == 2 && both.summary("succeeded") == 3)
        #expect(both.invocations.count == records.invocations.count + 3)
    }
}
